// SPDX-License-Identifier: Apache-2.0
// What Linux offers and the Glibc module does not show. No system headers here.
#ifndef COMITY_CLINUX_H
#define COMITY_CLINUX_H

#include <stdint.h>

/// Opens a file descriptor that stands for a process; -1 with errno when it cannot (needs Linux 5.3).
int comity_pidfd_open(int32_t pid);

/// Gives freed heap memory back to the system.
void comity_malloc_trim(void);

#endif
