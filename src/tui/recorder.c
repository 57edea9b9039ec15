#include "recorder.h"

#include <stdatomic.h>

#include "recscope/base/file.h"
#include "recscope/base/memory.h"
#include "recscope/base/text.h"
#include "recscope/experiment/run.h"

struct rs_recorder {
    char folder[RS_PATH_SIZE];
    bool overwrite;
    struct rs_run_writer *writer; /* NULL until the first batch */
    atomic_bool opened;           /* folder is what it will be */
    struct rs_observer to;        /* the writer's */
    struct rs_settings settings;  /* as they were at the start */
    struct rs_start_record start;
    struct rs_epoch_record untrained;
    bool has_untrained;
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

void rs_recorder_free(struct rs_recorder *recorder)
{
    if (!recorder)
        return;
    rs_run_writer_free(recorder->writer);
    rs_dataset_drop(recorder->start.dataset);
    rs_free(recorder);
}

const char *rs_recorder_folder(const struct rs_recorder *recorder)
{
    return atomic_load(&recorder->opened) ? recorder->folder : "";
}

/* The first batch: now there is a run to keep. */
static enum rs_status open_writer(struct rs_recorder *recorder, struct rs_error *err)
{
    enum rs_status status = RS_OK;
    if (recorder->writer)
        return RS_OK;
    if (recorder->folder[0] == '\0')
        status = rs_run_folder_default(recorder->folder, sizeof recorder->folder, &recorder->settings, err);
    if (status == RS_OK)
        status = rs_run_writer_create(&recorder->writer, recorder->folder, recorder->overwrite, err);
    if (status != RS_OK)
        return status;
    atomic_store(&recorder->opened, true);
    recorder->to = rs_run_writer_observer(recorder->writer);
    status = recorder->to.start(recorder->to.context, &recorder->start, err);
    if (status == RS_OK && recorder->has_untrained)
        status = recorder->to.epoch(recorder->to.context, &recorder->untrained, err);
    return status;
}

static enum rs_status on_start(void *context, const struct rs_start_record *record, struct rs_error *err)
{
    struct rs_recorder *recorder = context;
    if (recorder->writer) /* the second phase */
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
    if (!recorder->writer && record->epoch == 0) {
        recorder->untrained = *record;
        recorder->has_untrained = true;
        return RS_OK;
    }
    enum rs_status status = open_writer(recorder, err);
    return status == RS_OK ? recorder->to.epoch(recorder->to.context, record, err) : status;
}

static enum rs_status on_change(void *context, const struct rs_change_record *record, struct rs_error *err)
{
    struct rs_recorder *recorder = context;
    enum rs_status status = open_writer(recorder, err);
    return status == RS_OK ? recorder->to.change(recorder->to.context, record, err) : status;
}

static enum rs_status on_best(void *context, const float *weights, uint64_t count, struct rs_error *err)
{
    struct rs_recorder *recorder = context;
    enum rs_status status = open_writer(recorder, err);
    return status == RS_OK ? recorder->to.best(recorder->to.context, weights, count, err) : status;
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
