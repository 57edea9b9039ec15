#include "recscope/experiment/replay.h"

#include <stdio.h>

#include "commands.h"
#include "drive.h"
#include "report.h"
#include "train_preset.h"

/* What the comparison found, in the chosen format; csv has no line for it, the exit status tells. */
static enum rs_status tell(const struct rs_options *options, const struct rs_replay *replay, enum rs_status verdict,
                           const char *message, struct rs_error *err)
{
    struct rs_text text = {0};
    const char *name = verdict == RS_OK ? "same" : verdict == RS_ROUNDING ? "rounding" : "differs";
    enum rs_status status = RS_OK;
    if (options->format == RS_FORMAT_JSONL) {
        status = rs_text_add(&text, err, "{\"event\":\"verify\",\"result\":\"%s\",\"epochs\":%zu,", name,
                             rs_replay_epochs(replay));
        if (status == RS_OK)
            status = rs_json_text(&text, "message", verdict == RS_OK ? "" : message, err);
        if (status == RS_OK)
            status = rs_text_add(&text, err, "}\n");
    } else if (options->format == RS_FORMAT_PLAIN && verdict == RS_OK) {
        status = rs_text_add(&text, err, "verified:   %zu epochs and the weights are the same to the last bit\n",
                             rs_replay_epochs(replay));
    }
    if (status == RS_OK)
        status = rs_report_write(stdout, &text, err);
    rs_text_free(&text);
    return status;
}

static enum rs_status replay_run(const struct rs_options *options, struct rs_error *err)
{
    struct rs_replay *replay = NULL;
    enum rs_status status = rs_replay_open(&replay, options->word[0], err);
    if (status == RS_OK)
        status = rs_options_apply(options, rs_replay_settings(replay), err);
    if (status == RS_OK) {
        struct rs_drive drive = {.options = options,
                                 .settings = rs_replay_settings(replay),
                                 .recorded = options->out != NULL,
                                 .replay = replay};
        status = rs_drive(&drive, err);
    }
    if (status == RS_OK && options->verify) {
        struct rs_error found = {0};
        enum rs_status verdict = rs_replay_verdict(replay, &found);
        status = tell(options, replay, verdict, found.message, err);
        if (status == RS_OK && verdict != RS_OK)
            status = rs_fail(err, verdict, "%s", found.message);
    }
    rs_replay_free(replay);
    return status;
}

enum rs_status rs_command_replay(const struct rs_options *options, struct rs_error *err)
{
    const char *what = options->word[0];
    if (rs_replay_is_run(what))
        return replay_run(options, err);
    if (options->verify)
        return rs_fail(err, RS_USAGE, "%s: no record to compare with: a run folder, or its run.ini", what);
    return rs_train_preset(options, what, err);
}
