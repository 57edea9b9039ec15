#include "builtin.h"

#include <string.h>

static enum rs_status read_ice1(struct rs_reading *reading, struct rs_titles *titles, struct rs_builtin_facts *facts,
                                const struct rs_settings *settings, struct rs_error *err);

static const struct builtin {
    const char *name;
    enum rs_status (*read)(struct rs_reading *reading, struct rs_titles *titles, struct rs_builtin_facts *facts,
                           const struct rs_settings *settings, struct rs_error *err);
} builtins[] = {
    {RS_BUILTIN_PLAYGROUND, rs_generate_playground},
    {"builtin:ice1", read_ice1},
};
#define BUILTINS (sizeof builtins / sizeof *builtins)

static enum rs_status add_names(struct rs_ids *ids, const char *const *names, size_t count, struct rs_error *err)
{
    enum rs_status status = RS_OK;
    uint32_t index;
    bool fresh;
    for (size_t i = 0; i < count && status == RS_OK; i++)
        status = rs_ids_add(ids, names[i], strlen(names[i]), &index, &fresh, err);
    return status;
}

/* The matrix of in-class exercise 1: films by people, 1 liked, 0 not liked. */
static enum rs_status read_ice1(struct rs_reading *reading, struct rs_titles *titles, struct rs_builtin_facts *facts,
                                const struct rs_settings *settings, struct rs_error *err)
{
    enum { PEOPLE = 4, FILMS = 4 };
    static const char *const people[PEOPLE] = {"Tom", "Henry", "Arnold", "Shafiq"};
    static const char *const films[FILMS] = {"Sun", "Moon", "Stars", "Galaxies"};
    static const char liked[FILMS][PEOPLE + 1] = {"1?0?", "?1?0", "01??", "001?"};
    (void)settings;
    *facts = (struct rs_builtin_facts){.scale = {0, 1, 1}};
    reading->in_order = true;
    reading->untimed = true;
    enum rs_status status = add_names(&reading->users, people, PEOPLE, err);
    if (status == RS_OK)
        status = add_names(&reading->items, films, FILMS, err);
    if (status == RS_OK)
        status = rs_titles_start(titles, FILMS, err);
    for (uint32_t film = 0; film < FILMS && status == RS_OK; film++)
        status = rs_titles_add(titles, film, (struct rs_span){films[film], strlen(films[film])}, err);
    for (uint32_t film = 0; film < FILMS; film++)
        for (uint32_t person = 0; person < PEOPLE && status == RS_OK; person++)
            if (liked[film][person] != '?')
                status = rs_reading_add(reading, person, film, liked[film][person] == '1' ? 1 : 0, 0, err);
    return status;
}

bool rs_builtin_named(const char *source)
{
    return strncmp(source, RS_BUILTIN_PREFIX, strlen(RS_BUILTIN_PREFIX)) == 0;
}

enum rs_status rs_builtin_read(struct rs_reading *reading, struct rs_titles *titles, struct rs_builtin_facts *facts,
                               const char *source, const struct rs_settings *settings, struct rs_error *err)
{
    const char *names[BUILTINS];
    for (size_t i = 0; i < BUILTINS; i++) {
        names[i] = builtins[i].name;
        if (strcmp(source, names[i]) == 0)
            return builtins[i].read(reading, titles, facts, settings, err);
    }
    const char *nearest = rs_nearest_name(source, names, BUILTINS);
    if (nearest)
        return rs_fail(err, RS_DATA, "%.100s: there are no such built-in data: did you mean %s?", source, nearest);
    return rs_fail(err, RS_DATA, "%.100s: there are no such built-in data: there is builtin:playground, builtin:ice1",
                   source);
}
