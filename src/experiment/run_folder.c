/* Where a run goes when nobody says. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "recscope/base/file.h"
#include "recscope/base/text.h"
#include "recscope/experiment/run.h"
#include "recscope/models/model.h"

/* The last part of a path in letters, digits and dashes: "builtin:playground" gives "playground". */
static void short_name(char *out, size_t size, const char *source)
{
    char text[RS_CONF_TEXT_SIZE];
    rs_copy_string(text, sizeof text, source);
    for (size_t length = strlen(text); length > 1 && text[length - 1] == '/'; length--)
        text[length - 1] = '\0';
    const char *from = text;
    for (const char *p = text; *p; p++)
        if (*p == '/' || *p == ':')
            from = p + 1;
    size_t used = 0;
    for (; *from && used + 1 < size; from++)
        out[used++] = isalnum((unsigned char)*from) ? *from : '-';
    out[used] = '\0';
}

enum rs_status rs_run_folder_root(char *out, size_t size, struct rs_error *err)
{
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    bool by_data = data && data[0] == '/';
    if (!by_data && !(home && home[0] == '/'))
        return rs_fail(err, RS_USAGE, "neither XDG_DATA_HOME nor HOME names a folder for runs: --out FOLDER");
    int used = snprintf(out, size, "%s%s/recscope/runs", by_data ? data : home, by_data ? "" : "/.local/share");
    if (used < 0 || (size_t)used >= size)
        return rs_fail(err, RS_USAGE, "the path of the runs' folder is too long: --out FOLDER");
    return RS_OK;
}

enum rs_status rs_run_folder_make(char *out, size_t size, const struct rs_settings *settings, struct rs_error *err)
{
    char root[RS_PATH_SIZE];
    enum rs_status status = rs_run_folder_root(root, sizeof root, err);
    if (status == RS_OK)
        status = rs_folder_make(root, err);
    if (status != RS_OK)
        return status;

    char stamp[32];
    char name[64];
    time_t now = time(NULL);
    struct tm local;
    if (!localtime_r(&now, &local) || strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &local) == 0)
        rs_copy_string(stamp, sizeof stamp, "run");
    short_name(name, sizeof name, rs_string(settings, &rs_row_source));
    for (int attempt = 1; attempt < 1000; attempt++) {
        char again[8] = "";
        if (attempt > 1)
            snprintf(again, sizeof again, "-%d", attempt);
        int used = snprintf(out, size, "%s/%s-%s-%s%s", root, stamp, rs_string(settings, &rs_row_model), name, again);
        if (used < 0 || (size_t)used >= size)
            return rs_fail(err, RS_USAGE, "the path of the runs' folder is too long: --out FOLDER");
        if (mkdir(out, 0777) == 0) /* of two that try at once one is refused */
            return RS_OK;
        if (errno != EEXIST)
            return rs_fail(err, RS_IO, "%s: the folder cannot be made: %s", out, strerror(errno));
    }
    return rs_fail(err, RS_IO, "%s: a thousand runs have this name: --out FOLDER", out);
}
