#include "container.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checksum.h"
#include "recscope/base/file.h"
#include "recscope/base/memory.h"

#define MAGIC   "recscope"
#define ORDER   UINT64_C(0x0102030405060708)
#define BLOCK   ((uint64_t)1 << 20) /* bytes that are read and summed at once: they stay in the cache */
#define LONGEST ((uint64_t)1 << 46) /* of a section: sums of lengths cannot overflow */

struct head {
    char magic[8];
    uint64_t order;
    uint64_t key_length, facts_length, sections;
    uint64_t whole; /* bytes of the file */
    uint64_t body, sum;
};

static uint64_t blocks_of(uint64_t length)
{
    return (length + BLOCK - 1) / BLOCK;
}

static bool read_at(int fd, void *bytes, uint64_t length, uint64_t offset)
{
    for (uint64_t used = 0; used < length;) {
        ssize_t got = pread(fd, (char *)bytes + used, length - used, (off_t)(offset + used));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        used += (uint64_t)got;
    }
    return true;
}

/* The bytes in front of the sections, with the head's own sum taken for 0. */
static uint64_t sum_of_front(const void *front, uint64_t length)
{
    struct head head;
    memcpy(&head, front, sizeof head);
    head.sum = 0;
    return rs_checksum(&head, sizeof head) ^ rs_checksum((const char *)front + sizeof head, length - sizeof head);
}

/* The lengths of the sections, behind the facts; false where the file is not as long as they say. */
static bool take_lengths(struct rs_container *out, const struct head *head, const char *lengths)
{
    uint64_t end = out->first;
    for (size_t i = 0; i < out->sections; i++) {
        memcpy(&out->section[i].length, lengths + i * sizeof(uint64_t), sizeof(uint64_t));
        if (out->section[i].length > LONGEST)
            return false;
        end += out->section[i].length;
    }
    return end == head->whole;
}

static bool take_front(struct rs_container *out, const struct head *head, const char *key, void *facts,
                       size_t facts_size, uint64_t length)
{
    char *front;
    if (rs_alloc(&front, length, 1, NULL) != RS_OK)
        return false;
    const char *at = front + sizeof *head;
    bool good = read_at(out->fd, front, length, 0) && memcmp(front, head, sizeof *head) == 0 &&
                sum_of_front(front, length) == head->sum && memcmp(at, key, head->key_length) == 0;
    if (good) {
        at += head->key_length;
        memcpy(facts, at, facts_size);
        good = take_lengths(out, head, at + facts_size);
    }
    rs_free(front);
    return good;
}

bool rs_container_open(struct rs_container *out, const char *path, const char *key, void *facts, size_t facts_size)
{
    struct head head;
    struct stat about;
    *out = (struct rs_container){.fd = open(path, O_RDONLY | O_CLOEXEC)};
    if (out->fd < 0)
        return false;
    bool good = fstat(out->fd, &about) == 0 && S_ISREG(about.st_mode) && read_at(out->fd, &head, sizeof head, 0) &&
                memcmp(head.magic, MAGIC, sizeof head.magic) == 0 && head.order == ORDER &&
                head.key_length == strlen(key) && head.facts_length == facts_size &&
                head.sections <= RS_SECTIONS_MOST && about.st_size >= 0 && head.whole == (uint64_t)about.st_size;
    if (good) {
        uint64_t length = sizeof head + head.key_length + facts_size + head.sections * sizeof(uint64_t);
        out->sections = head.sections;
        out->body = head.body;
        out->first = length;
        good = take_front(out, &head, key, facts, facts_size, length);
    }
    if (!good)
        rs_container_close(out);
    return good;
}

void rs_container_close(struct rs_container *container)
{
    if (container->fd >= 0)
        close(container->fd);
    container->fd = -1;
}

/* A pass over the sections, cut into blocks. */
struct pass {
    const struct rs_container *container;
    uint64_t *sum; /* (blocks) */
    atomic_bool bad;
};

/* Whether all numbers are below: a loop without a way out, for vector code. */
static bool all_below(const uint32_t *number, uint64_t count, uint32_t below)
{
    uint32_t over = 0;
    for (uint64_t i = 0; i < count; i++)
        over |= (uint32_t)(number[i] >= below);
    return over == 0;
}

static void read_block(void *context, size_t block, size_t thread)
{
    struct pass *pass = context;
    const struct rs_section *section = pass->container->section;
    uint64_t at = pass->container->first;
    uint64_t inside = block; /* of its section */
    (void)thread;
    while (inside >= blocks_of(section->length)) {
        inside -= blocks_of(section->length);
        at += section->length;
        section++;
    }
    uint64_t left = section->length - inside * BLOCK;
    uint64_t length = left < BLOCK ? left : BLOCK;
    char *bytes = (char *)section->bytes + inside * BLOCK;
    if (!read_at(pass->container->fd, bytes, length, at + inside * BLOCK)) {
        atomic_store(&pass->bad, true);
        return;
    }
    pass->sum[block] = rs_checksum(bytes, length);
    const uint32_t *number = (const uint32_t *)section->bytes + inside * (BLOCK / sizeof *number);
    if (section->below && !all_below(number, length / sizeof *number, section->below))
        atomic_store(&pass->bad, true);
}

