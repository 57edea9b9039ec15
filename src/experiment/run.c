/* The writer of a run folder: an observer of training. */
#include "recscope/experiment/run.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "provenance.h"
#include "recscope/base/file.h"
#include "recscope/base/memory.h"
#include "recscope/experiment/columns.h"
#include "recscope/experiment/preset.h"
#include "run_files.h"
#include "thinning.h"
#include "weights_file.h"

struct rs_run_writer {
    char folder[RS_PATH_SIZE]; /* "" until a new one is made at the start */
    bool started;
    char parent[RS_PATH_SIZE]; /* the name of its folder; "": this run is no fork */
    uint64_t parent_epoch;
    struct rs_text ini; /* run.ini as written at the start */
    FILE *epochs, *changes, *log;
    struct rs_thinning steps;
    size_t steps_written;      /* rows of steps that stand in the file */
    uint64_t steps_generation; /* of those rows */
    uint64_t step;             /* steps so far */
};

static bool folder_is_empty(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder)
        return false;
    bool empty = true;
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            empty = false;
    closedir(folder);
    return empty;
}

/* Whether a run may be written there. */
static enum rs_status check_folder(const char *folder, bool overwrite, struct rs_error *err)
{
    if (folder[0] == '\0' || strlen(folder) >= RS_PATH_SIZE)
        return rs_fail(err, RS_USAGE, "the run folder's path has 1 to %d bytes", RS_PATH_SIZE - 1);
    if (!rs_is_folder(folder) && access(folder, F_OK) == 0)
        return rs_fail(err, RS_USAGE, "%s: this is a file: a folder for the run", folder);
    if (rs_is_folder(folder) && !overwrite && !folder_is_empty(folder))
        return rs_fail(err, RS_USAGE, "%s: the folder is not empty: another one, or --overwrite", folder);
    return RS_OK;
}

enum rs_status rs_run_writer_create(struct rs_run_writer **out, const char *folder, bool overwrite,
                                    struct rs_error *err)
{
    *out = NULL;
    char root[RS_PATH_SIZE];
    struct rs_run_writer *writer;
    enum rs_status status = folder ? check_folder(folder, overwrite, err) : rs_run_folder_root(root, sizeof root, err);
    if (status == RS_OK)
        status = rs_alloc(&writer, 1, sizeof *writer, err);
    if (status != RS_OK)
        return status;
    rs_copy_string(writer->folder, sizeof writer->folder, folder ? folder : "");
    rs_thinning_start(&writer->steps, RS_STEPS_MOST);
    *out = writer;
    return RS_OK;
}

const char *rs_run_writer_folder(const struct rs_run_writer *writer)
{
    return writer->folder;
}

void rs_run_writer_forked(struct rs_run_writer *writer, const char *parent, uint64_t epoch)
{
    size_t end = strlen(parent);
    while (end > 1 && parent[end - 1] == '/')
        end--;
    size_t begin = end;
    while (begin > 0 && parent[begin - 1] != '/')
        begin--;
    snprintf(writer->parent, sizeof writer->parent, "%.*s", (int)(end - begin), parent + begin);
    writer->parent_epoch = epoch;
}

static void close_file(FILE **file)
{
    if (*file)
        fclose(*file); /* every line was flushed and checked when it was written */
    *file = NULL;
}

void rs_run_writer_free(struct rs_run_writer *writer)
{
    if (!writer)
        return;
    close_file(&writer->epochs);
    close_file(&writer->changes);
    close_file(&writer->log);
    rs_thinning_free(&writer->steps);
    rs_text_free(&writer->ini);
    rs_free(writer);
}

/* ---- files --------------------------------------------------------------------------------------------------------
 */

static enum rs_status open_file(FILE **out, const struct rs_run_writer *writer, const char *name, const char *mode,
                                struct rs_error *err)
{
    char path[RS_PATH_SIZE];
    enum rs_status status = rs_path_join(path, sizeof path, writer->folder, name, err);
    if (status != RS_OK)
        return status;
    *out = fopen(path, mode);
    return *out ? RS_OK : rs_fail(err, RS_IO, "%s: cannot be written: %s", path, strerror(errno));
}

