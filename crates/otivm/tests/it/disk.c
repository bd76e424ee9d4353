/* A disk at its worst, for the files below DISK_UNDER. Loaded with LD_PRELOAD by tests/it/faults.rs.

   The folder DISK_KEPT has what a power cut would leave: of what was written only what a later sync that succeeded
   brought there. What a sync that failed should have brought is never there, unless it is written again: so Linux
   treats pages whose writing failed. The file DISK_FAULT, where there is one, says what fails: "sync" with EIO,
   "write" with ENOSPC, "folder" (a name that comes or goes) with EROFS; and after a blank a part of the only paths for
   which it does. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES_MAX 4096
struct range { off_t at; size_t n; };
struct file { char path[512]; struct range *written; size_t count, room; };
static struct file files[FILES_MAX];
static size_t known;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) static __typeof__(name) *real; if (!real) real = dlsym(RTLD_NEXT, #name)

static int real_open(const char *path, int flags, mode_t mode) { REAL(open); return real(path, flags, mode); }
static ssize_t real_pwrite(int fd, const void *from, size_t n, off_t at) { REAL(pwrite64); return real(fd, from, n, at); }
static int real_mkdir(const char *path, mode_t mode) { REAL(mkdir); return real(path, mode); }
static int real_ftruncate(int fd, off_t n) { REAL(ftruncate64); return real(fd, n); }
static int real_unlink(const char *path) { REAL(unlink); return real(path); }
static int real_rename(const char *from, const char *to) { REAL(rename); return real(from, to); }

static int below(const char *path) {
    const char *under = getenv("DISK_UNDER");
    return under && strncmp(path, under, strlen(under)) == 0;
}

static int fails(const char *what, const char *path) {
    char found[128] = {0};
    const char *fault = getenv("DISK_FAULT");
    int fd = fault ? real_open(fault, O_RDONLY, 0) : -1;
    if (fd < 0) return 0;
    ssize_t n = read(fd, found, sizeof found - 1);
    close(fd);
    if (n <= 0) return 0;
    char *only = strchr(found, ' ');
    if (only) *only++ = 0;
    return strcmp(found, what) == 0 && (!only || strstr(path, only));
}

/* The path of an open file of ours. */
static int path_of(int fd, char *path, size_t room) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, room - 1);
    if (n <= 0) return 0;
    path[n] = 0;
    return below(path) && !strstr(path, "-shm");
}

static void kept_path(const char *path, char *kept, size_t room) {
    snprintf(kept, room, "%s%s", getenv("DISK_KEPT"), path + strlen(getenv("DISK_UNDER")));
}

static void make_folders(char *path) {
    for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        real_mkdir(path, 0755);
        *slash = '/';
    }
}

static struct file *find(const char *path) {
    for (size_t i = 0; i < known; i++) if (strcmp(files[i].path, path) == 0) return &files[i];
    if (known == FILES_MAX) abort();
    snprintf(files[known].path, sizeof files[known].path, "%s", path);
    return &files[known++];
}

static void note(int fd, off_t at, ssize_t n) {
    char path[512];
    if (n <= 0 || !path_of(fd, path, sizeof path)) return;
    pthread_mutex_lock(&lock);
    struct file *file = find(path);
    if (file->count == file->room) {
        file->room = file->room ? 2 * file->room : 64;
        file->written = realloc(file->written, file->room * sizeof *file->written);
        if (!file->written) abort();
    }
    file->written[file->count++] = (struct range){at, (size_t)n};
    pthread_mutex_unlock(&lock);
}

