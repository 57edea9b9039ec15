#include "recorder.h"

#include <stdatomic.h>
#include <string.h>

#include "recscope/base/file.h"
#include "recscope/base/memory.h"
#include "recscope/base/text.h"
#include "recscope/experiment/run.h"

/* What was told before the first batch. */
struct early {
    bool is_change;
    struct rs_epoch_record epoch;
    struct rs_change_record change;
};

struct rs_recorder {
    char folder[RS_PATH_SIZE];
    bool overwrite;
    char parent[RS_PATH_SIZE]; /* of a fork: the folder that it comes from, "" where that run has none */
    uint64_t parent_epoch;
    struct rs_run_writer *writer; /* NULL until the first batch */
    atomic_bool opened;           /* the writer has a folder, which stays what it is */
    struct rs_observer to;        /* the writer's */
    struct rs_settings settings;  /* as they were at the start */
    struct rs_start_record start;
    struct early *early; /* (early_count), in the order in which they were told */
    size_t early_count, early_room;
    float *best; /* (best_count) weights, told before the first batch */
    uint64_t best_count;
};

enum rs_status rs_recorder_create(struct rs_recorder **out, const char *folder, bool overwrite, struct rs_error *err)
{
    enum rs_status status = rs_alloc(out, 1, sizeof **out, err);
    if (status != RS_OK)
        return status;
    (*out)->overwrite = overwrite;
    if (rs_copy_string((*out)->folder, sizeof(*out)->folder, folder))
        return RS_OK;
    rs_free(*out);
    *out = NULL;
    return rs_fail(err, RS_USAGE, "the run folder's path is longer than %d bytes: a shorter --out", RS_PATH_SIZE - 1);
}

static void forget_early(struct rs_recorder *recorder)
{
    rs_free(recorder->early);
    rs_free(recorder->best);
    recorder->early = NULL;
    recorder->best = NULL;
    recorder->early_count = recorder->early_room = 0;
}

void rs_recorder_free(struct rs_recorder *recorder)
{
    if (!recorder)
        return;
    forget_early(recorder);
    rs_run_writer_free(recorder->writer);
    rs_dataset_drop(recorder->start.dataset);
    rs_free(recorder);
}

void rs_recorder_forked(struct rs_recorder *recorder, const struct rs_recorder *parent, uint64_t epoch)
{
    /* A fork that has not trained is nothing but its parent's past. */
    const char *folder = rs_recorder_folder(parent);
    rs_copy_string(recorder->parent, sizeof recorder->parent, folder[0] ? folder : parent->parent);
    recorder->parent_epoch = epoch;
}

const char *rs_recorder_folder(const struct rs_recorder *recorder)
{
    return atomic_load(&recorder->opened) ? rs_run_writer_folder(recorder->writer) : "";
}

/* ---- before the first batch -------------------------------------------------------------------------------------- */

static enum rs_status keep_early(struct rs_recorder *recorder, const struct early *early, struct rs_error *err)
{
    if (recorder->early_count == recorder->early_room) {
        size_t room = recorder->early_room ? 2 * recorder->early_room : 16;
        enum rs_status status = rs_grow(&recorder->early, recorder->early_count, room, sizeof *recorder->early, err);
        if (status != RS_OK)
            return status;
        recorder->early_room = room;
    }
    recorder->early[recorder->early_count++] = *early;
    return RS_OK;
}

static enum rs_status tell_early(struct rs_recorder *recorder, struct rs_error *err)
{
    const struct rs_observer *to = &recorder->to;
    enum rs_status status = to->start(to->context, &recorder->start, err);
    if (status == RS_OK)
        atomic_store(&recorder->opened, true);
    for (size_t i = 0; i < recorder->early_count && status == RS_OK; i++) {
        const struct early *early = &recorder->early[i];
        status = early->is_change ? to->change(to->context, &early->change, err)
                                  : to->epoch(to->context, &early->epoch, err);
    }
    const struct rs_weights best = rs_weights_listed(recorder->best, recorder->best_count);
    if (status == RS_OK && recorder->best)
        status = to->best(to->context, &best, err);
    forget_early(recorder);
    return status;
}

/* The first batch: now there is a run to keep. */
static enum rs_status open_writer(struct rs_recorder *recorder, struct rs_error *err)
{
    if (recorder->writer)
        return RS_OK;
    const char *folder = recorder->folder[0] ? recorder->folder : NULL;
    enum rs_status status = rs_run_writer_create(&recorder->writer, folder, recorder->overwrite, err);
    if (status != RS_OK)
        return status;
    if (recorder->parent[0])
        rs_run_writer_forked(recorder->writer, recorder->parent, recorder->parent_epoch);
    recorder->to = rs_run_writer_observer(recorder->writer);
    return tell_early(recorder, err);
}

/* ---- what training tells ----------------------------------------------------------------------------------------- */

static enum rs_status on_start(void *context, const struct rs_start_record *record, struct rs_error *err)
{
    struct rs_recorder *recorder = context;
    if (record->phase == RS_PHASE_REFIT) { /* a fork of a finished search may begin with it */
        enum rs_status status = open_writer(recorder, err);
        if (status != RS_OK)
            return status;
    }
    if (recorder->writer)
        return recorder->to.start(recorder->to.context, record, err);
    recorder->settings = *record->settings;
    rs_dataset_drop(recorder->start.dataset);
    recorder->start = *record;
    recorder->start.settings = &recorder->settings;
    recorder->start.dataset = rs_dataset_take(record->dataset);
    return RS_OK;
}

static enum rs_status on_batch(void *context, const struct rs_batch_record *record, struct rs_error *err)
{
    struct rs_recorder *recorder = context;
    enum rs_status status = open_writer(recorder, err);
    return status == RS_OK ? recorder->to.batch(recorder->to.context, record, err) : status;
}

static enum rs_status on_epoch(void *context, const struct rs_epoch_record *record, struct rs_error *err)
{
    struct rs_recorder *recorder = context;
    return recorder->writer ? recorder->to.epoch(recorder->to.context, record, err)
                            : keep_early(recorder, &(struct early){.epoch = *record}, err);
}

static enum rs_status on_change(void *context, const struct rs_change_record *record, struct rs_error *err)
{
    struct rs_recorder *recorder = context;
    return recorder->writer ? recorder->to.change(recorder->to.context, record, err)
                            : keep_early(recorder, &(struct early){.is_change = true, .change = *record}, err);
}

static enum rs_status on_best(void *context, const struct rs_weights *weights, struct rs_error *err)
{
    struct rs_recorder *recorder = context;
    if (recorder->writer)
        return recorder->to.best(recorder->to.context, weights, err);
    rs_free(recorder->best);
    enum rs_status status = rs_alloc(&recorder->best, weights->count, sizeof *recorder->best, err);
    if (status != RS_OK)
        return status;
    weights->read(weights->from, 0, recorder->best, weights->count);
    recorder->best_count = weights->count;
    return RS_OK;
}

/* A run that was ended before its first batch leaves nothing. */
static enum rs_status on_done(void *context, const struct rs_done_record *record, struct rs_error *err)
{
    struct rs_recorder *recorder = context;
    return recorder->writer ? recorder->to.done(recorder->to.context, record, err) : RS_OK;
}

struct rs_observer rs_recorder_observer(struct rs_recorder *recorder)
{
    return (struct rs_observer){.context = recorder,
                                .start = on_start,
                                .batch = on_batch,
                                .epoch = on_epoch,
                                .change = on_change,
                                .best = on_best,
                                .done = on_done};
}
