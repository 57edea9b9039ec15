/* What a person does with a run: tag and note, a look at its test error, deletion. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provenance.h"
#include "recscope/base/memory.h"
#include "recscope/base/text.h"
#include "recscope/experiment/preset.h"
#include "recscope/experiment/stored_run.h"
#include "run_files.h"

#define KEY_TAG         "tag"
#define KEY_NOTE        "note"
#define KEY_TEST_OPENED "test_opened"

/* ---- label ------------------------------------------------------------------------------------------------------- */

static enum rs_status take_pair(void *context, const char *section, const char *key, const char *value,
                                struct rs_error *err)
{
    struct rs_run_label *label = context;
    if (strcmp(section, RS_SECTION_LABEL) != 0)
        return RS_OK;
    if (strcmp(key, KEY_TAG) == 0)
        rs_copy_string(label->tag, sizeof label->tag, value);
    else if (strcmp(key, KEY_NOTE) == 0)
        rs_copy_string(label->note, sizeof label->note, value);
    else if (strcmp(key, KEY_TEST_OPENED) == 0 && !rs_parse_integer(value, 0, INT64_MAX, &label->test_opened))
        return rs_fail(err, RS_PRESET, "[%s] %s = %.60s: not a count: a whole number", section, key, value);
    return RS_OK;
}

enum rs_status rs_run_label_read(struct rs_run_label *out, const char *folder, struct rs_error *err)
{
    *out = (struct rs_run_label){0};
    char path[RS_PATH_SIZE];
    struct rs_settings *none;
    struct rs_preset_visitor visitor = {.context = out, .pair = take_pair};
    enum rs_status status = rs_path_join(path, sizeof path, folder, RS_RUN_LABEL, err);
    if (status != RS_OK || access(path, F_OK) != 0)
        return status;
    status = rs_alloc(&none, 1, sizeof *none, err);
    if (status == RS_OK)
        status = rs_preset_visit(none, path, &visitor, err);
    rs_free(none);
    return status;
}

enum rs_status rs_run_label_write(const struct rs_run_label *label, const char *folder, struct rs_error *err)
{
    char path[RS_PATH_SIZE];
    struct rs_text text = {0};
    enum rs_status status = rs_path_join(path, sizeof path, folder, RS_RUN_LABEL, err);
    if (status == RS_OK)
        status = rs_text_add(&text, err, "[" RS_SECTION_LABEL "]\n");
    if (status == RS_OK && label->tag[0])
        status = rs_record_pair(&text, KEY_TAG, label->tag, err);
    if (status == RS_OK && label->note[0])
        status = rs_record_pair(&text, KEY_NOTE, label->note, err);
    if (status == RS_OK)
        status = rs_text_add(&text, err, KEY_TEST_OPENED " = %" PRId64 "\n", label->test_opened);
    if (status == RS_OK)
        status = rs_file_write(path, text.data, text.length, err);
    rs_text_free(&text);
    return status;
}

enum rs_status rs_run_test_opened(const char *folder, struct rs_error *err)
{
    struct rs_run_label label;
    enum rs_status status = rs_run_label_read(&label, folder, err);
    label.test_opened++;
    return status == RS_OK ? rs_run_label_write(&label, folder, err) : status;
}

/* ---- deletion ---------------------------------------------------------------------------------------------------- */

static bool is_ours(const char *name)
{
    static const char *const names[] = RS_RUN_FILES;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static enum rs_status check_entry(int at, const char *folder, const char *name, struct rs_error *err)
{
    struct stat about;
    if (!is_ours(name))
        return rs_fail(err, RS_USAGE, "%s: not deleted: %.100s in it is no file of a run", folder, name);
    if (fstatat(at, name, &about, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(about.st_mode))
        return rs_fail(err, RS_USAGE, "%s: not deleted: %s in it is no plain file", folder, name);
    return RS_OK;
}

/* Every entry is a run's own file, and run.ini is among them. */
static enum rs_status check_folder(int at, const char *folder, struct rs_error *err)
{
    bool is_run = false;
    DIR *entries = opendir(folder);
    if (!entries)
        return rs_fail(err, RS_IO, "%s: %s", folder, strerror(errno));
    enum rs_status status = RS_OK;
    for (struct dirent *entry = readdir(entries); entry && status == RS_OK; entry = readdir(entries)) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        is_run = is_run || strcmp(entry->d_name, RS_RUN_INI) == 0;
        status = check_entry(at, folder, entry->d_name, err);
    }
    closedir(entries);
    if (status == RS_OK && !is_run)
        status = rs_fail(err, RS_USAGE, "%s: not deleted: there is no " RS_RUN_INI " in it, it is no run", folder);
    return status;
}

/* The writer of a run holds a lock on its log. */
static bool is_being_written(int at)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int log = openat(at, RS_RUN_LOG, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (log < 0)
        return false;
    bool locked = fcntl(log, F_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
    close(log);
    return locked;
}

enum rs_status rs_run_delete(const char *folder, struct rs_error *err)
{
    static const char *const names[] = RS_RUN_FILES;
    int at = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (at < 0)
        return rs_fail(err, RS_USAGE, "%s: not deleted: this is no folder of its own: %s", folder, strerror(errno));
    enum rs_status status = check_folder(at, folder, err);
    if (status == RS_OK && is_being_written(at))
        status = rs_fail(err, RS_USAGE, "%s: not deleted: another program is writing this run", folder);
    for (size_t i = sizeof names / sizeof *names; i-- > 0 && status == RS_OK;) /* run.ini last: a rest is still a run */
        if (unlinkat(at, names[i], 0) != 0 && errno != ENOENT)
            status = rs_fail(err, RS_IO, "%s/%s: cannot be deleted: %s", folder, names[i], strerror(errno));
    close(at);
    if (status == RS_OK && rmdir(folder) != 0)
        status = rs_fail(err, RS_IO, "%s: cannot be deleted: %s", folder, strerror(errno));
    return status;
}
