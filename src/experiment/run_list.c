#include "recscope/experiment/run_list.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>

#include "recscope/base/memory.h"
#include "recscope/base/text.h"
#include "recscope/experiment/preset.h"
#include "recscope/experiment/run.h"
#include "recscope/models/model.h"
#include "recscope/train/rows.h"
#include "run_files.h"
#include "run_filter.h"

#define STAMPED 4

struct rs_run_stamp {
    struct timespec time[STAMPED];
    off_t size[STAMPED];
    bool seen; /* by the present refresh */
};

enum rs_status rs_run_list_open(struct rs_run_list *list, const char *folder, struct rs_error *err)
{
    *list = (struct rs_run_list){0};
    if (!folder)
        return rs_run_folder_root(list->folder, sizeof list->folder, err);
    if (!rs_copy_string(list->folder, sizeof list->folder, folder))
        return rs_fail(err, RS_IO, "%.200s...: the path is longer than %d bytes", folder, RS_PATH_SIZE - 1);
    return RS_OK;
}

static void drop(struct rs_run_list *list, size_t at)
{
    rs_stored_run_free(list->run[at]);
    rs_free(list->run[at]);
    list->count--;
    list->run[at] = list->run[list->count];
    list->stamp[at] = list->stamp[list->count];
}

void rs_run_list_free(struct rs_run_list *list)
{
    while (list->count > 0)
        drop(list, list->count - 1);
    rs_free(list->run);
    rs_free(list->stamp);
    rs_free(list->shown);
    *list = (struct rs_run_list){0};
}

/* ---- reading what changed ---------------------------------------------------------------------------------------- */

/* false: no folder of a run. */
static bool take_stamp(struct rs_run_stamp *out, const char *folder)
{
    static const char *const names[STAMPED] = {RS_RUN_INI, RS_RUN_EPOCHS, RS_RUN_CHANGES, RS_RUN_LABEL};
    *out = (struct rs_run_stamp){0};
    for (size_t i = 0; i < STAMPED; i++) {
        char path[RS_PATH_SIZE];
        struct stat about;
        if (rs_path_join(path, sizeof path, folder, names[i], NULL) == RS_OK && stat(path, &about) == 0) {
            out->time[i] = about.st_mtim;
            out->size[i] = about.st_size;
        } else if (i == 0) {
            return false;
        }
    }
    return true;
}

static bool same_stamp(const struct rs_run_stamp *a, const struct rs_run_stamp *b)
{
    for (size_t i = 0; i < STAMPED; i++)
        if (a->time[i].tv_sec != b->time[i].tv_sec || a->time[i].tv_nsec != b->time[i].tv_nsec ||
            a->size[i] != b->size[i])
            return false;
    return true;
}

static enum rs_status make_room(struct rs_run_list *list, struct rs_error *err)
{
    if (list->count < list->room)
        return RS_OK;
    size_t room = list->room ? 2 * list->room : 32;
    enum rs_status status = rs_grow(&list->run, list->count, room, sizeof *list->run, err);
    if (status == RS_OK)
        status = rs_grow(&list->stamp, list->count, room, sizeof *list->stamp, err);
    if (status == RS_OK)
        list->room = room;
    return status;
}

static enum rs_status read_run(struct rs_run_list *list, size_t at, const char *folder,
                               const struct rs_run_stamp *stamp, struct rs_error *err)
{
    struct rs_stored_run *run = at < list->count ? list->run[at] : NULL;
    enum rs_status status = run ? RS_OK : make_room(list, err);
    if (status == RS_OK && !run)
        status = rs_alloc(&run, 1, sizeof *run, err);
    if (status != RS_OK)
        return status;
    if (at == list->count)
        list->run[list->count++] = run;
    else
        rs_stored_run_free(run);
    list->stamp[at] = *stamp;
    list->stamp[at].seen = true;
    return rs_stored_run_read(run, folder, err);
}

static enum rs_status look_at(struct rs_run_list *list, const char *name, bool *changed, struct rs_error *err)
{
    char folder[RS_PATH_SIZE];
    struct rs_run_stamp stamp;
    enum rs_status status = rs_path_join(folder, sizeof folder, list->folder, name, err);
    if (status != RS_OK || !take_stamp(&stamp, folder))
        return status;
    size_t at = 0;
    while (at < list->count && strcmp(list->run[at]->folder, folder) != 0)
        at++;
    if (at < list->count && same_stamp(&list->stamp[at], &stamp)) {
        list->stamp[at].seen = true;
        return RS_OK;
    }
    *changed = true;
    return read_run(list, at, folder, &stamp, err);
}

enum rs_status rs_run_list_refresh(struct rs_run_list *list, bool *changed, struct rs_error *err)
{
    *changed = false;
    for (size_t i = 0; i < list->count; i++)
        list->stamp[i].seen = false;
    DIR *entries = opendir(list->folder);
    if (!entries && errno != ENOENT)
        return rs_fail(err, RS_IO, "%s: the runs cannot be listed: %s", list->folder, strerror(errno));
    enum rs_status status = RS_OK;
    for (struct dirent *entry = entries ? readdir(entries) : NULL; entry && status == RS_OK; entry = readdir(entries))
        if (entry->d_name[0] != '.')
            status = look_at(list, entry->d_name, changed, err);
    if (entries)
        closedir(entries);
    for (size_t i = list->count; i-- > 0 && status == RS_OK;)
        if (!list->stamp[i].seen) {
            drop(list, i);
            *changed = true;
        }
    if (*changed)
        list->shown_count = 0;
    return status;
}

/* ---- order ------------------------------------------------------------------------------------------------------- */

struct order {
    const struct rs_run_key *key;
    int sign;
};

