#include "drive.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "recscope/base/memory.h"
#include "recscope/base/wake.h"
#include "recscope/experiment/run.h"
#include "recscope/models/model.h"
#include "report.h"

/* A handler has no argument of its own. */
static struct rs_wake interrupt;

static void on_signal(int number)
{
    (void)number;
    rs_wake(&interrupt);
}

static enum rs_status catch_signals(struct rs_error *err)
{
    enum rs_status status = rs_wake_open(&interrupt, err);
    if (status != RS_OK)
        return status;
    struct sigaction stop = {.sa_handler = on_signal, .sa_flags = (int)(SA_RESETHAND | SA_RESTART)};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&stop.sa_mask);
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGPIPE, &ignore, NULL); /* writing then says so */
    return RS_OK;
}

static bool interrupted(void)
{
    return atomic_load(&interrupt.pending);
}

/* Keys that were given although the model does not use them: kept, and said. */
static void note_unused(const struct rs_settings *settings)
{
    for (size_t i = 0; i < settings->count; i++) {
        const struct rs_conf_row *row = settings->rows[i];
        if (settings->value[i].given && !rs_row_applies(settings, row))
            fprintf(stderr, "recscope: note: [%s] %s is kept, but has no meaning beside the other settings\n",
                    row->section, row->key);
    }
}

static void note_loading(const struct rs_dataset *dataset)
{
    const struct rs_ratings *ratings = &dataset->ratings;
    if (dataset->note[0])
        fprintf(stderr, "recscope: note: %s\n", dataset->note);
    if (ratings->duplicates > 0)
        fprintf(stderr, "recscope: note: %s rates %" PRIu64 " pairs of user and item again: the last rating is kept\n",
                ratings->name, ratings->duplicates);
}

/* Step to the end of the run. */
static enum rs_status step_through(struct rs_trainer *trainer, struct rs_replay *replay, bool *by_signal,
                                   struct rs_error *err)
{
    bool finished = false;
    while (!finished) {
        bool stop = false;
        bool epoch_ended;
        enum rs_status status = replay ? rs_replay_before_step(replay, trainer, &stop, err) : RS_OK;
        *by_signal = interrupted();
        if (status == RS_OK && (stop || *by_signal))
            return rs_trainer_stop(trainer, err);
        if (status == RS_OK)
            status = rs_trainer_step(trainer, &epoch_ended, &finished, err);
        if (status != RS_OK)
            return status;
    }
    return RS_OK;
}

/* run: its folder, NULL: it has none. */
static enum rs_status train(const struct rs_drive *drive, const struct rs_dataset *dataset, const char *run,
                            const struct rs_observer *observers, size_t count, struct rs_error *err)
{
    struct rs_trainer *trainer = NULL;
    bool by_signal = false;
    enum rs_status status = rs_trainer_create(&trainer, drive->settings, dataset, observers, count, err);
    if (status == RS_OK)
        status = step_through(trainer, drive->replay, &by_signal, err);
    if (status == RS_OK && by_signal)
        status = rs_fail(err, RS_INTERRUPTED, "interrupted: what was trained is kept%s%s", run ? " in " : "",
                         run ? run : "");
    else if (status == RS_OK && rs_trainer_done(trainer)->reason == RS_REASON_DIVERGED && !drive->replay)
        status = rs_fail(err, RS_DIVERGED, "%s", rs_trainer_done(trainer)->advice);
    rs_trainer_free(trainer);
    return status;
}

enum rs_status rs_drive(const struct rs_drive *drive, struct rs_error *err)
{
    const struct rs_options *options = drive->options;
    const struct rs_dataset *dataset = NULL;
    struct rs_run_writer *writer = NULL;
    struct rs_observer observers[RS_OBSERVERS_MAX];
    size_t count = 0;
    struct rs_report report = {.out = stdout,
                               .format = options->format,
                               .quiet = options->quiet,
                               .color = rs_wants_color(options->color, stdout),
                               .settings = drive->settings};
    enum rs_status status = catch_signals(err);
    if (status == RS_OK && drive->recorded)
        status = rs_run_writer_create(&writer, options->out, options->overwrite, err);
    if (writer)
        report.run = rs_run_writer_folder(writer);
    if (status == RS_OK && !options->quiet && !drive->replay)
        note_unused(drive->settings);
    if (status == RS_OK)
        status = rs_dataset_load(&dataset, drive->settings, err);
    if (status == RS_OK && !options->quiet)
        note_loading(dataset);
    if (status == RS_OK) {
        if (writer)
            observers[count++] = rs_run_writer_observer(writer);
        if (drive->replay)
            observers[count++] = rs_replay_observer(drive->replay);
        observers[count++] = rs_report_observer(&report);
        status = train(drive, dataset, report.run, observers, count, err);
    }
    rs_run_writer_free(writer);
    rs_dataset_drop(dataset);
    rs_wake_close(&interrupt);
    return status;
}
