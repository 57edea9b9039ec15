#include "scale.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "recscope/base/memory.h"

/* More different ratings than this make a continuous scale. */
#define STEPS_MOST 1000
/* Ratings are decimals in floats: 0.1 and three times 0.1 are met only about. */
#define STEP_SLACK 1e-4

static bool on_scale(const struct rs_scale *scale, float value)
{
    if (!(value >= scale->low && value <= scale->high))
        return false;
    if (!(scale->step > 0))
        return true;
    double steps = ((double)value - (double)scale->low) / (double)scale->step;
    return fabs(steps - floor(steps + 0.5)) < STEP_SLACK;
}

/* How many values are off the scale, and the first of them. */
static uint64_t count_off(const struct rs_scale *scale, const struct rs_reading *reading, uint64_t *first)
{
    enum { KNOWN = 64 };
    float known[KNOWN]; /* values that were found good, each where its bits say */
    uint64_t off = 0;
    for (size_t i = 0; i < KNOWN; i++)
        known[i] = NAN;
    for (uint64_t n = 0; n < reading->count; n++) {
        float value = reading->value[n];
        uint32_t bits;
        memcpy(&bits, &value, sizeof bits);
        float *slot = &known[(bits * UINT32_C(0x9E3779B1)) >> 26];
        if (*slot == value)
            continue;
        if (on_scale(scale, value))
            *slot = value;
        else if (off++ == 0)
            *first = n;
    }
    return off;
}

static enum rs_status refuse_value(const struct rs_scale *scale, const struct rs_reading *reading, uint64_t n,
                                   const char *owner, struct rs_error *err)
{
    char value[RS_NUMBER_SIZE];
    char low[RS_NUMBER_SIZE];
    char high[RS_NUMBER_SIZE];
    char step[RS_NUMBER_SIZE];
    rs_format_float(value, reading->value[n]);
    rs_format_float(low, scale->low);
    rs_format_float(high, scale->high);
    rs_format_float(step, scale->step);
    return rs_fail(err, RS_DATA,
                   "%s:%" PRIu64 ": the rating %s is outside the scale %s .. %s by %s of %s: "
                   "correct it, or say [data] scale = LOW,HIGH,STEP",
                   rs_reading_name(reading, n), rs_reading_line(reading, n), value, low, high, step, owner);
}

static int compare_floats(const void *left, const void *right)
{
    float a;
    float b;
    memcpy(&a, left, sizeof a);
    memcpy(&b, right, sizeof b);
    return (a > b) - (a < b);
}

/* The different values, ascending, STEPS_MOST + 1 where there are more. */
static size_t distinct_values(float *values, const struct rs_reading *reading)
{
    size_t count = 0;
    for (uint64_t n = 0; n < reading->count && count <= STEPS_MOST; n++) {
        float value = reading->value[n];
        if (bsearch(&value, values, count, sizeof value, compare_floats))
            continue;
        size_t at = count++;
        for (; at > 0 && values[at - 1] > value; at--)
            values[at] = values[at - 1];
        values[at] = value;
    }
    return count;
}

static enum rs_status infer(struct rs_scale *out, const struct rs_reading *reading, struct rs_error *err)
{
    *out = (struct rs_scale){reading->value[0], reading->value[0], 0};
    for (uint64_t n = 0; n < reading->count; n++) {
        out->low = reading->value[n] < out->low ? reading->value[n] : out->low;
        out->high = reading->value[n] > out->high ? reading->value[n] : out->high;
    }
    if (!(out->low < out->high)) {
        char value[RS_NUMBER_SIZE];
        rs_format_float(value, out->low);
        return rs_fail(
            err, RS_DATA,
            "%s: all ratings are %s, which gives no scale: say which it is with [data] scale = LOW,HIGH,STEP",
            rs_reading_name(reading, 0), value);
    }
    float *values;
    enum rs_status status = rs_alloc(&values, STEPS_MOST + 1, sizeof *values, err);
    if (status != RS_OK)
        return status;
    size_t count = distinct_values(values, reading);
    if (count <= STEPS_MOST) {
        out->step = out->high - out->low;
        for (size_t i = 1; i < count; i++)
            out->step = values[i] - values[i - 1] < out->step ? values[i] - values[i - 1] : out->step;
        for (size_t i = 0; i < count; i++)
            if (!on_scale(out, values[i])) {
                out->step = 0;
                break;
            }
    }
    rs_free(values);
    return RS_OK;
}

static enum rs_status parse_scale(struct rs_scale *out, const char *text, struct rs_error *err)
{
    float number[3] = {0, 0, 0};
    size_t count = 0;
    bool good = true;
    for (const char *at = text; good; at++) {
        size_t length = strcspn(at, ",");
        good = count < 3 && rs_span_number(rs_span_trim((struct rs_span){at, length}), &number[count]);
        count++;
        at += length;
        if (*at == '\0')
            break;
    }
    *out = (struct rs_scale){number[0], number[1], number[2]};
    if (!good || count != 3 || !(out->low < out->high) || !(out->step >= 0))
        return rs_fail(err, RS_PRESET,
                       "[data] scale = %.60s: no scale: auto, or the lowest rating, the highest and the step between "
                       "two (0: any), as in 1,5,1",
                       text);
    return RS_OK;
}

enum rs_status rs_scale_decide(struct rs_scale *out, const char *wanted, const struct rs_reading *reading,
                               const struct rs_format *format, bool certain, struct rs_error *err)
{
    uint64_t first = 0;
    if (strcmp(wanted, "auto") != 0) {
        enum rs_status status = parse_scale(out, wanted, err);
        if (status == RS_OK && count_off(out, reading, &first) > 0)
            return refuse_value(out, reading, first, "[data] scale", err);
        return status;
    }
    for (size_t i = 0; i < RS_FORMAT_SCALES && format->scale[i].high > 0; i++) {
        *out = format->scale[i];
        if (count_off(out, reading, &first) == 0)
            return RS_OK;
    }
    for (size_t i = 0; i < RS_FORMAT_SCALES && format->scale[i].high > 0; i++) {
        *out = format->scale[i];
        uint64_t off = count_off(out, reading, &first);
        if (certain || off * 100 < reading->count)
            return refuse_value(out, reading, first, format->title, err);
    }
    return infer(out, reading, err);
}
