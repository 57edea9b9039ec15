#include "preset_list.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recscope/experiment/preset.h"

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void add_folder(struct rs_preset_list *list, const char *folder, const char *prefix)
{
    DIR *open = opendir(folder);
    size_t from = list->count;
    if (!open)
        return;
    for (struct dirent *entry = readdir(open); entry && list->count < RS_PRESETS_MOST; entry = readdir(open)) {
        const char *dot = strrchr(entry->d_name, '.');
        if (!dot || dot == entry->d_name || strcmp(dot, ".ini") != 0)
            continue;
        int length = snprintf(list->path[list->count], RS_PRESET_BYTES, "%s%s", prefix, entry->d_name);
        if (length > 0 && length < RS_PRESET_BYTES)
            list->count++;
    }
    closedir(open);
    qsort(list->path[from], list->count - from, RS_PRESET_BYTES, by_name);
}

void rs_preset_list_read(struct rs_preset_list *list)
{
    list->count = 0;
    add_folder(list, "presets", "presets/");
    add_folder(list, ".", "");
    char installed[RS_PRESET_BYTES];
    int length = snprintf(installed, sizeof installed, "%s/", rs_preset_installed_folder());
    if (length > 0 && (size_t)length < sizeof installed)
        add_folder(list, installed, installed);
}
