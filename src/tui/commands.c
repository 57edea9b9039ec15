#include "commands.h"

#include <stdio.h>
#include <string.h>

#include "app.h"
#include "recscope/base/text.h"

const struct rs_command rs_command_table[RS_COMMANDS] = {
#define COMMAND(id, name_, argument_, help_) {name_, argument_, rs_do_##id, help_},
#include "commands.def"
#undef COMMAND
};

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

static const struct rs_command *find_command(const char *name, size_t length)
{
    for (size_t i = 0; i < RS_COMMANDS; i++)
        if (strlen(rs_command_table[i].name) == length && strncmp(rs_command_table[i].name, name, length) == 0)
            return &rs_command_table[i];
    return NULL;
}

static enum rs_status unknown(const char *name, size_t length, struct rs_error *err)
{
    char word[64];
    const char *names[RS_COMMANDS];
    snprintf(word, sizeof word, "%.*s", (int)length, name);
    for (size_t i = 0; i < RS_COMMANDS; i++)
        names[i] = rs_command_table[i].name;
    const char *nearest = rs_nearest_name(word, names, RS_COMMANDS);
    return nearest ? rs_fail(err, RS_USAGE, "%s: there is no such command: did you mean %s?", word, nearest)
                   : rs_fail(err, RS_USAGE, "%s: there is no such command: ? lists the keys", word);
}

static enum rs_status run(struct rs_app *app, const struct rs_command *command, const char *argument,
                          struct rs_error *err)
{
    if (!command->argument && argument[0])
        return rs_fail(err, RS_USAGE, "%s %.80s: it takes nothing behind its name", command->name, argument);
    if (command->argument && command->argument[0] != '[' && !argument[0])
        return rs_fail(err, RS_USAGE, "%s: what is missing: %s %s", command->name, command->name, command->argument);
    return command->run(app, argument, err);
}

enum rs_status rs_command_line(struct rs_app *app, const char *line, struct rs_error *err)
{
    char argument[RS_LINE_SIZE];
    const char *name = skip_blanks(line);
    size_t length = strcspn(name, " \t");
    if (length == 0)
        return RS_OK;
    const struct rs_command *command = find_command(name, length);
    if (!command)
        return unknown(name, length, err);
    if (!rs_copy_string(argument, sizeof argument, skip_blanks(name + length)))
        return rs_fail(err, RS_USAGE, "%s: the line is longer than %d bytes", command->name, RS_LINE_SIZE - 1);
    for (size_t end = strlen(argument); end > 0 && strchr(" \t", argument[end - 1]); end--)
        argument[end - 1] = '\0';
    return run(app, command, argument, err);
}

void rs_command_key(struct rs_app *app, enum rs_command_id id, const char *argument)
{
    struct rs_error err = {0};
    if (run(app, &rs_command_table[id], argument ? argument : "", &err) != RS_OK)
        rs_app_say(app, true, "%s", err.message);
}

/* ---- completion -------------------------------------------------------------------------------------------------- */

/* What all candidates so far share beyond the word that is being completed. */
struct candidates {
    const char *word;
    size_t length;
    char shared[RS_CONF_TEXT_SIZE];
    size_t count;
};

static void consider(struct candidates *all, const char *name)
{
    if (strncmp(name, all->word, all->length) != 0)
        return;
    if (all->count++ == 0) {
        rs_copy_string(all->shared, sizeof all->shared, name);
        return;
    }
    size_t same = 0;
    while (all->shared[same] && all->shared[same] == name[same])
        same++;
    all->shared[same] = '\0';
}

static void consider_settings(struct candidates *all, const struct rs_app *app)
{
    char name[128];
    for (size_t i = 0; i < app->settings.count; i++) {
        const struct rs_conf_row *row = app->settings.rows[i];
        snprintf(name, sizeof name, "%s.%s", row->section, row->key);
        consider(all, name);
    }
}

static void consider_choices(struct candidates *all, const struct rs_app *app, const char *setting, size_t length)
{
    char name[128];
    for (size_t i = 0; i < app->settings.count; i++) {
        const struct rs_conf_row *row = app->settings.rows[i];
        snprintf(name, sizeof name, "%s.%s", row->section, row->key);
        if (row->type != RS_CONF_CHOICE || strlen(name) != length || strncmp(name, setting, length) != 0)
            continue;
        for (size_t k = 0; row->choices[k]; k++)
            consider(all, row->choices[k]);
    }
}

bool rs_command_complete(struct rs_app *app, const char *line, char *out, size_t size)
{
    const char *name = skip_blanks(line);
    const char *blank = strrchr(name, ' ');
    size_t first = strcspn(name, " ");
    struct candidates all = {.word = blank ? blank + 1 : name};
    all.length = strlen(all.word);
    if (!blank) {
        for (size_t i = 0; i < RS_COMMANDS; i++)
            consider(&all, rs_command_table[i].name);
    } else if (find_command(name, first) == &rs_command_table[RS_COMMAND_screen]) {
        for (size_t i = 0; i < RS_SCREENS; i++)
            consider(&all, rs_screens[i]->name);
    } else if (find_command(name, first) == &rs_command_table[RS_COMMAND_set]) {
        const char *setting = skip_blanks(name + first);
        if (setting == all.word)
            consider_settings(&all, app);
        else
            consider_choices(&all, app, setting, strcspn(setting, " "));
    }
    if (all.count == 0 || (strlen(all.shared) == all.length && all.count > 1))
        return false;
    int length = snprintf(out, size, "%.*s%s%s", (int)(all.word - line), line, all.shared, all.count == 1 ? " " : "");
    return length > 0 && (size_t)length < size && strcmp(out, line) != 0;
}
