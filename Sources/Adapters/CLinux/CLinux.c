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

static struct comity_file facts(const struct stat *status) {
    return (struct comity_file){
        .device = status->st_dev,
        .inode = status->st_ino,
        .size = status->st_size,
        .modified = status->st_mtim.tv_sec * 1000000000LL + status->st_mtim.tv_nsec,
        .changed = status->st_ctim.tv_sec * 1000000000LL + status->st_ctim.tv_nsec,
        .owner = status->st_uid,
        .group = status->st_gid,
        .is_regular = S_ISREG(status->st_mode),
        .is_socket = S_ISSOCK(status->st_mode),
    };
}

int comity_file_at(const char *path, struct comity_file *file) {
    struct stat status;
    if (stat(path, &status) != 0) return -1;
    *file = facts(&status);
    return 0;
}

int comity_file_of(int descriptor, struct comity_file *file) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) return -1;
    *file = facts(&status);
    return 0;
}
