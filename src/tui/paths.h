/* paths.h -- paths that are typed. Threads: any. */
#ifndef RS_TUI_PATHS_H
#define RS_TUI_PATHS_H

#include <stdbool.h>
#include <stddef.h>

/* Complete a path to what all entries of its folder share that begin like it: folders, which get a slash, and files
 * that end so. "~/" becomes the home folder. false: nothing to add. */
bool rs_path_complete(const char *text, const char *ending, char *out, size_t size);

#endif
