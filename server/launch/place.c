/* Role: what of this machine the server stands on. Input: names and numbers of the options. Output: sockets, a folder,
 * ids; or one line and a status that say why not.
 * Leaves to others: what runs there. */
#include "launch/place.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#define BACKLOG 4096 /* a stampede waits in the kernel while TLS is worked off */

uint32_t place_addresses(char addresses[PLACE_ADDRESSES_MAX][PLACE_ADDRESS_SIZE])
{
    struct ifaddrs *all;
    uint32_t count = 0;
    if (getifaddrs(&all) < 0) return 0;
    for (struct ifaddrs *one = all; one && count < PLACE_ADDRESSES_MAX; one = one->ifa_next) {
        if (!one->ifa_addr || one->ifa_addr->sa_family != AF_INET) continue;
        if ((one->ifa_flags & IFF_LOOPBACK) || !(one->ifa_flags & IFF_UP)) continue;
        const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)one->ifa_addr;
        if (inet_ntop(AF_INET, &in->sin_addr, addresses[count], PLACE_ADDRESS_SIZE)) count++;
    }
    freeifaddrs(all);
    return count;
}

int place_listen(const char *address, uint32_t port, char message[512], int *status)
{
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char service[8];
    snprintf(service, sizeof service, "%u", port % 65536);
    if (getaddrinfo(address, service, &wanted, &found) != 0) {
        snprintf(message, 512, "%.64s is not an address of the form 192.0.2.1 or ::1", address);
        *status = EX_CONFIG;
        return -1;
    }
    int one = 1;
    int listener = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool ok = listener >= 0 && setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
              bind(listener, found->ai_addr, found->ai_addrlen) == 0 && listen(listener, BACKLOG) == 0;
    int error = errno;
    freeaddrinfo(found);
    if (ok) return listener;
    if (listener >= 0) close(listener);
    if (error == EADDRINUSE)
        snprintf(message, 512, "port %u of %.64s is taken: is the server running already? (--port, --desk-port)", port,
            address);
    else
        snprintf(message, 512, "port %u of %.64s: %s", port, address, strerror(error));
    *status = error == EACCES ? EX_NOPERM : EX_UNAVAILABLE;
    return -1;
}

bool place_data(const char *folder, bool *was_made, char message[512], int *status)
{
    struct stat about;
    *was_made = false;
    *status = EX_CANTCREAT;
    if (mkdir(folder, 0700) == 0) {
        *was_made = true;
        return true;
    }
    if (errno != EEXIST) {
        snprintf(message, 512, "data folder %.300s cannot be made: %s", folder, strerror(errno));
        return false;
    }
    if (stat(folder, &about) < 0 || !S_ISDIR(about.st_mode)) {
        snprintf(message, 512, "data folder %.300s is not a folder", folder);
        return false;
    }
    *status = EX_NOPERM;
    if (about.st_uid != geteuid() && geteuid() != 0) {
        snprintf(message, 512, "data folder %.300s belongs to another user", folder);
        return false;
    }
    bool is_open = (about.st_mode & 077) != 0;
    if (access(folder, R_OK | W_OK | X_OK) < 0 || (is_open && chmod(folder, about.st_mode & 07700) < 0)) {
        *status = errno == EROFS ? EX_CANTCREAT : EX_NOPERM;
        snprintf(message, 512, "data folder %.300s cannot be written: %s", folder, strerror(errno));
        return false;
    }
    return true;
}

void place_unmake(const char *folder)
{
    DIR *dir = opendir(folder);
    if (!dir) return;
    struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        struct stat about;
        if (fstatat(dirfd(dir), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(about.st_mode))
            unlinkat(dirfd(dir), entry->d_name, 0);
    }
    closedir(dir);
    rmdir(folder);
}

bool place_user(const char *name, uint32_t *uid, uint32_t *gid, char message[512])
{
    *uid = *gid = 0;
    if (geteuid() != 0) {
        if (!name[0]) return true;
        snprintf(message, 512, "--edge-user %.64s: only root can give the edges another user", name);
        return false;
    }
    struct passwd *user = getpwnam(name[0] ? name : "jingda-edge");
    if (!user && !name[0]) user = getpwnam("nobody");
    if (!user) {
        snprintf(message, 512, "--edge-user %.64s: no such user", name);
        return false;
    }
    *uid = user->pw_uid;
    *gid = user->pw_gid;
    return true;
}
