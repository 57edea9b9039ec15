/* file.h -- whole files in, whole files out.
 *
 * A file is replaced by writing a temporary beside it, fsync and rename: a reader sees the old bytes or the new ones.
 * Threads: safe from any thread on distinct paths.
 */
#ifndef RECSCOPE_BASE_FILE_H
#define RECSCOPE_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "recscope/base/status.h"

/* *out = the bytes of path with a NUL behind them. Owns: the caller frees *out. Errors: RS_IO with the path. */
enum rs_status rs_file_read(const char *path, char **out, size_t *length, struct rs_error *err) RS_CHECKED;

/* Replace path by these bytes, or leave it as it was. Errors: RS_IO with the path. */
enum rs_status rs_file_write(const char *path, const void *bytes, size_t length, struct rs_error *err) RS_CHECKED;

/* Create the folder and those above it. One that is there is fine. */
enum rs_status rs_folder_make(const char *path, struct rs_error *err) RS_CHECKED;

bool rs_is_folder(const char *path);
bool rs_is_file(const char *path);

/* "folder/name" into out; RS_IO if it does not fit. */
enum rs_status rs_path_join(char *out, size_t size, const char *folder, const char *name,
                            struct rs_error *err) RS_CHECKED;

#define RS_PATH_SIZE 4096

#endif
