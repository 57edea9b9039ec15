#include "source.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* What stands in a folder: the file of ratings and the file of titles. */
static const struct layout {
    const char *ratings;
    const char *titles;
    const struct rs_titles_form *titles_form;
    bool certain;
} layouts[] = {
    {"u.data", "u.item", &rs_titles_pipes, true},
    {"ratings.dat", "movies.dat", &rs_titles_colons, false},
    {"ratings.csv", "movies.csv", &rs_titles_csv, false},
    {"ratings.txt", NULL, NULL, false},
};
#define LAYOUTS (sizeof layouts / sizeof *layouts)

/* Data that people ask for, by a part of the name they give them. */
static const struct known {
    const char *part;
    const char *title;
    const char *from;
} known_data[] = {
    {"ml-100k", "MovieLens 100K", "https://grouplens.org/datasets/movielens/100k/"},
    {"ml-1m", "MovieLens 1M", "https://grouplens.org/datasets/movielens/1m/"},
    {"ml-10m", "MovieLens 10M", "https://grouplens.org/datasets/movielens/10m/"},
    {"ml-20m", "MovieLens 20M", "https://grouplens.org/datasets/movielens/20m/"},
    {"ml-25m", "MovieLens 25M", "https://grouplens.org/datasets/movielens/25m/"},
    {"ml-32m", "MovieLens 32M", "https://grouplens.org/datasets/movielens/32m/"},
    {"ml-latest", "MovieLens Latest", "https://grouplens.org/datasets/movielens/latest/"},
    {"movietweetings", "MovieTweetings", "https://github.com/sidooms/MovieTweetings"},
    {"filmtrust", "FilmTrust", "https://guoguibing.github.io/librec/datasets.html"},
};

static enum rs_status refuse_missing(const char *path, struct rs_error *err)
{
    static const char how[] = "name what you have with --data FOLDER or [data] source = FOLDER";
    if (path[0] == '\0')
        return rs_fail(err, RS_DATA,
                       "[data] source is empty: a file or folder of ratings, builtin:playground or builtin:ice1");
    for (size_t i = 0; i < sizeof known_data / sizeof *known_data; i++)
        if (strstr(path, known_data[i].part))
            return rs_fail(
                err, RS_DATA,
                "%.400s: there is no such file or folder: %s is wanted: get it from %s and unpack it, then %s", path,
                known_data[i].title, known_data[i].from, how);
    return rs_fail(err, RS_DATA, "%.400s: there is no such file or folder: ratings are wanted: %s", path, how);
}

/* "/data/ml-1m/" and "." have no last part to be named after; their resolved path has one. */
static void name_source(struct rs_source *out, const char *path)
{
    char resolved[PATH_MAX];
    const char *whole = realpath(path, resolved) ? resolved : path;
    const char *slash = strrchr(whole, '/');
    rs_copy_string(out->name, sizeof out->name, slash && slash[1] ? slash + 1 : whole);
}

static enum rs_status use_layout(struct rs_source *out, const struct layout *layout, struct rs_error *err)
{
    out->certain = layout->certain;
    if (!layout->titles)
        return RS_OK;
    out->titles_form = layout->titles_form;
    enum rs_status status = rs_path_join(out->titles, sizeof out->titles, out->folder, layout->titles, err);
    if (status == RS_OK && !rs_is_file(out->titles))
        out->titles[0] = '\0';
    return status;
}

static enum rs_status find_in_folder(struct rs_source *out, struct rs_error *err)
{
    for (size_t i = 0; i < LAYOUTS; i++) {
        enum rs_status status = rs_path_join(out->ratings, sizeof out->ratings, out->folder, layouts[i].ratings, err);
        if (status != RS_OK)
            return status;
        if (rs_is_file(out->ratings))
            return use_layout(out, &layouts[i], err);
    }
    out->ratings[0] = '\0';
    return RS_OK;
}

static enum rs_status find_beside(struct rs_source *out, const char *path, struct rs_error *err)
{
    const char *slash = strrchr(path, '/');
    size_t length = slash == path ? 1 : slash ? (size_t)(slash - path) : 0;
    if (!rs_copy_string(out->ratings, sizeof out->ratings, path))
        return rs_fail(err, RS_IO, "%.200s...: the path is longer than %d bytes", path, RS_PATH_SIZE - 1);
    memcpy(out->folder, slash ? path : ".", slash ? length : 2);
    const char *name = slash ? slash + 1 : path;
    for (size_t i = 0; i < LAYOUTS; i++)
        if (strcmp(name, layouts[i].ratings) == 0)
            return use_layout(out, &layouts[i], err);
    return RS_OK;
}

enum rs_status rs_source_find(struct rs_source *out, const char *path, struct rs_error *err)
{
    memset(out, 0, sizeof *out);
    name_source(out, path);
    if (rs_is_file(path))
        return find_beside(out, path, err);
    if (!rs_is_folder(path))
        return refuse_missing(path, err);
    if (!rs_copy_string(out->folder, sizeof out->folder, path))
        return rs_fail(err, RS_IO, "%.200s...: the path is longer than %d bytes", path, RS_PATH_SIZE - 1);
    return find_in_folder(out, err);
}
