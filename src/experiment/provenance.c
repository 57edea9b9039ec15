#include "provenance.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "recscope/base/file.h"
#include "recscope/base/memory.h"
#include "recscope/base/pool.h"
#include "recscope/experiment/preset.h"
#include "recscope/experiment/version.h"
#include "recscope/linalg/dense.h"
#include "recscope/linalg/kernels.h"

#ifndef RS_VERSION
#define RS_VERSION "unknown"
#endif
#ifndef RS_COMMIT
#define RS_COMMIT "unknown"
#endif

const char *rs_version(void)
{
    return RS_VERSION;
}

const char *rs_commit(void)
{
    return RS_COMMIT;
}

const char *rs_provenance_name(enum rs_provenance_key key)
{
    static const char *const names[] = {
#define RS_PROVENANCE_NAME(id, name) name,
        RS_PROVENANCE_MAP(RS_PROVENANCE_NAME)
#undef RS_PROVENANCE_NAME
    };
    return names[key];
}

/* The processor's name as Linux gives it; empty elsewhere. */
static void cpu_name(char *out, size_t size)
{
    char *text = NULL;
    size_t length = 0;
    out[0] = '\0';
    if (rs_file_read("/proc/cpuinfo", &text, &length, NULL) != RS_OK)
        return;
    const char *at = strstr(text, "model name");
    at = at ? strchr(at, ':') : NULL;
    if (at) {
        at += 1 + strspn(at + 1, " \t");
        snprintf(out, size, "%.*s", (int)strcspn(at, "\n"), at);
    }
    rs_free(text);
}

static void set(struct rs_provenance *provenance, enum rs_provenance_key key, const char *value)
{
    rs_copy_string(provenance->value[key], sizeof provenance->value[key], value);
}

void rs_provenance_now(struct rs_provenance *out, const struct rs_dataset *dataset)
{
    *out = (struct rs_provenance){0};
    time_t now = time(NULL);
    struct tm utc;
    if (gmtime_r(&now, &utc))
        strftime(out->value[RS_PROVENANCE_DATE], RS_PROVENANCE_SIZE, "%Y-%m-%dT%H:%M:%SZ", &utc);
    set(out, RS_PROVENANCE_VERSION, rs_version());
    set(out, RS_PROVENANCE_COMMIT, rs_commit());
    set(out, RS_PROVENANCE_DATA, dataset->ratings.name);
    set(out, RS_PROVENANCE_FORMAT, dataset->ratings.format);
    snprintf(out->value[RS_PROVENANCE_RATINGS], RS_PROVENANCE_SIZE, "%" PRIu64, dataset->ratings.count);
    set(out, RS_PROVENANCE_DATA_HASH, dataset->ratings.hash);
    set(out, RS_PROVENANCE_SPLIT_HASH, dataset->split_hash);
    set(out, RS_PROVENANCE_INSTRUCTION_SET, rs_kernels_best()->name);
    set(out, RS_PROVENANCE_BLAS, rs_blas_build());
    set(out, RS_PROVENANCE_BLAS_KERNEL, rs_blas_kernel());
    cpu_name(out->value[RS_PROVENANCE_CPU], RS_PROVENANCE_SIZE);
    snprintf(out->value[RS_PROVENANCE_PROCESSORS], RS_PROVENANCE_SIZE, "%zu", rs_processors());
}

void rs_provenance_take(struct rs_provenance *provenance, const char *key, const char *value)
{
    for (int i = 0; i < RS_PROVENANCE_KEYS; i++)
        if (strcmp(rs_provenance_name((enum rs_provenance_key)i), key) == 0)
            set(provenance, (enum rs_provenance_key)i, value);
}

bool rs_provenance_same_machine(const struct rs_provenance *a, const struct rs_provenance *b)
{
    static const enum rs_provenance_key machine[] = {RS_PROVENANCE_INSTRUCTION_SET, RS_PROVENANCE_BLAS,
                                                     RS_PROVENANCE_BLAS_KERNEL, RS_PROVENANCE_CPU};
    bool same = true;
    for (size_t i = 0; i < sizeof machine / sizeof *machine; i++)
        same = same && strcmp(a->value[machine[i]], b->value[machine[i]]) == 0;
    return same;
}

enum rs_status rs_record_pair(struct rs_text *out, const char *key, const char *value, struct rs_error *err)
{
    char line[RS_PROVENANCE_SIZE];
    rs_copy_string(line, sizeof line, value);
    size_t length = strlen(line);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7F || line[i] == ';')
            line[i] = ',';
    while (length > 0 && (line[length - 1] == ' ' || !rs_is_utf8(line, length)))
        line[--length] = '\0';
    return rs_text_add(out, err, "%s =%s%s\n", key, length ? " " : "", line + strspn(line, " "));
}

enum rs_status rs_provenance_format(struct rs_text *out, const struct rs_provenance *provenance, struct rs_error *err)
{
    enum rs_status status = rs_text_add(out, err, "\n[" RS_SECTION_PROVENANCE "]\n");
    for (int i = 0; i < RS_PROVENANCE_KEYS && status == RS_OK; i++)
        status = rs_record_pair(out, rs_provenance_name((enum rs_provenance_key)i), provenance->value[i], err);
    return status;
}
