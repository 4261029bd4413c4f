/* Preloaded into a node: a slow disk, on which each fsync and fdatasync takes SYNC_MILLIS longer. After each it notes how
 * far the file had been written before, as "DEVICE:INODE OFFSET" on a line of the file that SYNC_JOURNAL names: whoever kills the node can
 * then take away what a loss of power would have taken. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void note(int fd, off_t written) {
  struct stat file;
  char line[96];
  const char *journal = getenv("SYNC_JOURNAL");
  if (!journal || written < 0 || fstat(fd, &file) != 0 || !S_ISREG(file.st_mode)) {
    return;
  }
  int length = snprintf(line, sizeof line, "%lu:%lu %ld\n", (unsigned long)file.st_dev, (unsigned long)file.st_ino, (long)written);
  int out = open(journal, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (out >= 0) {
    if (write(out, line, length) != length) {
      abort(); /* a test without its journal would prove nothing */
    }
    close(out);
  }
}

static int synced(const char *name, int fd) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  off_t written = lseek(fd, 0, SEEK_CUR); /* before: what is written meanwhile may not be on the disk */
  const char *slow = getenv("SYNC_MILLIS");
  if (slow) {
    usleep(1000 * atoi(slow));
  }
  int result = real(fd);
  int why = errno;
  if (result == 0) {
    note(fd, written);
  }
  errno = why;
  return result;
}

int fsync(int fd) { return synced("fsync", fd); }

int fdatasync(int fd) { return synced("fdatasync", fd); }
