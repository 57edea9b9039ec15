#include "recscope/tui/export.h"
#include "commands.h"
#include "recscope/base/file.h"

#include <langinfo.h>
#include <string.h>

enum rs_status rs_command_export(const struct rs_options *options, struct rs_error *err)
{
    const struct rs_export_options export = {.path = options->output,
                                             .title = options->title,
                                             .columns = options->columns,
                                             .rows = options->rows,
                                             .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0};
    if (!options->output)
        return rs_fail(err, RS_USAGE, "export: where to is missing: recscope export RUN... -o FILE.svg");
    if (rs_is_file(options->output) && !options->overwrite)
        return rs_fail(err, RS_USAGE, "%s: it is there: another name, or --overwrite", options->output);
    return rs_export_runs(options->word, options->words, &export, err);
}
