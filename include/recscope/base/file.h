/* file.h -- whole files in, whole files out, in one piece or in many.
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

/* The same piece by piece, for what nobody wants in memory twice: begin, add, and end, which makes the change. A file
 * whose writing failed in between is given up; its error has been told. */
struct rs_file_writer;
/* Owns: the caller, who ends it or gives it up. Errors: RS_IO with the path, RS_MEMORY. */
enum rs_status rs_file_begin(struct rs_file_writer **out, const char *path, struct rs_error *err) RS_CHECKED;
enum rs_status rs_file_add(struct rs_file_writer *writer, const void *bytes, size_t length,
                           struct rs_error *err) RS_CHECKED;
/* Everything is on the disk before the name is the new file's. The writer is freed in any case. */
enum rs_status rs_file_end(struct rs_file_writer *writer, struct rs_error *err) RS_CHECKED;
void rs_file_give_up(struct rs_file_writer *writer); /* NULL is fine */

/* Create the folder and those above it. One that is there is fine. */
enum rs_status rs_folder_make(const char *path, struct rs_error *err) RS_CHECKED;

bool rs_is_folder(const char *path);
bool rs_is_file(const char *path);

/* "folder/name" into out; RS_IO if it does not fit. */
enum rs_status rs_path_join(char *out, size_t size, const char *folder, const char *name,
                            struct rs_error *err) RS_CHECKED;

#define RS_PATH_SIZE 4096

#endif
