/* preset.h -- the whole configuration: every room's rows in one table, read from and written to INI.
 *
 * Threads: functions on distinct settings are independent.
 */
#ifndef RECSCOPE_EXPERIMENT_PRESET_H
#define RECSCOPE_EXPERIMENT_PRESET_H

#include "recscope/base/file.h"
#include "recscope/base/settings.h"
#include "recscope/base/text.h"

/* [experiment] title, notes; [reference] label, rmse, source (rmse 0: there is none). */
extern const struct rs_conf_row rs_row_title, rs_row_notes, rs_row_reference_label, rs_row_reference_rmse,
    rs_row_reference_source;

/* true for the rows that say what an experiment is called or compared with, and change nothing in it: those above. */
bool rs_row_describes(const struct rs_conf_row *row);

/* Every row of every section, in preset order, NULL-terminated. */
extern const struct rs_conf_row *const rs_all_rows[];

/* Sections of a preset that hold no settings: [sweep] (section.key = values), and what a run's record says about
 * itself. A reader without a visitor checks and skips them. */
#define RS_SECTION_SWEEP      "sweep"
#define RS_SECTION_PROVENANCE "provenance"
#define RS_SECTION_FORK       "fork"
#define RS_SECTION_RESULT     "result"
#define RS_SECTION_LABEL      "label" /* of label.ini */

struct rs_preset_visitor {
    void *context;
    /* One pair of such a section; the texts are valid during the call. An error ends the reading. */
    enum rs_status (*pair)(void *context, const char *section, const char *key, const char *value,
                           struct rs_error *err);
};

/* The default experiment: every row at its default, no file. It trains what presets/playground.ini trains. */
enum rs_status rs_preset_default(struct rs_settings *out, struct rs_error *err) RS_CHECKED;

/* Read a preset over the defaults. path may be a file, or the name of an installed preset ("playground").
 * Errors: RS_PRESET "path:line: [section] key = value: reason: what would be right", RS_MEMORY. */
enum rs_status rs_preset_read(struct rs_settings *out, const char *path, struct rs_error *err) RS_CHECKED;

/* The same from memory; name stands for the path in messages. */
enum rs_status rs_preset_parse(struct rs_settings *out, const char *bytes, size_t length, const char *name,
                               struct rs_error *err) RS_CHECKED;

/* The same as rs_preset_read, and the visitor sees the pairs that are no settings. */
enum rs_status rs_preset_visit(struct rs_settings *out, const char *path, const struct rs_preset_visitor *visitor,
                               struct rs_error *err) RS_CHECKED;

/* "section.key=value", as --set takes it. A text that no line of a preset could hold is refused. */
enum rs_status rs_preset_assign(struct rs_settings *settings, const char *assignment, struct rs_error *err) RS_CHECKED;

/* The INI text of the settings: given values and those that differ from their default. Reading it back gives equal
 * settings. Errors: RS_PRESET for a text that no line of a preset can hold, RS_MEMORY. */
enum rs_status rs_preset_format(struct rs_text *out, const struct rs_settings *settings,
                                struct rs_error *err) RS_CHECKED;

/* The same with every value that has a meaning, so that later defaults do not change what a record says. */
enum rs_status rs_preset_format_full(struct rs_text *out, const struct rs_settings *settings,
                                     struct rs_error *err) RS_CHECKED;
enum rs_status rs_preset_write(const char *path, const struct rs_settings *settings, struct rs_error *err) RS_CHECKED;

/* Where the name of a preset is looked up, in this order: the user's own folder, presets/ in this one, and those that
 * came with the program ($RECSCOPE_DATADIR/presets, or where they were installed). */
enum rs_preset_place { RS_PRESETS_OWN, RS_PRESETS_HERE, RS_PRESETS_INSTALLED, RS_PRESET_PLACES };

/* That folder, which need not be there; false where there is no such place. */
bool rs_preset_folder(char out[RS_PATH_SIZE], enum rs_preset_place place);

#endif
