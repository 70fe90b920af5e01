// SPDX-License-Identifier: Apache-2.0
// What Linux offers and the Glibc module does not show. No system headers here.
#ifndef COMITY_CLINUX_H
#define COMITY_CLINUX_H

#include <stdbool.h>
#include <stdint.h>

/// Opens a file descriptor that stands for a process; -1 with errno when it cannot (needs Linux 5.3).
int comity_pidfd_open(int32_t pid);

/// Gives freed heap memory back to the system.
void comity_malloc_trim(void);

/// What is at a path itself, links not followed: 0 nothing, 1 a socket, 2 something else, -1 with errno. The file's
/// identity is written when there is one.
int comity_path_kind(const char *path, uint64_t *device, uint64_t *inode);

/// What is known of a file without reading it. Times are nanoseconds since 1970.
///
/// Instead of `struct stat`: which Swift module that belongs to depends on what the compiler saw first.
struct comity_file {
    uint64_t device;
    uint64_t inode;
    int64_t size;
    int64_t modified;
    int64_t changed;
    uint32_t owner;
    uint32_t group;
    bool is_regular;
    bool is_socket;
};

/// The file at a path, links followed; 0, or -1 with errno.
int comity_file_at(const char *path, struct comity_file *file);

/// The file that is open; 0, or -1 with errno.
int comity_file_of(int descriptor, struct comity_file *file);

/// Starts a program that never outlives this process: the kernel kills it as soon as this one is gone, however it went.
/// It leads a process group of its own, with no signal blocked or ignored.
///
/// Path, arguments and environment are those of execve; the folder may be null. The three descriptors become its
/// standard input, output and error. Answers with its process ID; -1 with errno when it cannot be started.
int32_t comity_spawn(const char *path, char *const arguments[], char *const environment[], const char *folder,
                     int input, int output, int error);

#endif
