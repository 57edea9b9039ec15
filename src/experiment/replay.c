#include "recscope/experiment/replay.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "record_file.h"
#include "recscope/base/file.h"
#include "recscope/base/memory.h"
#include "recscope/experiment/columns.h"
#include "run_files.h"

#define ROUNDING 1e-4 /* relative: what another kernel may make of the same sums */

struct rs_replay {
    struct rs_record record;
    struct rs_provenance now;
    size_t next_change;
    size_t epochs;        /* compared */
    bool exact;           /* so far */
    double worst;         /* relative difference so far; infinite: not a matter of rounding */
    char difference[320]; /* the first that was found */
    bool done;
};

bool rs_replay_is_run(const char *path)
{
    char file[RS_PATH_SIZE];
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path) + 1 : 0;
    if (rs_is_folder(path))
        return rs_path_join(file, sizeof file, path, RS_RUN_INI, NULL) == RS_OK && rs_is_file(file);
    snprintf(file, sizeof file, "%.*s" RS_RUN_EPOCHS, folder, path);
    return strcmp(path + folder, RS_RUN_INI) == 0 && rs_is_file(path) && rs_is_file(file);
}

enum rs_status rs_replay_open(struct rs_replay **out, const char *path, struct rs_error *err)
{
    *out = NULL;
    struct rs_replay *replay;
    enum rs_status status = rs_alloc(&replay, 1, sizeof *replay, err);
    if (status != RS_OK)
        return status;
    replay->exact = true;
    status = rs_record_read(&replay->record, path, err);
    if (status != RS_OK) {
        rs_replay_free(replay);
        return status;
    }
    *out = replay;
    return RS_OK;
}

void rs_replay_free(struct rs_replay *replay)
{
    if (!replay)
        return;
    rs_record_free(&replay->record);
    rs_free(replay);
}

struct rs_settings *rs_replay_settings(struct rs_replay *replay)
{
    return &replay->record.settings;
}

size_t rs_replay_epochs(const struct rs_replay *replay)
{
    return replay->epochs;
}

/* ---- comparing ----------------------------------------------------------------------------------------------------
 */

static double relative_difference(const char *a, const char *b)
{
    double x;
    double y;
    if (!rs_parse_number(a, &x) || !rs_parse_number(b, &y))
        return INFINITY;
    return fabs(x - y) / fmax(fmax(fabs(x), fabs(y)), 1e-30);
}

/* Keep the first difference and the worst. */
static void differ(struct rs_replay *replay, double by, const char *epoch, const char *what, const char *recorded,
                   const char *now)
{
    if (replay->exact)
        snprintf(replay->difference, sizeof replay->difference, "%s%.20s: %.60s: recorded %.80s, replayed %.80s",
                 *epoch ? "epoch " : "the end", epoch, what, *recorded ? recorded : "nothing", *now ? now : "nothing");
    replay->exact = false;
    replay->worst = fmax(replay->worst, by);
}

static void recorded_field(char *out, size_t size, const struct rs_record *record, size_t line, const char *name)
{
    rs_record_field(record, line, rs_record_column(record, name), out, size);
}

static enum rs_status on_start(void *context, const struct rs_start_record *record, struct rs_error *err)
{
    (void)err;
    struct rs_replay *replay = context;
    const struct rs_provenance *then = &replay->record.provenance;
    rs_provenance_now(&replay->now, record->dataset);
    static const enum rs_provenance_key data[] = {RS_PROVENANCE_DATA_HASH, RS_PROVENANCE_SPLIT_HASH};
    for (size_t i = 0; i < sizeof data / sizeof *data; i++)
        if (strcmp(then->value[data[i]], replay->now.value[data[i]]) != 0)
            differ(replay, INFINITY, "", rs_provenance_name(data[i]), then->value[data[i]], replay->now.value[data[i]]);
    return RS_OK;
}

