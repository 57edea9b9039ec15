#include "recscope/base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *text;
    int code;
} statuses[] = {
#define STATUS_ROW(name, text, code) [RS_##name] = {text, code},
    RS_STATUS_MAP(STATUS_ROW)
#undef STATUS_ROW
};

enum rs_status rs_fail(struct rs_error *err, enum rs_status code, const char *format, ...)
{
    if (!err)
        return code;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(err->message, sizeof err->message, format, arguments);
    va_end(arguments);
    err->code = code;
    return code;
}

enum rs_status rs_fail_prefix(struct rs_error *err, const char *format, ...)
{
    if (!err)
        return RS_FAILED;
    char rest[RS_ERROR_SIZE];
    memcpy(rest, err->message, sizeof rest);
    va_list arguments;
    va_start(arguments, format);
    int used = vsnprintf(err->message, sizeof err->message, format, arguments);
    va_end(arguments);
    if (used >= 0 && (size_t)used < sizeof err->message)
        snprintf(err->message + used, sizeof err->message - (size_t)used, ": %s", rest);
    return err->code;
}

const char *rs_status_text(enum rs_status status)
{
    return statuses[status].text;
}

int rs_status_exit(enum rs_status status)
{
    return statuses[status].code;
}