static enum rs_status replace_file(const struct rs_run_writer *writer, const char *name, const struct rs_text *text,
                                   struct rs_error *err)
{
    char path[RS_PATH_SIZE];
    enum rs_status status = rs_path_join(path, sizeof path, writer->folder, name, err);
    return status == RS_OK ? rs_file_write(path, text->data, text->length, err) : status;
}

/* Append and flush, so that a crash loses nothing that was told. */
static enum rs_status append(const struct rs_run_writer *writer, FILE *file, const struct rs_text *text,
                             struct rs_error *err)
{
    if (fwrite(text->data, 1, text->length, file) != text->length || fflush(file) != 0)
        return rs_fail(err, RS_IO, "%s: cannot be written: %s", writer->folder, strerror(errno));
    return RS_OK;
}

static enum rs_status say(const struct rs_run_writer *writer, struct rs_error *err, const char *format, ...)
    RS_FORMAT(3, 4);
static enum rs_status say(const struct rs_run_writer *writer, struct rs_error *err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int written = vfprintf(writer->log, format, arguments);
    va_end(arguments);
    if (written < 0 || fflush(writer->log) != 0)
        return rs_fail(err, RS_IO, "%s: cannot be written: %s", writer->folder, strerror(errno));
    return RS_OK;
}

/* ---- steps.csv ----------------------------------------------------------------------------------------------------
 */

static enum rs_status format_steps(struct rs_text *out, const struct rs_thinning *steps, size_t from,
                                   struct rs_error *err)
{
    enum rs_status status = from == 0 ? rs_text_add(out, err, "step,epoch,loss\n") : RS_OK;
    for (size_t i = from; i < steps->count && status == RS_OK; i++) {
        char loss[RS_NUMBER_SIZE];
        rs_format_number(loss, steps->row[i].loss);
        status = rs_text_add(out, err, "%" PRIu64 ",%" PRIu64 ",%s\n", steps->row[i].step, steps->row[i].epoch, loss);
    }
    return status;
}

/* Bring steps.csv up to date: append the new rows, or replace the file when older ones were thinned. */
static enum rs_status write_steps(struct rs_run_writer *writer, struct rs_error *err)
{
    struct rs_text text = {0};
    bool anew = writer->steps_written == 0 || writer->steps_generation != writer->steps.generation;
    enum rs_status status = format_steps(&text, &writer->steps, anew ? 0 : writer->steps_written, err);
    if (status == RS_OK && anew) {
        status = replace_file(writer, RS_RUN_STEPS, &text, err);
    } else if (status == RS_OK && text.length > 0) {
        FILE *file = NULL;
        status = open_file(&file, writer, RS_RUN_STEPS, "a", err);
        if (status == RS_OK)
            status = append(writer, file, &text, err);
        close_file(&file);
    }
    writer->steps_written = writer->steps.count;
    writer->steps_generation = writer->steps.generation;
    rs_text_free(&text);
    return status;
}

/* ---- what training tells ------------------------------------------------------------------------------------------
 */

/* A folder that is written over keeps nothing of the run before. */
static enum rs_status clear_folder(const struct rs_run_writer *writer, struct rs_error *err)
{
    static const char *const names[] = RS_RUN_FILES;
    enum rs_status status = rs_folder_make(writer->folder, err);
    for (size_t i = 0; i < sizeof names / sizeof *names && status == RS_OK; i++) {
        char path[RS_PATH_SIZE];
        status = rs_path_join(path, sizeof path, writer->folder, names[i], err);
        if (status == RS_OK && unlink(path) != 0 && errno != ENOENT)
            status = rs_fail(err, RS_IO, "%s: cannot be replaced: %s", path, strerror(errno));
    }
    return status;
}

/* Another process can tell that the run is being written, and leaves it alone; where a file system knows no locks, it
 * cannot. */
static void lock(FILE *file)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    (void)fcntl(fileno(file), F_SETLK, &whole);
}

