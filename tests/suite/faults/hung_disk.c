// A disk that does not answer, for LD_PRELOAD: while the file $HUNG_FLAG exists, calls on paths that contain
// $HUNG_MARK do not return.

#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void wait_for(const char *path) {
  const char *flag = getenv("HUNG_FLAG"), *mark = getenv("HUNG_MARK");
  if (!flag || !mark || !path || !strstr(path, mark)) return;
  while (access(flag, F_OK) == 0) usleep(5000);
}

#define OPEN(name)                                                          \
  int name(const char *path, int flags, ...) {                              \
    va_list list;                                                           \
    va_start(list, flags);                                                  \
    mode_t mode = flags & O_CREAT ? va_arg(list, mode_t) : 0;               \
    va_end(list);                                                           \
    wait_for(path);                                                         \
    return ((int (*)(const char *, int, ...))dlsym(RTLD_NEXT, #name))(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

int statx(int folder, const char *restrict path, int flags, unsigned mask, struct statx *restrict found) {
  wait_for(path);
  return ((int (*)(int, const char *, int, unsigned, struct statx *))dlsym(RTLD_NEXT, "statx"))(folder, path, flags, mask, found);
}

DIR *opendir(const char *path) {
  wait_for(path);
  return ((DIR * (*)(const char *)) dlsym(RTLD_NEXT, "opendir"))(path);
}
