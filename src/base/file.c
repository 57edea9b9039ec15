#include "recscope/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recscope/base/memory.h"

static enum rs_status read_open(int fd, const char *path, char **out, size_t *length, struct rs_error *err)
{
    struct stat about;
    if (fstat(fd, &about) != 0)
        return rs_fail(err, RS_IO, "%s: %s", path, strerror(errno));
    if (S_ISDIR(about.st_mode))
        return rs_fail(err, RS_IO, "%s: this is a folder: a file is wanted", path);
    /* The size is a guess: a pipe has none and a file may grow. One spare byte tells that the end was met. */
    size_t capacity = about.st_size > 0 ? (size_t)about.st_size + 1 : 65536;
    size_t used = 0;
    enum rs_status status = rs_alloc_unfilled(out, capacity + 1, 1, err);
    while (status == RS_OK) {
        if (used == capacity) {
            status = rs_grow(out, used, 2 * capacity + 1, 1, err);
            capacity *= 2;
            continue;
        }
        ssize_t got = read(fd, *out + used, capacity - used);
        if (got == 0)
            break;
        if (got > 0)
            used += (size_t)got;
        else if (errno != EINTR)
            status = rs_fail(err, RS_IO, "%s: reading failed: %s", path, strerror(errno));
    }
    if (status != RS_OK) {
        rs_free(*out);
        *out = NULL;
        return status;
    }
    (*out)[used] = '\0';
    *length = used;
    return RS_OK;
}

enum rs_status rs_file_read(const char *path, char **out, size_t *length, struct rs_error *err)
{
    *out = NULL;
    *length = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return rs_fail(err, RS_IO, "%s: %s", path, strerror(errno));
    enum rs_status status = read_open(fd, path, out, length, err);
    close(fd);
    return status;
}

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

struct rs_file_writer {
    char path[RS_PATH_SIZE];
    char temporary[RS_PATH_SIZE]; /* "": it has gone */
    int fd;                       /* negative: closed */
};

static enum rs_status writing_failed(const struct rs_file_writer *writer, int failure, struct rs_error *err)
{
    return rs_fail(err, RS_IO, "%s: cannot be written: %s", writer->path, strerror(failure));
}

static enum rs_status open_temporary(struct rs_file_writer *writer, struct rs_error *err)
{
    writer->fd = mkstemp(writer->temporary);
    if (writer->fd < 0) {
        writer->temporary[0] = '\0';
        return writing_failed(writer, errno, err);
    }
    mode_t mask = umask(0);
    umask(mask);
    if (fchmod(writer->fd, 0666 & ~mask) != 0 || fcntl(writer->fd, F_SETFD, FD_CLOEXEC) != 0)
        return writing_failed(writer, errno, err);
    return RS_OK;
}

enum rs_status rs_file_begin(struct rs_file_writer **out, const char *path, struct rs_error *err)
{
    *out = NULL;
    struct rs_file_writer *writer;
    enum rs_status status = rs_alloc(&writer, 1, sizeof *writer, err);
    if (status != RS_OK)
        return status;
    writer->fd = -1;
    int size = snprintf(writer->temporary, sizeof writer->temporary, "%s.XXXXXX", path);
    if (size < 0 || (size_t)size >= sizeof writer->temporary) {
        rs_free(writer);
        return rs_fail(err, RS_IO, "%.200s...: the path is longer than %d bytes", path, RS_PATH_SIZE - 8);
    }
    memcpy(writer->path, path, strlen(path) + 1);
    status = open_temporary(writer, err);
    if (status != RS_OK) {
        rs_file_give_up(writer);
        return status;
    }
    *out = writer;
    return RS_OK;
}

enum rs_status rs_file_add(struct rs_file_writer *writer, const void *bytes, size_t length, struct rs_error *err)
{
    return write_all(writer->fd, bytes, length) ? RS_OK : writing_failed(writer, errno, err);
}

enum rs_status rs_file_end(struct rs_file_writer *writer, struct rs_error *err)
{
    int failure = fsync(writer->fd) == 0 ? 0 : errno;
    if (close(writer->fd) != 0 && failure == 0)
        failure = errno;
    writer->fd = -1;
    if (failure == 0 && rename(writer->temporary, writer->path) != 0)
        failure = errno;
    enum rs_status status = RS_OK;
    if (failure == 0)
        writer->temporary[0] = '\0';
    else
        status = writing_failed(writer, failure, err);
    rs_file_give_up(writer);
    return status;
}

void rs_file_give_up(struct rs_file_writer *writer)
{
    if (!writer)
        return;
    if (writer->fd >= 0)
        close(writer->fd);
    if (writer->temporary[0])
        unlink(writer->temporary);
    rs_free(writer);
}

enum rs_status rs_file_write(const char *path, const void *bytes, size_t length, struct rs_error *err)
{
    struct rs_file_writer *writer;
    enum rs_status status = rs_file_begin(&writer, path, err);
    if (!writer)
        return status;
    status = rs_file_add(writer, bytes, length, err);
    if (status == RS_OK)
        return rs_file_end(writer, err);
    rs_file_give_up(writer);
    return status;
}

bool rs_is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

bool rs_is_file(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

enum rs_status rs_folder_make(const char *path, struct rs_error *err)
{
    char part[RS_PATH_SIZE];
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof part)
        return rs_fail(err, RS_IO, "a folder's path has 1 to %d bytes, this one %zu", RS_PATH_SIZE - 1, length);
    memcpy(part, path, length + 1);
    for (size_t i = 1; i <= length; i++) {
        if (part[i] != '/' && part[i] != '\0')
            continue;
        char kept = part[i];
        part[i] = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return rs_fail(err, RS_IO, "%s: the folder cannot be made: %s", part, strerror(errno));
        part[i] = kept;
    }
    if (!rs_is_folder(path))
        return rs_fail(err, RS_IO, "%s: there is a file of that name: a folder is wanted", path);
    return RS_OK;
}

enum rs_status rs_path_join(char *out, size_t size, const char *folder, const char *name, struct rs_error *err)
{
    size_t length = strlen(folder);
    const char *between = length > 0 && folder[length - 1] == '/' ? "" : "/";
    int used = snprintf(out, size, "%s%s%s", folder, between, name);
    if (used < 0 || (size_t)used >= size)
        return rs_fail(err, RS_IO, "%.200s...: the path is longer than %zu bytes", folder, size - 1);
    return RS_OK;
}
