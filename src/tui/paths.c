#include "paths.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recscope/base/file.h"
#include "recscope/base/text.h"

static bool ends(const char *text, const char *ending)
{
    size_t length = strlen(text);
    size_t last = strlen(ending);
    return length >= last && strcmp(text + length - last, ending) == 0;
}

/* What all entries so far share. */
struct shared {
    char name[RS_PATH_SIZE];
    size_t count;
};

static void consider(struct shared *shared, const char *folder, const char *name, const char *ending)
{
    char path[RS_PATH_SIZE];
    struct rs_error err;
    if (rs_path_join(path, sizeof path, folder, name, &err) != RS_OK)
        return;
    bool is_folder = rs_is_folder(path);
    if (!is_folder && !ends(name, ending))
        return;
    if (shared->count++ == 0) {
        snprintf(shared->name, sizeof shared->name, "%s%s", name, is_folder ? "/" : "");
        return;
    }
    size_t same = 0;
    while (shared->name[same] && shared->name[same] == name[same])
        same++;
    shared->name[same] = '\0';
}

bool rs_path_complete(const char *text, const char *ending, char *out, size_t size)
{
    char path[RS_PATH_SIZE];
    struct shared shared = {.count = 0};
    const char *home = strncmp(text, "~/", 2) == 0 ? getenv("HOME") : NULL;
    int length = snprintf(path, sizeof path, "%s%s", home ? home : "", home ? text + 1 : text);
    if (length < 0 || (size_t)length >= sizeof path)
        return false;
    char *slash = strrchr(path, '/');
    const char *begun = slash ? slash + 1 : path;
    char folder[RS_PATH_SIZE];
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(begun - path) : 1, slash ? path : ".");
    DIR *entries = opendir(folder);
    if (!entries)
        return false;
    for (struct dirent *entry = readdir(entries); entry; entry = readdir(entries)) {
        const char *name = entry->d_name;
        bool hidden = name[0] == '.' && (begun[0] != '.' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0);
        if (!hidden && strncmp(name, begun, strlen(begun)) == 0)
            consider(&shared, folder, name, ending);
    }
    closedir(entries);
    if (shared.count == 0)
        return false;
    length = snprintf(out, size, "%.*s%s", (int)(begun - path), path, shared.name);
    return length > 0 && (size_t)length < size && strcmp(out, text) != 0;
}
