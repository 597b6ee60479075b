/* Role: the bus over Unix stream sockets with abstract names, between processes of one machine.
 * Input: listening descriptors (the core's side) or a name (a sibling's side). Output: whole messages to the handlers.
 * Leaves to others: what the messages mean, and saying again what a broken channel lost.
 *
 * On the wire a message is a u32 size, little-endian, and that many bytes. Everything is non-blocking and hangs on one
 * epoll descriptor, so that a loop needs to watch only that: the sockets, an eventfd that is set while a pump has
 * work that no socket shows (messages read but not handed over, bytes to be written, a channel to be reported as
 * closed), and a timerfd for the next try to connect.
 *
 * Sending only queues; the next pump writes what has come together. One write for each message would double the core's
 * time for an answer (1.5 us of kernel for 60 bytes). */
#include "bus/bus.h"

#include "base/expect.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

#define SIZE_BYTES     4
#define INPUT_FIRST    8192
#define INPUT_MAX      (SIZE_BYTES + BUS_MESSAGE_MAX)
#define OUTPUT_EAGER   (64 * 1024)   /* this much does not wait for the pump */
#define OUTPUT_KEEP    (1024 * 1024) /* a larger buffer is given back once empty */
#define LISTENERS_MAX  4
#define EVENTS_MAX     64
#define RETRY_MS       50
#define LISTEN_BACKLOG 128

struct queue {
    uint8_t *data;
    size_t start, end, capacity;
};

struct unix_channel {
    struct bus_channel base;
    struct unix_channel *next;
    int descriptor;
    struct queue input, output;
    bool is_readable;  /* the kernel may have more */
    bool wants_output; /* EPOLLOUT is asked for */
    bool is_broken;    /* to be reported as closed */
    bool is_closed;    /* nobody may hear of it again; freed at the end of the pump */
};

struct unix_bus {
    struct bus base;
    int epoll, work, timer;
    struct bus_unix_listener listeners[LISTENERS_MAX];
    uint32_t listeners_count;
    char address[sizeof(((struct sockaddr_un *)0)->sun_path)]; /* "": this is the core's side */
    struct unix_channel *channels;
    bool is_pumping;
};

static struct unix_bus *bus_of(struct bus *bus)
{
    return (struct unix_bus *)bus;
}
static struct unix_channel *channel_of(struct bus_channel *channel)
{
    return (struct unix_channel *)channel;
}

static size_t queue_size(const struct queue *q)
{
    return q->end - q->start;
}

/* Room for `size` more bytes at the end. */
static bool queue_reserve(struct queue *q, size_t size, size_t first)
{
    if (q->capacity - q->end >= size) return true;
    if (q->start > 0) {
        memmove(q->data, q->data + q->start, queue_size(q));
        q->end -= q->start;
        q->start = 0;
        if (q->capacity - q->end >= size) return true;
    }
    size_t capacity = q->capacity ? q->capacity : first;
    while (capacity - q->end < size)
        capacity *= 2;
    uint8_t *data = realloc(q->data, capacity);
    if (!data) return false;
    q->data = data;
    q->capacity = capacity;
    return true;
}

static void queue_take(struct queue *q, size_t size)
{
    q->start += size;
    if (q->start < q->end) return;
    q->start = q->end = 0;
    if (q->capacity > OUTPUT_KEEP) {
        free(q->data);
        *q = (struct queue){0};
    }
}

static void watch(struct unix_bus *bus, int operation, int descriptor, uint32_t events, void *what)
{
    struct epoll_event event = {.events = events, .data.ptr = what};
    expect(epoll_ctl(bus->epoll, operation, descriptor, &event) == 0);
}

static void note_work(struct unix_bus *bus)
{
    if (bus->is_pumping) return; /* the pump looks for itself before it ends */
    uint64_t one = 1;
    if (write(bus->work, &one, sizeof one) < 0) expect(errno == EAGAIN);
}

/* ---- channels ---- */

static struct unix_channel *channel_add(struct unix_bus *bus, int descriptor, enum bus_peer peer)
{
    struct unix_channel *channel = calloc(1, sizeof *channel);
    if (!channel) {
        close(descriptor);
        return NULL;
    }
    channel->base.bus = &bus->base;
    channel->base.peer = peer;
    channel->descriptor = descriptor;
    channel->next = bus->channels;
    bus->channels = channel;
    watch(bus, EPOLL_CTL_ADD, descriptor, EPOLLIN, channel);
    if (bus->base.handlers.opened) bus->base.handlers.opened(bus->base.handlers.context, &channel->base, peer);
    return channel;
}