static int compare_numbers(double a, double b, int sign)
{
    if (isnan(a) || isnan(b))
        return isnan(a) - isnan(b);
    return sign * ((a > b) - (a < b));
}

static int compare_texts(const char *a, const char *b, int sign)
{
    if (!*a || !*b)
        return !*a - !*b;
    int order = strcasecmp(a, b);
    return order < 0 ? -sign : order > 0 ? sign : 0;
}

static bool stands_before(const struct rs_stored_run *a, const struct rs_stored_run *b, const struct order *order)
{
    int found = rs_run_key_is_number(order->key)
                    ? compare_numbers(rs_run_number(a, order->key), rs_run_number(b, order->key), order->sign)
                    : compare_texts(rs_run_text(a, order->key), rs_run_text(b, order->key), order->sign);
    return found < 0 || (found == 0 && strcmp(a->name, b->name) < 0);
}

/* Heap sort: qsort has no context, and a list of thousands is sorted while one types. */
static void sift(struct rs_stored_run **run, size_t at, size_t count, const struct order *order)
{
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= count)
            return;
        if (child + 1 < count && stands_before(run[child], run[child + 1], order))
            child++;
        if (!stands_before(run[at], run[child], order))
            return;
        struct rs_stored_run *kept = run[at];
        run[at] = run[child];
        run[child] = kept;
        at = child;
    }
}

static void sort(struct rs_stored_run **run, size_t count, const struct order *order)
{
    for (size_t i = count / 2; i-- > 0;)
        sift(run, i, count, order);
    for (size_t end = count; end-- > 1;) {
        struct rs_stored_run *last = run[end];
        run[end] = run[0];
        run[0] = last;
        sift(run, 0, end, order);
    }
}

enum rs_status rs_run_list_show(struct rs_run_list *list, const char *filter, const struct rs_run_key *key,
                                bool inverted, struct rs_error *err)
{
    struct rs_run_filter parsed;
    struct rs_stored_run **shown;
    size_t count = 0;
    enum rs_status status = rs_run_filter_parse(&parsed, filter, err);
    if (status == RS_OK)
        status = rs_alloc(&shown, list->count, sizeof *shown, err);
    if (status != RS_OK)
        return status;
    for (size_t i = 0; i < list->count; i++)
        if (rs_run_filter_passes(&parsed, list->run[i]))
            shown[count++] = list->run[i];
    sort(shown, count, &(struct order){.key = key, .sign = inverted ? -1 : 1});
    rs_free(list->shown);
    list->shown = shown;
    list->shown_count = count;
    return RS_OK;
}

/* ---- comparing --------------------------------------------------------------------------------------------------- */

/* A setting that has no meaning in one of the runs is told by the model. */
void rs_run_list_differing(const struct rs_run_list *list, bool differs[RS_CONF_ROWS_MAX])
{
    for (size_t row = 0; rs_all_rows[row]; row++) {
        const char *first = NULL;
        differs[row] = false;
        if (rs_row_describes(rs_all_rows[row]) || rs_all_rows[row] == &rs_row_model ||
            rs_all_rows[row] == &rs_row_threads)
            continue;
        for (size_t i = 0; i < list->shown_count && !differs[row]; i++) {
            const char *here = list->shown[i]->value ? list->shown[i]->value[row] : NULL;
            differs[row] = first && here && strcmp(first, here) != 0;
            first = here ? here : first;
        }
    }
}

static bool has_data(const struct rs_stored_run *run, const char *data_hash, const char *split_hash)
{
    return run->data_hash[0] && strcmp(run->data_hash, data_hash) == 0 && strcmp(run->split_hash, split_hash) == 0;
}

bool rs_runs_same_data(const struct rs_stored_run *a, const struct rs_stored_run *b)
{
    return has_data(a, b->data_hash, b->split_hash);
}

int64_t rs_run_list_test_opened(const struct rs_run_list *list, const char *data_hash, const char *split_hash)
{
    int64_t times = 0;
    for (size_t i = 0; i < list->count; i++)
        if (has_data(list->run[i], data_hash, split_hash))
            times += list->run[i]->label.test_opened;
    return times;
}

static bool is_less(const char *a, const char *b)
{
    double x;
    double y;
    if (rs_parse_number(a, &x) && rs_parse_number(b, &y))
        return x < y;
    return strcmp(a, b) < 0;
}

/* Keep them ascending. */
static size_t add_value(struct rs_tried_value *out, size_t count, size_t most, const char *text, double best)
{
    size_t at = 0;
    while (at < count && is_less(out[at].text, text))
        at++;
    if (at < count && strcmp(out[at].text, text) == 0) {
        out[at].best = fmin(out[at].best, best);
        out[at].runs++;
        return count;
    }
    if (count == most)
        return count;
    memmove(&out[at + 1], &out[at], (count - at) * sizeof *out);
    out[at] = (struct rs_tried_value){.best = best, .runs = 1};
    rs_copy_string(out[at].text, sizeof out[at].text, text);
    return count + 1;
}

static bool is_of(const struct rs_stored_run *run, const char *model)
{
    const char *name = model ? rs_stored_run_value(run, &rs_row_model) : NULL;
    return !model || (name && strcmp(name, model) == 0);
}

size_t rs_tried_values(const struct rs_run_list *list, const char *data_hash, const char *split_hash, const char *model,
                       const struct rs_conf_row *row, struct rs_tried_value *out, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct rs_stored_run *run = list->run[i];
        const char *text = run->changes == 0 ? rs_stored_run_value(run, row) : NULL;
        if (text && strlen(text) < sizeof out->text && !isnan(run->best_eval) && has_data(run, data_hash, split_hash) &&
            is_of(run, model))
            count = add_value(out, count, most, text, run->best_eval);
    }
    return count;
}
