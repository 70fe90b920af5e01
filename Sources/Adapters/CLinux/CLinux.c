// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <malloc.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int comity_pidfd_open(int32_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

void comity_malloc_trim(void) {
    malloc_trim(0);
}

int comity_path_kind(const char *path, uint64_t *device, uint64_t *inode) {
    struct stat status;
    if (lstat(path, &status) != 0) return errno == ENOENT ? 0 : -1;
    *device = status.st_dev;
    *inode = status.st_ino;
    return S_ISSOCK(status.st_mode) ? 1 : 2;
}

int comity_file_facts(const char *path, int64_t *size, uint32_t *owner, int64_t *written) {
    struct stat status;
    if (stat(path, &status) != 0) return -1;
    *size = status.st_size;
    *owner = status.st_uid;
    *written = status.st_mtim.tv_sec;
    return 0;
}