static void channel_free(struct unix_channel *channel)
{
    if (channel->descriptor >= 0) close(channel->descriptor);
    free(channel->input.data);
    free(channel->output.data);
    free(channel);
}

static void channel_break(struct unix_channel *channel)
{
    if (channel->is_broken || channel->is_closed) return;
    channel->is_broken = true;
    note_work(bus_of(channel->base.bus));
}

/* Writes what the kernel takes. */
static void channel_flush(struct unix_channel *channel)
{
    struct unix_bus *bus = bus_of(channel->base.bus);
    struct queue *output = &channel->output;
    while (queue_size(output) > 0 && !channel->is_broken) {
        ssize_t sent =
            send(channel->descriptor, output->data + output->start, queue_size(output), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) {
            queue_take(output, (size_t)sent);
            continue;
        }
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
        channel_break(channel);
        return;
    }
    bool wants_output = queue_size(output) > 0;
    if (wants_output != channel->wants_output) {
        channel->wants_output = wants_output;
        watch(bus, EPOLL_CTL_MOD, channel->descriptor, EPOLLIN | (wants_output ? EPOLLOUT : 0), channel);
    }
}

static bool unix_send(struct bus_channel *base, struct span message)
{
    struct unix_channel *channel = channel_of(base);
    struct queue *output = &channel->output;
    if (channel->is_broken || channel->is_closed) return false;
    if (message.size == 0 || message.size > BUS_MESSAGE_MAX) return false;
    if (queue_size(output) + SIZE_BYTES + message.size > BUS_QUEUE_MAX ||
        !queue_reserve(output, SIZE_BYTES + message.size, INPUT_FIRST)) {
        channel_break(channel);
        return false;
    }
    if (queue_size(output) == 0) note_work(bus_of(base->bus));
    struct writer w = writer_over(output->data + output->end, SIZE_BYTES + message.size);
    write_span(&w, message);
    expect(w.ok);
    output->end += w.size;
    if (queue_size(output) >= OUTPUT_EAGER && !channel->wants_output) channel_flush(channel);
    return !channel->is_broken;
}

static void unix_close(struct bus_channel *base)
{
    struct unix_channel *channel = channel_of(base);
    if (channel->is_closed) return;
    channel_flush(channel);
    channel->is_closed = true;
    close(channel->descriptor); /* leaves the epoll set with it */
    channel->descriptor = -1;
    note_work(bus_of(base->bus));
}

/* Reads once into the room that is left. False: nothing more for now. */
static bool channel_read(struct unix_channel *channel)
{
    struct queue *input = &channel->input;
    size_t wanted = SIZE_BYTES;
    if (queue_size(input) >= SIZE_BYTES) {
        struct reader r = reader_over(input->data + input->start, SIZE_BYTES);
        wanted += read_u32(&r); /* checked when it was first seen, so at most INPUT_MAX */
    }
    size_t missing = wanted > queue_size(input) ? wanted - queue_size(input) : 1;
    if (!queue_reserve(input, missing, INPUT_FIRST)) {
        channel_break(channel);
        return false;
    }
    ssize_t got = recv(channel->descriptor, input->data + input->end, input->capacity - input->end, MSG_DONTWAIT);
    if (got > 0) {
        input->end += (size_t)got;
        return true;
    }
    channel->is_readable = false;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return false;
    channel_break(channel); /* the end, or an error */
    return false;
}

/* Hands over one whole message. False: there is none (or the sender broke the framing). */
static bool channel_hand_over(struct unix_channel *channel)
{
    struct queue *input = &channel->input;
    if (channel->is_closed || queue_size(input) < SIZE_BYTES) return false;
    struct reader r = reader_over(input->data + input->start, queue_size(input));
    uint32_t size = read_u32(&r);
    if (size == 0 || size > BUS_MESSAGE_MAX) {
        channel_break(channel);
        input->start = input->end = 0; /* nothing after that can be trusted */
        return false;
    }
    if (queue_size(input) < SIZE_BYTES + size) return false;
    struct span message = {input->data + input->start + SIZE_BYTES, size};
    const struct bus_handlers *handlers = &channel->base.bus->handlers;
    handlers->message(handlers->context, &channel->base, message);
    queue_take(input, SIZE_BYTES + size);
    return true;
}

