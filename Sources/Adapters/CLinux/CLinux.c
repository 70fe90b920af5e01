// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CLinux.h"

#include <malloc.h>
#include <sys/syscall.h>
#include <unistd.h>

int comity_pidfd_open(int32_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

void comity_malloc_trim(void) {
    malloc_trim(0);
}