static enum rs_status open_tables(struct rs_run_writer *writer, struct rs_error *err)
{
    struct rs_text header = {0};
    enum rs_status status = open_file(&writer->epochs, writer, RS_RUN_EPOCHS, "w", err);
    if (status == RS_OK)
        status = open_file(&writer->changes, writer, RS_RUN_CHANGES, "w", err);
    if (status == RS_OK)
        status = open_file(&writer->log, writer, RS_RUN_LOG, "w", err);
    if (status == RS_OK)
        lock(writer->log);
    if (status == RS_OK)
        status = rs_epoch_csv_header(&header, err);
    if (status == RS_OK)
        status = append(writer, writer->epochs, &header, err);
    header.length = 0;
    if (status == RS_OK)
        status = rs_text_add(&header, err, "step,key,value\n");
    if (status == RS_OK)
        status = append(writer, writer->changes, &header, err);
    rs_text_free(&header);
    return status;
}

/* run.ini as it is until the end. */
static enum rs_status format_start(struct rs_run_writer *writer, const struct rs_settings *settings,
                                   const struct rs_provenance *provenance, struct rs_error *err)
{
    enum rs_status status = rs_preset_format_full(&writer->ini, settings, err);
    if (status == RS_OK)
        status = rs_provenance_format(&writer->ini, provenance, err);
    if (status != RS_OK || writer->parent[0] == '\0')
        return status;
    status = rs_text_add(&writer->ini, err, "\n[" RS_SECTION_FORK "]\n");
    if (status == RS_OK)
        status = rs_record_pair(&writer->ini, RS_FORK_RUN, writer->parent, err);
    return status == RS_OK ? rs_text_add(&writer->ini, err, RS_FORK_EPOCH " = %" PRIu64 "\n", writer->parent_epoch)
                           : status;
}

static enum rs_status on_start(void *context, const struct rs_start_record *record, struct rs_error *err)
{
    struct rs_run_writer *writer = context;
    if (writer->started) /* another phase of the same run */
        return say(writer, err, "%s: %" PRIu64 " ratings to train on\n", rs_phase_name(record->phase), record->train);
    struct rs_provenance provenance;
    rs_provenance_now(&provenance, record->dataset);
    enum rs_status status = format_start(writer, record->settings, &provenance, err);
    if (status == RS_OK && writer->folder[0] == '\0')
        status = rs_run_folder_make(writer->folder, sizeof writer->folder, record->settings, err);
    if (status == RS_OK)
        status = clear_folder(writer, err);
    if (status == RS_OK)
        status = replace_file(writer, RS_RUN_INI, &writer->ini, err);
    if (status == RS_OK)
        status = open_tables(writer, err);
    if (status == RS_OK)
        status = write_steps(writer, err);
    if (status == RS_OK)
        status = say(writer, err,
                     "started %s on %s: %" PRIu64 " weights, ratings: train %" PRIu64 ", eval %" PRIu64
                     ", test %" PRIu64 "\nbaselines: mean %.6f, user mean + item mean %.6f\n",
                     provenance.value[RS_PROVENANCE_DATE], record->dataset->ratings.name, record->parameters,
                     record->train, record->eval, record->test, record->baseline_mean, record->baseline_user_item);
    if (status == RS_OK && writer->parent[0])
        status = say(writer, err,
                     "forked from %s at the end of epoch %" PRIu64
                     ": epochs and changes until there are told again, " RS_RUN_STEPS " begins behind it\n",
                     writer->parent, writer->parent_epoch);
    writer->started = status == RS_OK;
    return status;
}

static enum rs_status on_batch(void *context, const struct rs_batch_record *record, struct rs_error *err)
{
    struct rs_run_writer *writer = context;
    writer->step = record->step;
    return rs_thinning_add(&writer->steps, &(struct rs_step_row){record->step, record->epoch, record->loss}, err);
}