/* ---- connecting ---- */

static socklen_t address_fill(struct sockaddr_un *to, const char *address)
{
    size_t size = strlen(address);
    if (size == 0 || size >= sizeof to->sun_path) return 0;
    *to = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(to->sun_path + 1, address, size); /* the leading zero byte makes it abstract */
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + size);
}

static void accept_all(struct unix_bus *bus, const struct bus_unix_listener *listener)
{
    for (;;) {
        int descriptor = accept4(listener->descriptor, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor < 0) return;
        struct ucred peer;
        socklen_t size = sizeof peer;
        bool is_known = getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
                        (peer.uid == listener->peer_uid || peer.uid == geteuid());
        if (is_known)
            channel_add(bus, descriptor, listener->peer);
        else
            close(descriptor);
    }
}

static void retry_later(struct unix_bus *bus)
{
    struct itimerspec when = {.it_value.tv_nsec = RETRY_MS * 1000000L};
    expect(timerfd_settime(bus->timer, 0, &when, NULL) == 0);
}

static void try_connect(struct unix_bus *bus)
{
    struct sockaddr_un to;
    socklen_t size = address_fill(&to, bus->address);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor >= 0 && connect(descriptor, (struct sockaddr *)&to, size) == 0) {
        channel_add(bus, descriptor, BUS_PEER_CORE);
        return;
    }
    if (descriptor >= 0) close(descriptor);
    retry_later(bus);
}

/* ---- the pump ---- */

static void drain_counter(int descriptor)
{
    uint64_t count;
    if (read(descriptor, &count, sizeof count) < 0) expect(errno == EAGAIN);
}

static bool is_listener(const struct unix_bus *bus, const void *what)
{
    for (uint32_t i = 0; i < bus->listeners_count; i++)
        if (what == &bus->listeners[i]) return true;
    return false;
}

/* Takes the kernel's news. Only notes who is readable: reading happens where it can be bounded. */
static void gather(struct unix_bus *bus)
{
    struct epoll_event events[EVENTS_MAX];
    int count = epoll_wait(bus->epoll, events, EVENTS_MAX, 0);
    for (int i = 0; i < count; i++) {
        void *what = events[i].data.ptr;
        if (what == &bus->work) {
            drain_counter(bus->work);
        } else if (what == &bus->timer) {
            drain_counter(bus->timer);
            if (!bus->channels) try_connect(bus);
        } else if (is_listener(bus, what)) {
            accept_all(bus, what);
        } else {
            struct unix_channel *channel = what;
            if (channel->is_closed) continue;
            if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) channel->is_readable = true;
            if (events[i].events & EPOLLOUT) channel_flush(channel);
        }
    }
}

/* One message of each channel in turn, so that a busy one cannot starve the others. */
static void hand_over(struct unix_bus *bus, uint32_t messages_max)
{
    bool is_more = true;
    while (is_more && messages_max > 0) {
        is_more = false;
        for (struct unix_channel *channel = bus->channels; channel && messages_max > 0; channel = channel->next) {
            if (channel->is_closed) continue;
            bool has_message = channel_hand_over(channel);
            if (!has_message && channel->is_readable && !channel->is_broken)
                has_message = channel_read(channel) && channel_hand_over(channel);
            if (has_message) messages_max--;
            is_more = is_more || has_message || (channel->is_readable && !channel->is_broken);
        }
    }
}

static bool has_whole_message(const struct unix_channel *channel)
{
    if (queue_size(&channel->input) < SIZE_BYTES) return false;
    struct reader r = reader_over(channel->input.data + channel->input.start, SIZE_BYTES);
    return queue_size(&channel->input) >= SIZE_BYTES + (size_t)read_u32(&r);
}