/* What was written since the last sync arrives, or is lost. */
static void arrive(const char *path, int lost) {
    static char part[1 << 16];
    char kept[1024];
    pthread_mutex_lock(&lock);
    struct file *file = find(path);
    kept_path(path, kept, sizeof kept);
    make_folders(kept);
    int from = real_open(path, O_RDONLY, 0);
    int to = lost ? -1 : real_open(kept, O_WRONLY | O_CREAT, 0644);
    for (size_t i = 0; i < file->count && to >= 0 && from >= 0; i++) {
        struct range *range = &file->written[i];
        for (size_t done = 0; done < range->n;) {
            size_t left = range->n - done < sizeof part ? range->n - done : sizeof part;
            ssize_t n = pread(from, part, left, range->at + (off_t)done);
            if (n <= 0) break;
            if (real_pwrite(to, part, (size_t)n, range->at + (off_t)done) != n) abort();
            done += (size_t)n;
        }
    }
    if (to >= 0) close(to);
    if (from >= 0) close(from);
    file->count = 0;
    pthread_mutex_unlock(&lock);
}

static int sync_with(int fd, int (*real)(int)) {
    char path[512];
    if (!path_of(fd, path, sizeof path)) return real(fd);
    struct stat about;
    int file = fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
    int failed = fails("sync", path);
    if (file) arrive(path, failed);
    if (failed) { errno = EIO; return -1; }
    return real(fd);
}

int fsync(int fd) { REAL(fsync); return sync_with(fd, real); }
int fdatasync(int fd) { REAL(fdatasync); return sync_with(fd, real); }

static int full(int fd) {
    char path[512];
    if (!path_of(fd, path, sizeof path) || !fails("write", path)) return 0;
    errno = ENOSPC;
    return 1;
}

ssize_t pwrite64(int fd, const void *from, size_t n, off64_t at) {
    if (full(fd)) return -1;
    ssize_t done = real_pwrite(fd, from, n, at);
    note(fd, at, done);
    return done;
}
ssize_t pwrite(int fd, const void *from, size_t n, off_t at) { return pwrite64(fd, from, n, at); }
ssize_t write(int fd, const void *from, size_t n) {
    REAL(write);
    if (full(fd)) return -1;
    off_t at = lseek(fd, 0, SEEK_CUR);
    ssize_t done = real(fd, from, n);
    if (at >= 0) note(fd, at, done);
    return done;
}

static int folder_fails(const char *path) {
    if (!below(path) || !fails("folder", path)) return 0;
    errno = EROFS;
    return 1;
}

int open64(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
    va_end(more);
    int makes = (flags & O_TMPFILE) == O_TMPFILE || ((flags & O_CREAT) && access(path, F_OK) != 0);
    if (makes && folder_fails(path)) return -1;
    return real_open(path, flags, mode);
}
int open(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
    va_end(more);
    return open64(path, flags, mode);
}
int mkdir(const char *path, mode_t mode) { return folder_fails(path) ? -1 : real_mkdir(path, mode); }
int unlink(const char *path) {
    if (folder_fails(path)) return -1;
    int done = real_unlink(path);
    char kept[1024];
    if (done == 0 && below(path)) {
        pthread_mutex_lock(&lock);
        find(path)->count = 0;
        pthread_mutex_unlock(&lock);
        kept_path(path, kept, sizeof kept);
        real_unlink(kept);
    }
    return done;
}
int rename(const char *from, const char *to) {
    if (folder_fails(to)) return -1;
    int done = real_rename(from, to);
    char old[1024], new[1024];
    if (done == 0 && below(from) && below(to)) {
        kept_path(from, old, sizeof old);
        kept_path(to, new, sizeof new);
        make_folders(new);
        real_rename(old, new);
    }
    return done;
}
int ftruncate64(int fd, off64_t n) {
    char path[512], kept[1024];
    int done = real_ftruncate(fd, n);
    if (done == 0 && path_of(fd, path, sizeof path)) {
        kept_path(path, kept, sizeof kept);
        int to = real_open(kept, O_WRONLY, 0);
        if (to >= 0) {
            if (real_ftruncate(to, n) != 0) abort();
            close(to);
        }
    }
    return done;
}
int ftruncate(int fd, off_t n) { return ftruncate64(fd, n); }
