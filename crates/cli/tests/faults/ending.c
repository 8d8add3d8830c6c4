/* A process that ends while one of its threads still writes to a file, whose name it is given. */
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

static char bytes[16384];

static void *write_on(void *descriptor) {
    while (pwrite(*(int *)descriptor, bytes, sizeof bytes, 0) > 0) continue;
    return NULL;
}

int main(int count, char **names) {
    static int descriptor;
    pthread_t other;
    descriptor = count == 2 ? open(names[1], O_CREAT | O_RDWR, 0600) : -1;
    if (descriptor < 0 || pthread_create(&other, NULL, write_on, &descriptor) != 0) return 1;
    usleep(1000);
    return 0;
}