static enum rs_status on_epoch(void *context, const struct rs_epoch_record *record, struct rs_error *err)
{
    (void)err;
    struct rs_replay *replay = context;
    char epoch[RS_NUMBER_SIZE];
    char then[80];
    char now[RS_NUMBER_SIZE];
    rs_format_number(epoch, (double)record->epoch);
    replay->epochs++;
    if (replay->epochs >= replay->record.lines) {
        differ(replay, INFINITY, epoch, "epoch", "", epoch);
        return RS_OK;
    }
    for (size_t i = 0; i < rs_epoch_column_count; i++) {
        const struct rs_epoch_column *column = &rs_epoch_columns[i];
        double value;
        now[0] = '\0';
        if (column->get(record, &value))
            rs_format_number(now, value);
        recorded_field(then, sizeof then, &replay->record, replay->epochs, column->name);
        if (column->compared && strcmp(then, now) != 0)
            differ(replay, relative_difference(then, now), epoch, column->name, then, now);
    }
    recorded_field(then, sizeof then, &replay->record, replay->epochs, RS_COLUMN_PHASE);
    if (strcmp(then, rs_phase_name(record->phase)) != 0)
        differ(replay, INFINITY, epoch, RS_COLUMN_PHASE, then, rs_phase_name(record->phase));
    return RS_OK;
}

static enum rs_status on_done(void *context, const struct rs_done_record *record, struct rs_error *err)
{
    (void)err;
    struct rs_replay *replay = context;
    const struct rs_record *then = &replay->record;
    char recorded[RS_NUMBER_SIZE];
    char now[RS_NUMBER_SIZE];
    rs_format_number(recorded, (double)(then->lines - 1));
    rs_format_number(now, (double)replay->epochs);
    if (replay->epochs + 1 < then->lines)
        differ(replay, INFINITY, "", "number of epochs", recorded, now);
    if (*then->reason && strcmp(then->reason, rs_reason_name(record->reason)) != 0)
        differ(replay, INFINITY, "", RS_RESULT_REASON, then->reason, rs_reason_name(record->reason));
    /* How near two weights are cannot be seen from their hashes: the epochs say that. */
    if (*then->weights_hash && strcmp(then->weights_hash, record->weights_hash) != 0)
        differ(replay, 0, "", RS_RESULT_WEIGHTS_HASH, then->weights_hash, record->weights_hash);
    replay->done = true;
    return RS_OK;
}

struct rs_observer rs_replay_observer(struct rs_replay *replay)
{
    return (struct rs_observer){.context = replay, .start = on_start, .epoch = on_epoch, .done = on_done};
}

/* ---- driving ------------------------------------------------------------------------------------------------------
 */

enum rs_status rs_replay_before_step(struct rs_replay *replay, struct rs_trainer *trainer, bool *stop,
                                     struct rs_error *err)
{
    const struct rs_record *record = &replay->record;
    uint64_t done = rs_trainer_steps(trainer);
    while (replay->next_change < record->changes && record->change[replay->next_change].step <= done + 1) {
        const struct rs_record_change *change = &record->change[replay->next_change++];
        enum rs_status status = rs_trainer_change(trainer, change->row, change->value, err);
        if (status != RS_OK)
            return status;
    }
    bool by_hand = strcmp(record->reason, rs_reason_name(RS_REASON_STOPPED)) == 0 && done >= record->steps;
    bool broke_off = record->reason[0] == '\0' && replay->epochs + 1 >= record->lines;
    *stop = by_hand || broke_off;
    return RS_OK;
}

enum rs_status rs_replay_verdict(const struct rs_replay *replay, struct rs_error *err)
{
    if (!replay->done)
        return rs_fail(err, RS_DIFFERS, "the replay did not come to its end");
    if (replay->exact)
        return RS_OK;
    if (replay->worst <= ROUNDING && !rs_provenance_same_machine(&replay->record.provenance, &replay->now))
        return rs_fail(err, RS_ROUNDING, "%s: agrees to rounding, the record is from another machine: %s, %s, %s",
                       replay->difference, replay->record.provenance.value[RS_PROVENANCE_CPU],
                       replay->record.provenance.value[RS_PROVENANCE_INSTRUCTION_SET],
                       replay->record.provenance.value[RS_PROVENANCE_BLAS_KERNEL]);
    return rs_fail(err, RS_DIFFERS, "%s", replay->difference);
}
