/* A disk that tests can watch and fill, laid over the files of one folder with LD_PRELOAD.
 *
 * Each call that changes a file below the folder, or asks that it be kept, is carried out and then written to a
 * recording, in the order in which the calls ended; `disk.rs` reads it. Whoever is loaded with this is told by
 * variables, of which the product itself knows none:
 *
 *   FAULT_FOLDER     the folder, absolute; files elsewhere are left alone
 *   FAULT_RECORDING  the file to which the recording is added; none is made without it
 *   FAULT_ROOM       how many bytes files may still grow by writing; the next byte is answered with "no space left on device"
 *   FAULT_KILL       the process kills itself at this operation, counted from 1; a write is cut in half by it
 *   FAULT_STOP       the process stops before this operation, until somebody lets it go on
 *   FAULT_COUNT      the file into which it is written at the end how many operations there were
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define DESCRIPTORS 4096

static pthread_mutex_t turn = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static char *paths[DESCRIPTORS];
static char folder[PATH_MAX];
static size_t folder_length;
static int recording = -1;
static long long room = -1, kill_at, stop_at, operations;

static void start(void) {
    const char *text = getenv("FAULT_FOLDER");
    if (text) {
        strncpy(folder, text, sizeof folder - 1);
        folder_length = strlen(folder);
    }
    if ((text = getenv("FAULT_RECORDING")))
        recording = (int)syscall(SYS_openat, AT_FDCWD, text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if ((text = getenv("FAULT_ROOM"))) room = atoll(text);
    if ((text = getenv("FAULT_KILL"))) kill_at = atoll(text);
    if ((text = getenv("FAULT_STOP"))) stop_at = atoll(text);
}

static void lock(void) {
    pthread_once(&once, start);
    pthread_mutex_lock(&turn);
}

static void unlock(void) {
    int kept = errno;
    pthread_mutex_unlock(&turn);
    errno = kept;
}

/* The path without `//`, `/./` and a slash at its end; absolute if it is below the folder. */
static int is_watched(const char *path, char *out) {
    char whole[2 * PATH_MAX];
    if (!folder_length || !path) return 0;
    if (path[0] == '/') {
        strncpy(whole, path, sizeof whole - 1);
        whole[sizeof whole - 1] = 0;
    } else {
        if (!getcwd(whole, PATH_MAX)) return 0;
        strncat(whole, "/", 2);
        strncat(whole, path, PATH_MAX - 1);
    }
    size_t length = 0;
    for (const char *at = whole; *at && length < PATH_MAX - 1; at++) {
        if (at[0] == '/' && (at[1] == '/' || at[1] == 0)) continue;
        if (at[0] == '/' && at[1] == '.' && (at[2] == '/' || at[2] == 0)) { at++; continue; }
        out[length++] = *at;
    }
    out[length] = 0;
    return strncmp(out, folder, folder_length) == 0 && (out[folder_length] == '/' || out[folder_length] == 0);
}

static const char *path_of(int descriptor) {
    return descriptor >= 0 && descriptor < DESCRIPTORS ? paths[descriptor] : NULL;
}

static void die(void) {
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) pause();
}

/* Counts an operation; whether the process is to die in the middle of it. */
static int is_last(void) {
    if (++operations == stop_at) syscall(SYS_kill, getpid(), SIGSTOP);
    return operations == kill_at;
}

/* At the end of the process. The turn is not given back: whatever else still runs would be cut off in the middle of an operation,
 * or of what is written of it. */
