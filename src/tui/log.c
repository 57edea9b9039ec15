#include "log.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static void add_line(struct rs_log *log, bool bad, const char *text, size_t length)
{
    struct rs_log_line *line = &log->line[log->count++ % RS_LOG_LINES];
    time_t now = time(NULL);
    struct tm local;
    line->bad = bad;
    line->clock[0] = '\0';
    if (localtime_r(&now, &local))
        strftime(line->clock, sizeof line->clock, "%H:%M:%S", &local);
    snprintf(line->text, sizeof line->text, "%.*s", (int)(length < RS_LOG_BYTES ? length : RS_LOG_BYTES - 1), text);
    for (char *c = line->text; *c; c++)
        if ((unsigned char)*c < ' ')
            *c = ' ';
}

void rs_log_add(struct rs_log *log, bool bad, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        add_line(log, bad, text, length);
        text += length + (text[length] == '\n');
    }
}

uint64_t rs_log_first(const struct rs_log *log)
{
    return log->count > RS_LOG_LINES ? log->count - RS_LOG_LINES : 0;
}

const struct rs_log_line *rs_log_at(const struct rs_log *log, uint64_t line)
{
    return &log->line[line % RS_LOG_LINES];
}
