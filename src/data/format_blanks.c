/* user item rating, or user item rating timestamp, with blanks or tabs between: FilmTrust and many others. */
#include "formats.h"

static bool sniff_blanks(struct rs_span line)
{
    struct rs_span inside = rs_span_trim(line);
    for (size_t i = 0; i < inside.length; i++)
        if (inside.text[i] == ' ' || inside.text[i] == '\t')
            return true;
    return false;
}

static enum rs_status read_blanks(struct rs_reading *reading, struct rs_bytes bytes, struct rs_error *err)
{
    static const struct rs_columns columns = {.user = 0,
                                              .item = 1,
                                              .rating = 2,
                                              .time = 3,
                                              .least = 3,
                                              .most = 4,
                                              .shape = "user item rating, or user item rating timestamp in all",
                                              .split = rs_split_blanks};
    struct rs_lines lines = rs_lines_start(bytes.text, bytes.length);
    return rs_reading_lines(reading, bytes, &lines, &columns, err);
}

const struct rs_format rs_format_blanks = {
    .title = "blank-separated triples",
    .sniff = sniff_blanks,
    .read = read_blanks,
};
