// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

struct request {
    const char *path;
    char *const *arguments;
    char *const *environment;
    const char *folder;
    int descriptors[3];
    int32_t pid;
    int error;
    int done;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct request *pending;
static int thread_error;

/// Whatever else is open here stays here: a pipe that the program held too would never tell that its other end was closed.
static void keep_from_program(int first) {
    if (close_range((unsigned)first, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
    // Linux before 5.11.
    long limit = sysconf(_SC_OPEN_MAX);
    for (int descriptor = first; descriptor < limit; descriptor++) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

/// What the new process does before it is the program. Only calls that are safe in a copy of a threaded process.
static _Noreturn void become(const struct request *request, pid_t parent, int report) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
    setpgid(0, 0);
    int copies[3] = {-1, -1, -1};
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) goto failed;
    // Whoever is gone by now sends no signal any more.
    if (getppid() != parent) _exit(127);
    // Copied out of the way first: a source may have the number of another's target.
    for (int i = 0; i < 3; i++) {
        copies[i] = fcntl(request->descriptors[i], F_DUPFD_CLOEXEC, 3);
        if (copies[i] < 0) goto failed;
    }
    for (int i = 0; i < 3; i++) {
        if (dup2(copies[i], i) < 0) goto failed;
    }
    if (request->folder != NULL && chdir(request->folder) != 0) goto failed;
    keep_from_program(3);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(request->path, request->arguments, request->environment);
failed:;
    int error = errno;
    ssize_t written = write(report, &error, sizeof error);
    (void)written;
    _exit(127);
}

static void start(struct request *request) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) {
        request->error = errno;
        return;
    }
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) become(request, parent, report[1]);
    int error = pid < 0 ? errno : 0;
    close(report[1]);
    if (pid > 0) {
        // Nothing comes when the program runs: execve has closed the other end.
        ssize_t count;
        while ((count = read(report[0], &error, sizeof error)) < 0 && errno == EINTR) {}
        if (count > 0) {
            while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
        }
    }
    close(report[0]);
    request->pid = error == 0 ? pid : -1;
    request->error = error;
}

/// The kernel kills the children of a thread when that thread ends. This one ends with the process only.
static void *start_all(void *unused) {
    (void)unused;
    pthread_mutex_lock(&lock);
    while (1) {
        while (pending == NULL) pthread_cond_wait(&changed, &lock);
        start(pending);
        pending->done = 1;
        pending = NULL;
        pthread_cond_broadcast(&changed);
    }
    return NULL;
}

static void make_thread(void) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    thread_error = pthread_create(&thread, NULL, start_all, NULL);
    if (thread_error == 0) pthread_detach(thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

int32_t comity_spawn(const char *path, char *const arguments[], char *const environment[], const char *folder,
                     int input, int output, int error) {
    struct request request = {
        .path = path, .arguments = arguments, .environment = environment, .folder = folder,
        .descriptors = {input, output, error}, .pid = -1,
    };
    pthread_once(&once, make_thread);
    if (thread_error != 0) {
        errno = thread_error;
        return -1;
    }
    pthread_mutex_lock(&lock);
    while (pending != NULL) pthread_cond_wait(&changed, &lock);
    pending = &request;
    pthread_cond_broadcast(&changed);
    while (!request.done) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    errno = request.error;
    return request.pid;
}
