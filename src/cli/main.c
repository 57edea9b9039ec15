#include <locale.h>
#include <stdio.h>

#include "options.h"
#include "recscope/experiment/version.h"

static enum rs_status run(int count, char **argument, struct rs_error *err)
{
    struct rs_options options;
    enum rs_status status = rs_options_parse(&options, count, argument, err);
    if (status != RS_OK)
        return status;
    if (options.version) {
        printf("recscope %s (%s)\n", rs_version(), rs_commit());
        return RS_OK;
    }
    return options.help ? rs_options_help(&options, err) : options.command->run(&options, err);
}

int main(int count, char **argument)
{
    struct rs_error err = {0};
    setlocale(LC_CTYPE, "");
    enum rs_status status = run(count, argument, &err);
    if (fflush(stdout) != 0 && status == RS_OK)
        status = rs_fail(&err, RS_IO, "standard output cannot be written");
    if (status != RS_OK)
        fprintf(stderr, "recscope: %s\n", err.message[0] ? err.message : rs_status_text(status));
    return rs_status_exit(status);
}