static enum rs_status on_epoch(void *context, const struct rs_epoch_record *record, struct rs_error *err)
{
    struct rs_run_writer *writer = context;
    struct rs_text row = {0};
    if (record->step > writer->step) /* of a fork's past there are no batches */
        writer->step = record->step;
    enum rs_status status = rs_epoch_csv(&row, record, err);
    if (status == RS_OK)
        status = append(writer, writer->epochs, &row, err);
    if (status == RS_OK)
        status = write_steps(writer, err);
    rs_text_free(&row);
    return status;
}

static enum rs_status on_change(void *context, const struct rs_change_record *record, struct rs_error *err)
{
    struct rs_run_writer *writer = context;
    struct rs_text row = {0};
    const struct rs_conf_row *what = record->row;
    enum rs_status status =
        rs_text_add(&row, err, "%" PRIu64 ",%s.%s,%s\n", record->step, what->section, what->key, record->value);
    if (status == RS_OK)
        status = append(writer, writer->changes, &row, err);
    rs_text_free(&row);
    return status == RS_OK ? say(writer, err, "before step %" PRIu64 ": %s.%s = %s\n", record->step, what->section,
                                 what->key, record->value)
                           : status;
}

static enum rs_status on_best(void *context, const struct rs_weights *weights, struct rs_error *err)
{
    const struct rs_run_writer *writer = context;
    char path[RS_PATH_SIZE];
    enum rs_status status = rs_path_join(path, sizeof path, writer->folder, RS_RUN_BEST, err);
    return status == RS_OK ? rs_weights_write(path, weights, err) : status;
}

static enum rs_status add_number(struct rs_text *out, const char *key, double value, struct rs_error *err)
{
    char number[RS_NUMBER_SIZE];
    rs_format_number(number, value);
    return rs_record_pair(out, key, number, err);
}

static enum rs_status format_result(struct rs_text *out, const struct rs_run_writer *writer,
                                    const struct rs_done_record *record, struct rs_error *err)
{
    enum rs_status status = rs_text_add_bytes(out, writer->ini.data, writer->ini.length, err);
    if (status == RS_OK)
        status = rs_text_add(out, err,
                             "\n[" RS_SECTION_RESULT "]\n" RS_RESULT_REASON " = %s\nepochs = %" PRIu64
                             "\n" RS_RESULT_STEPS " = %" PRIu64 "\n" RS_RESULT_BEST_EPOCH " = %" PRIu64 "\n",
                             rs_reason_name(record->reason), record->epochs, writer->step, record->best_epoch);
    if (status == RS_OK && record->best_eval_rmse >= 0)
        status = add_number(out, RS_RESULT_BEST_EVAL, record->best_eval_rmse, err);
    for (int m = 0; m < RS_METRICS && status == RS_OK; m++)
        if (record->metrics.has & (1u << m))
            status = add_number(out, rs_metric_name((enum rs_metric)m), record->metrics.value[m], err);
    if (status == RS_OK)
        status = add_number(out, RS_RESULT_TRAIN_SECONDS, record->train_seconds, err);
    if (status == RS_OK)
        status = rs_record_pair(out, RS_RESULT_WEIGHTS_HASH, record->weights_hash, err);
    return status;
}

static enum rs_status on_done(void *context, const struct rs_done_record *record, struct rs_error *err)
{
    struct rs_run_writer *writer = context;
    struct rs_text text = {0};
    enum rs_status status = rs_thinning_finish(&writer->steps, err);
    if (status == RS_OK)
        status = write_steps(writer, err);
    if (status == RS_OK)
        status = format_result(&text, writer, record, err);
    if (status == RS_OK)
        status = replace_file(writer, RS_RUN_INI, &text, err);
    if (status == RS_OK)
        status = say(writer, err, "done: %s after %" PRIu64 " epochs, best %" PRIu64 "%s%s\n",
                     rs_reason_name(record->reason), record->epochs, record->best_epoch, *record->advice ? ": " : "",
                     record->advice);
    rs_text_free(&text);
    return status;
}

struct rs_observer rs_run_writer_observer(struct rs_run_writer *writer)
{
    return (struct rs_observer){.context = writer,
                                .start = on_start,
                                .batch = on_batch,
                                .epoch = on_epoch,
                                .change = on_change,
                                .best = on_best,
                                .done = on_done};
}