static uint64_t count_blocks(const struct rs_section *section, size_t sections)
{
    uint64_t blocks = 0;
    for (size_t i = 0; i < sections; i++)
        blocks += blocks_of(section[i].length);
    return blocks;
}

bool rs_container_read(struct rs_container *container, struct rs_pool *pool)
{
    struct pass pass = {.container = container};
    uint64_t blocks = count_blocks(container->section, container->sections);
    if (rs_alloc(&pass.sum, blocks, sizeof *pass.sum, NULL) != RS_OK)
        return false;
    rs_pool_run(pool, blocks, read_block, &pass);
    bool good = !atomic_load(&pass.bad) && rs_checksum(pass.sum, blocks * sizeof *pass.sum) == container->body;
    rs_free(pass.sum);
    return good;
}

static bool write_all(int fd, const void *bytes, uint64_t length, uint64_t offset)
{
    for (uint64_t used = 0; used < length;) {
        ssize_t put = pwrite(fd, (const char *)bytes + used, length - used, (off_t)(offset + used));
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        used += (uint64_t)put;
    }
    return true;
}

/* The sections, and the sums of their blocks; *end is where the file ends. */
static bool write_sections(int fd, uint64_t *end, uint64_t *sum, const struct rs_section *section, size_t sections)
{
    for (size_t i = 0; i < sections; i++) {
        for (uint64_t at = 0; at < section[i].length; at += BLOCK) {
            uint64_t left = section[i].length - at;
            const char *bytes = (const char *)section[i].bytes + at;
            *sum++ = rs_checksum(bytes, left < BLOCK ? left : BLOCK);
            if (!write_all(fd, bytes, left < BLOCK ? left : BLOCK, *end + at))
                return false;
        }
        *end += section[i].length;
    }
    return true;
}

struct draft {
    char *front; /* head, key, facts, lengths */
    uint64_t length;
    uint64_t *sum; /* (blocks) */
};

static enum rs_status start_draft(struct draft *draft, const char *key, const void *facts, size_t facts_size,
                                  const struct rs_section *section, size_t sections, struct rs_error *err)
{
    size_t key_length = strlen(key);
    struct head head = {.order = ORDER, .key_length = key_length, .facts_length = facts_size, .sections = sections};
    memcpy(head.magic, MAGIC, sizeof head.magic);
    draft->length = sizeof head + key_length + facts_size + sections * sizeof(uint64_t);
    enum rs_status status = rs_alloc(&draft->front, draft->length, 1, err);
    if (status == RS_OK)
        status = rs_alloc(&draft->sum, count_blocks(section, sections), sizeof *draft->sum, err);
    if (status != RS_OK)
        return status;
    char *at = draft->front;
    memcpy(at, &head, sizeof head);
    memcpy(at += sizeof head, key, key_length);
    memcpy(at += key_length, facts, facts_size);
    at += facts_size;
    for (size_t i = 0; i < sections; i++, at += sizeof(uint64_t))
        memcpy(at, &section[i].length, sizeof(uint64_t));
    return RS_OK;
}

static bool write_draft(int fd, struct draft *draft, const struct rs_section *section, size_t sections)
{
    struct head head;
    memcpy(&head, draft->front, sizeof head);
    head.whole = draft->length;
    if (!write_sections(fd, &head.whole, draft->sum, section, sections))
        return false;
    head.body = rs_checksum(draft->sum, count_blocks(section, sections) * sizeof *draft->sum);
    memcpy(draft->front, &head, sizeof head);
    head.sum = sum_of_front(draft->front, draft->length);
    memcpy(draft->front, &head, sizeof head);
    return write_all(fd, draft->front, draft->length, 0);
}

static enum rs_status replace(const char *path, struct draft *draft, const struct rs_section *section, size_t sections,
                              struct rs_error *err)
{
    char temporary[RS_PATH_SIZE];
    int size = snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    if (size < 0 || (size_t)size >= sizeof temporary)
        return rs_fail(err, RS_IO, "%.200s...: the path is longer than %d bytes", path, RS_PATH_SIZE - 8);
    int fd = mkstemp(temporary);
    if (fd < 0)
        return rs_fail(err, RS_IO, "%.400s: %s", path, strerror(errno));
    bool good = write_draft(fd, draft, section, sections);
    int failure = errno;
    if (close(fd) != 0 && good) {
        good = false;
        failure = errno;
    }
    if (good && rename(temporary, path) == 0)
        return RS_OK;
    failure = good ? errno : failure;
    unlink(temporary);
    return rs_fail(err, RS_IO, "%.400s: %s", path, strerror(failure));
}

enum rs_status rs_container_write(const char *path, const char *key, const void *facts, size_t facts_size,
                                  const struct rs_section *section, size_t sections, struct rs_error *err)
{
    struct draft draft = {.front = NULL};
    enum rs_status status = start_draft(&draft, key, facts, facts_size, section, sections, err);
    if (status == RS_OK)
        status = replace(path, &draft, section, sections, err);
    rs_free(draft.front);
    rs_free(draft.sum);
    return status;
}
