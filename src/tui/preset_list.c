#include "preset_list.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recscope/base/memory.h"
#include "recscope/base/text.h"
#include "recscope/data/dataset.h"
#include "recscope/experiment/preset.h"
#include "recscope/models/model.h"

#define ENDING   ".ini"
#define BUILT_IN "builtin:"

/* ---- entries ----------------------------------------------------------------------------------------------------- */

static bool is_there(const char *source)
{
    return strncmp(source, BUILT_IN, strlen(BUILT_IN)) == 0 || rs_is_file(source) || rs_is_folder(source);
}

static void describe(struct rs_preset_entry *entry)
{
    struct rs_settings settings;
    struct rs_error err = {0};
    if (rs_preset_read(&settings, entry->path, &err) != RS_OK) {
        size_t length = strlen(entry->path);
        bool named = strncmp(err.message, entry->path, length) == 0 && err.message[length] == ':';
        entry->refused = true;
        snprintf(entry->title, sizeof entry->title, "%s%.150s", named ? "line " : "",
                 err.message + (named ? length + 1 : 0));
        rs_copy_string(entry->about, sizeof entry->about, err.message);
        return;
    }
    const char *source = rs_string(&settings, &rs_row_source);
    const char *notes = rs_string(&settings, &rs_row_notes);
    rs_copy_string(entry->title, sizeof entry->title, rs_string(&settings, &rs_row_title));
    entry->without_data = !is_there(source);
    snprintf(entry->about, sizeof entry->about, "%s on %.100s%s%s%.300s", rs_string(&settings, &rs_row_model), source,
             entry->without_data ? ", which is not here" : "", notes[0] ? ": " : "", notes);
}

static enum rs_status add(struct rs_preset_list *list, const char *path, const char *name, const char *place,
                          struct rs_error *err)
{
    if (list->count == list->room) {
        size_t room = list->room ? 2 * list->room : 16;
        enum rs_status status = rs_grow(&list->entry, list->count, room, sizeof *list->entry, err);
        if (status != RS_OK)
            return status;
        list->room = room;
    }
    struct rs_preset_entry *entry = &list->entry[list->count++];
    *entry = (struct rs_preset_entry){.place = place};
    rs_copy_string(entry->path, sizeof entry->path, path);
    rs_copy_string(entry->name, sizeof entry->name, name);
    describe(entry);
    return RS_OK;
}

/* A name that is found in an earlier place, or a file that is in the list. */
static bool is_known(const struct rs_preset_list *list, const char *path, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->entry[i].path, path) == 0 || strcmp(list->entry[i].name, name) == 0)
            return true;
    return false;
}

static int by_name(const void *a, const void *b)
{
    const struct rs_preset_entry *one = a;
    const struct rs_preset_entry *other = b;
    return strcmp(one->name, other->name);
}

/* folder: "" for the present one, whose files are opened by their whole name. */
static enum rs_status add_folder(struct rs_preset_list *list, const char *folder, const char *place,
                                 struct rs_error *err)
{
    enum rs_status status = RS_OK;
    size_t from = list->count;
    DIR *files = opendir(folder[0] ? folder : ".");
    if (!files)
        return RS_OK;
    for (struct dirent *file = readdir(files); file && status == RS_OK; file = readdir(files)) {
        char path[RS_PATH_SIZE];
        char name[RS_PATH_SIZE];
        size_t length = strlen(file->d_name);
        size_t cut = folder[0] ? strlen(ENDING) : 0;
        if (length <= strlen(ENDING) || strcmp(file->d_name + length - strlen(ENDING), ENDING) != 0)
            continue;
        int used = snprintf(path, sizeof path, "%s%s%s", folder, folder[0] ? "/" : "", file->d_name);
        snprintf(name, sizeof name, "%.*s", (int)(length - cut), file->d_name);
        if (used > 0 && (size_t)used < sizeof path && rs_is_file(path) && !is_known(list, path, name))
            status = add(list, path, name, place, err);
    }
    closedir(files);
    qsort(list->entry + from, list->count - from, sizeof *list->entry, by_name);
    return status;
}

/* ---- the list ---------------------------------------------------------------------------------------------------- */

enum rs_status rs_preset_list_read(struct rs_preset_list *list, struct rs_error *err)
{
    static const char *const places[RS_PRESET_PLACES] = {
        [RS_PRESETS_OWN] = "yours", [RS_PRESETS_HERE] = "presets", [RS_PRESETS_INSTALLED] = "installed"};
    char folder[RS_PATH_SIZE];
    enum rs_status status = RS_OK;
    rs_preset_list_free(list);
    for (int place = 0; place < RS_PRESET_PLACES && status == RS_OK; place++)
        if (rs_preset_folder(folder, (enum rs_preset_place)place))
            status = add_folder(list, folder, places[place], err);
    if (status == RS_OK && !is_known(list, "", RS_PRESET_BUILT_IN))
        status = add(list, RS_PRESET_BUILT_IN, RS_PRESET_BUILT_IN, "built-in", err);
    if (status == RS_OK)
        status = add_folder(list, "", "this folder", err);
    if (status == RS_OK)
        status = rs_alloc(&list->shown, list->count, sizeof *list->shown, err);
    if (status == RS_OK)
        rs_preset_list_filter(list, "");
    return status;
}

void rs_preset_list_free(struct rs_preset_list *list)
{
    rs_free(list->entry);
    rs_free(list->shown);
    *list = (struct rs_preset_list){0};
}

void rs_preset_list_filter(struct rs_preset_list *list, const char *text)
{
    list->shown_count = list->chosen = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct rs_preset_entry *entry = &list->entry[i];
        if (!rs_contains(entry->path, text) && !rs_contains(entry->name, text) && !rs_contains(entry->title, text))
            continue;
        if (strcmp(entry->path, text) == 0 || strcmp(entry->name, text) == 0)
            list->chosen = list->shown_count;
        list->shown[list->shown_count++] = i;
    }
}

void rs_preset_list_move(struct rs_preset_list *list, int by)
{
    if (list->shown_count == 0)
        return;
    long count = (long)list->shown_count;
    list->chosen = (size_t)((((long)list->chosen + by) % count + count) % count);
}

const struct rs_preset_entry *rs_preset_list_chosen(const struct rs_preset_list *list)
{
    return list->shown_count > 0 ? &list->entry[list->shown[list->chosen]] : NULL;
}