__attribute__((destructor)) static void end(void) {
    lock();
    const char *file = getenv("FAULT_COUNT");
    int descriptor = file ? (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
    char digits[32];
    size_t at = sizeof digits;
    for (long long rest = operations; rest > 0 || at == sizeof digits; rest /= 10) digits[--at] = (char)('0' + rest % 10);
    if (descriptor >= 0) syscall(SYS_write, descriptor, digits + at, sizeof digits - at);
}

static void record(char what, const char *path, const char *other, int64_t offset, const void *data, size_t length) {
    if (recording < 0) return;
    struct __attribute__((packed)) { uint8_t what; uint16_t path, other; int64_t offset; uint32_t length; } head = {
        (uint8_t)what, (uint16_t)strlen(path), (uint16_t)strlen(other), offset, (uint32_t)length};
    struct iovec parts[4] = {{&head, sizeof head}, {(void *)path, head.path}, {(void *)other, head.other}, {(void *)data, length}};
    int kept = errno;
    syscall(SYS_writev, recording, parts, 4);
    errno = kept;
}

/* How much of a write there is room for; the room is taken. */
static size_t granted(int descriptor, int64_t offset, size_t length) {
    struct stat status;
    if (room < 0 || syscall(SYS_fstat, descriptor, &status) != 0) return length;
    int64_t growth = offset + (int64_t)length - status.st_size;
    if (growth <= 0) return length;
    if (growth <= room) {
        room -= growth;
        return length;
    }
    int64_t fits = (int64_t)length - (growth - room);
    room = 0;
    return fits > 0 ? (size_t)fits : 0;
}

static ssize_t write_watched(int descriptor, const char *path, const void *data, size_t length, int64_t offset) {
    size_t fits = granted(descriptor, offset, length);
    if (fits == 0 && length > 0) {
        errno = ENOSPC;
        return -1;
    }
    int dies = is_last();
    if (dies) fits /= 2;
    ssize_t done = syscall(SYS_pwrite64, descriptor, data, fits, offset);
    if (dies) die();
    if (done > 0) record('W', path, "", offset, data, (size_t)done);
    return done;
}

static ssize_t write_any(int descriptor, const void *data, size_t length) {
    const char *path = path_of(descriptor);
    ssize_t done;
    if (path) {
        int64_t offset = lseek(descriptor, 0, fcntl(descriptor, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR);
        done = write_watched(descriptor, path, data, length, offset);
        if (done > 0) lseek(descriptor, offset + done, SEEK_SET);
    } else {
        /* What is said on standard output is the acknowledgement; it counts from its first byte on. */
        if (descriptor == 1 && is_last()) die();
        if (descriptor == 1) record('A', "", "", 0, data, length);
        done = syscall(SYS_write, descriptor, data, length);
    }
    return done;
}

ssize_t write(int descriptor, const void *data, size_t length) {
    lock();
    ssize_t done = write_any(descriptor, data, length);
    unlock();
    return done;
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    lock();
    ssize_t done = 0;
    for (int part = 0; part < count; part++) {
        ssize_t more = write_any(descriptor, parts[part].iov_base, parts[part].iov_len);
        if (more < 0) { if (done == 0) done = more; break; }
        done += more;
        if ((size_t)more < parts[part].iov_len) break;
    }
    unlock();
    return done;
}

static ssize_t write_at(int descriptor, const void *data, size_t length, int64_t offset) {
    lock();
    const char *path = path_of(descriptor);
    ssize_t done = path ? write_watched(descriptor, path, data, length, offset)
                        : syscall(SYS_pwrite64, descriptor, data, length, offset);
    unlock();
    return done;
}
ssize_t pwrite(int descriptor, const void *data, size_t length, off_t offset) { return write_at(descriptor, data, length, offset); }
ssize_t pwrite64(int descriptor, const void *data, size_t length, off64_t offset) { return write_at(descriptor, data, length, offset); }

static int resize(int descriptor, int64_t length) {
    lock();
    const char *path = path_of(descriptor);
    if (path && is_last()) die();
    /* A file that is only longer takes no room yet. */
    int done = (int)syscall(SYS_ftruncate, descriptor, length);
    if (done == 0 && path) record('T', path, "", length, "", 0);
    unlock();
    return done;
}
int ftruncate(int descriptor, off_t length) { return resize(descriptor, length); }
int ftruncate64(int descriptor, off64_t length) { return resize(descriptor, length); }

static int keep(int descriptor, long call) {
    lock();
    const char *path = path_of(descriptor);
    if (path && is_last()) die();
    int done = (int)syscall(call, descriptor);
    if (done == 0 && path) record('S', path, "", 0, "", 0);
    unlock();
    return done;
}
int fsync(int descriptor) { return keep(descriptor, SYS_fsync); }
int fdatasync(int descriptor) { return keep(descriptor, SYS_fdatasync); }

static int open_any(int base, const char *path, int flags, mode_t mode) {
    char whole[PATH_MAX];
    lock();
    int watched = (base == AT_FDCWD || path[0] == '/') && is_watched(path, whole);
    int descriptor = (int)syscall(SYS_openat, base, path, flags, mode);
    if (descriptor >= 0 && descriptor < DESCRIPTORS) {
        free(paths[descriptor]);
        paths[descriptor] = watched ? strdup(whole) : NULL;
        if (watched && (flags & O_CREAT)) record('O', whole, "", 0, "", 0);
        if (watched && (flags & O_TRUNC)) record('T', whole, "", 0, "", 0);
    }
    unlock();
    return descriptor;
}
#define OPEN(base) \
    va_list more; \
    va_start(more, flags); \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
    va_end(more); \
    return open_any(base, path, flags, mode)
int open(const char *path, int flags, ...) { OPEN(AT_FDCWD); }
int open64(const char *path, int flags, ...) { OPEN(AT_FDCWD); }
int openat(int base, const char *path, int flags, ...) { OPEN(base); }
int openat64(int base, const char *path, int flags, ...) { OPEN(base); }

int close(int descriptor) {
    lock();
    if (descriptor >= 0 && descriptor < DESCRIPTORS) {
        free(paths[descriptor]);
        paths[descriptor] = NULL;
    }
    int done = (int)syscall(SYS_close, descriptor);
    unlock();
    return done;
}

/* A call about one or two names. */
#define NAMES(what, first, second, call) \
    char one[PATH_MAX], two[PATH_MAX]; \
    lock(); \
    int watched = is_watched(first, one) && is_watched(second, two); \
    if (watched && is_last()) die(); \
    int done = (int)(call); \
    if (done == 0 && watched) record(what, one, two, 0, "", 0); \
    unlock(); \
    return done
int unlink(const char *path) { NAMES('U', path, path, syscall(SYS_unlinkat, AT_FDCWD, path, 0)); }
int mkdir(const char *path, mode_t mode) { NAMES('M', path, path, syscall(SYS_mkdirat, AT_FDCWD, path, mode)); }
int rename(const char *from, const char *to) { NAMES('R', from, to, syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0)); }
int link(const char *from, const char *to) { NAMES('L', from, to, syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0)); }
int linkat(int base, const char *from, int other, const char *to, int flags) {
    NAMES('L', from, to, syscall(SYS_linkat, base, from, other, to, flags));
}
