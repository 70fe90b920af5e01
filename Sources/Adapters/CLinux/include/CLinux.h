// SPDX-License-Identifier: Apache-2.0
// What Linux offers and the Glibc module does not show. No system headers here.
#ifndef COMITY_CLINUX_H
#define COMITY_CLINUX_H

#include <stdint.h>

/// Opens a file descriptor that stands for a process; -1 with errno when it cannot (needs Linux 5.3).
int comity_pidfd_open(int32_t pid);

/// Gives freed heap memory back to the system.
void comity_malloc_trim(void);

/// What is at a path itself, links not followed: 0 nothing, 1 a socket, 2 something else, -1 with errno. The file's
/// identity is written when there is one.
int comity_path_kind(const char *path, uint64_t *device, uint64_t *inode);

/// The size of a file, whose it is and when it was last written, in seconds since 1970; links are followed. 0, or -1
/// with errno. Which Swift module `struct stat` belongs to depends on what else is imported; this does not.
int comity_file_facts(const char *path, int64_t *size, uint32_t *owner, int64_t *written);

/// Starts a program that never outlives this process: the kernel kills it as soon as this one is gone, however it went.
/// It leads a process group of its own, with no signal blocked or ignored.
///
/// Path, arguments and environment are those of execve; the folder may be null. The three descriptors become its
/// standard input, output and error. Answers with its process ID; -1 with errno when it cannot be started.
int32_t comity_spawn(const char *path, char *const arguments[], char *const environment[], const char *folder,
                     int input, int output, int error);

#endif
