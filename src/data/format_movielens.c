/* MovieLens 100K: user, item, rating and timestamp with tabs between; MovieLens 1M and 10M, and MovieTweetings after
 * them: user::item::rating, with ::timestamp or without.
 * Source : the README files of the sets at https://grouplens.org/datasets/movielens/. */
#include <string.h>

#include "formats.h"

static bool sniff_tab(struct rs_span line)
{
    size_t tabs = 0;
    for (size_t i = 0; i < line.length; i++) {
        if (line.text[i] == ' ')
            return false;
        tabs += line.text[i] == '\t';
    }
    return tabs == 3;
}

static enum rs_status read_tab(struct rs_reading *reading, struct rs_bytes bytes, struct rs_error *err)
{
    static const struct rs_columns columns = {.user = 0,
                                              .item = 1,
                                              .rating = 2,
                                              .time = 3,
                                              .least = 4,
                                              .most = 4,
                                              .shape = "user item rating timestamp, with tabs between",
                                              .split = rs_split_character,
                                              .delimiter = '\t'};
    struct rs_lines lines = rs_lines_start(bytes.text, bytes.length);
    return rs_reading_lines(reading, bytes, &lines, &columns, err);
}

const struct rs_format rs_format_movielens_tab = {
    .title = "MovieLens 100K",
    .sniff = sniff_tab,
    .read = read_tab,
    .scale = {{1, 5, 1}},
};

static bool sniff_colons(struct rs_span line)
{
    for (size_t i = 0; i + 1 < line.length; i++)
        if (line.text[i] == ':' && line.text[i + 1] == ':')
            return true;
    return false;
}

static enum rs_status read_colons(struct rs_reading *reading, struct rs_bytes bytes, struct rs_error *err)
{
    static const struct rs_columns columns = {.user = 0,
                                              .item = 1,
                                              .rating = 2,
                                              .time = 3,
                                              .least = 3,
                                              .most = 4,
                                              .shape = "user::item::rating, or user::item::rating::timestamp in all",
                                              .split = rs_split_colons};
    struct rs_lines lines = rs_lines_start(bytes.text, bytes.length);
    return rs_reading_lines(reading, bytes, &lines, &columns, err);
}

const struct rs_format rs_format_colons = {
    .title = "MovieLens 1M",
    .sniff = sniff_colons,
    .read = read_colons,
    .scale = {{1, 5, 1}, {0.5F, 5, 0.5F}},
};