/* Reports and frees what is gone. What had arrived before the end is handed over first. */
static bool sweep(struct unix_bus *bus)
{
    bool has_work = false;
    for (struct unix_channel *channel = bus->channels; channel; channel = channel->next) {
        if (channel->is_closed) continue;
        if (has_whole_message(channel) || (!channel->is_broken && channel->is_readable)) {
            has_work = true;
        } else if (channel->is_broken) {
            channel->is_closed = true;
            const struct bus_handlers *handlers = &bus->base.handlers;
            if (handlers->closed) handlers->closed(handlers->context, &channel->base);
        }
    }
    bool was_connected = bus->channels != NULL;
    for (struct unix_channel **at = &bus->channels; *at;) {
        struct unix_channel *channel = *at;
        if (channel->is_closed) {
            *at = channel->next;
            channel_free(channel);
        } else {
            at = &channel->next;
        }
    }
    if (bus->address[0] && was_connected && !bus->channels) retry_later(bus);
    return has_work;
}

static void unix_pump(struct bus *base, uint32_t messages_max)
{
    struct unix_bus *bus = bus_of(base);
    expect(!bus->is_pumping);
    bus->is_pumping = true;
    gather(bus);
    hand_over(bus, messages_max);
    for (struct unix_channel *channel = bus->channels; channel; channel = channel->next)
        if (!channel->is_closed && !channel->wants_output && queue_size(&channel->output) > 0) channel_flush(channel);
    bool has_work = sweep(bus);
    bus->is_pumping = false;
    for (struct unix_channel *channel = bus->channels; channel && !has_work; channel = channel->next)
        has_work =
            channel->is_broken || channel->is_closed || (queue_size(&channel->output) > 0 && !channel->wants_output);
    if (has_work) note_work(bus);
}

static int unix_descriptor(struct bus *base)
{
    return bus_of(base)->epoll;
}

static void unix_destroy(struct bus *base)
{
    struct unix_bus *bus = bus_of(base);
    while (bus->channels) {
        struct unix_channel *channel = bus->channels;
        bus->channels = channel->next;
        if (!channel->is_closed) channel_flush(channel);
        channel_free(channel);
    }
    close(bus->timer);
    close(bus->work);
    close(bus->epoll);
    free(bus);
}

static const struct bus_ops unix_ops = {unix_send, unix_close, unix_pump, unix_descriptor, unix_destroy};

static struct unix_bus *create(const struct bus_handlers *handlers)
{
    struct unix_bus *bus = calloc(1, sizeof *bus);
    if (!bus) return NULL;
    bus->base.ops = &unix_ops;
    bus->base.handlers = *handlers;
    bus->epoll = epoll_create1(EPOLL_CLOEXEC);
    bus->work = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    bus->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (bus->epoll < 0 || bus->work < 0 || bus->timer < 0) {
        if (bus->epoll >= 0) close(bus->epoll);
        if (bus->work >= 0) close(bus->work);
        if (bus->timer >= 0) close(bus->timer);
        free(bus);
        return NULL;
    }
    watch(bus, EPOLL_CTL_ADD, bus->work, EPOLLIN, &bus->work);
    watch(bus, EPOLL_CTL_ADD, bus->timer, EPOLLIN, &bus->timer);
    return bus;
}

struct bus *bus_unix_listen(
    const struct bus_unix_listener *listeners, uint32_t count, const struct bus_handlers *handlers)
{
    expect(count <= LISTENERS_MAX);
    struct unix_bus *bus = create(handlers);
    if (!bus) return NULL;
    bus->listeners_count = count;
    for (uint32_t i = 0; i < count; i++) {
        bus->listeners[i] = listeners[i];
        watch(bus, EPOLL_CTL_ADD, listeners[i].descriptor, EPOLLIN, &bus->listeners[i]);
    }
    return &bus->base;
}

struct bus *bus_unix_connect(const char *address, const struct bus_handlers *handlers)
{
    struct sockaddr_un to;
    if (address_fill(&to, address) == 0) return NULL;
    struct unix_bus *bus = create(handlers);
    if (!bus) return NULL;
    memcpy(bus->address, address, strlen(address));
    struct itimerspec at_once = {.it_value.tv_nsec = 1};
    expect(timerfd_settime(bus->timer, 0, &at_once, NULL) == 0);
    return &bus->base;
}

int bus_unix_bind(const char *address)
{
    struct sockaddr_un to;
    socklen_t size = address_fill(&to, address);
    if (size == 0) return -1;
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    if (bind(descriptor, (struct sockaddr *)&to, size) == 0 && listen(descriptor, LISTEN_BACKLOG) == 0)
        return descriptor;
    close(descriptor);
    return -1;
}
