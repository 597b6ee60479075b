/* Role: sessions from sign-in to their end. Input: accounts, cookies, the time. Output: who somebody is. Leaves to
 * others: passwords (signin.c), the rows (store/desk_sessions.c). */
#include "desk/sessions.h"

#include "base/log.h"

#include <stdio.h>
#include <string.h>

static struct session *free_place(struct sessions *sessions)
{
    for (size_t i = 0; i < SESSIONS_MAX; i++)
        if (!sessions->items[i].id) return &sessions->items[i];
    return NULL;
}

struct reading_back {
    struct sessions *sessions;
    uint64_t now_ms;
};

static bool on_kept(void *context, const struct desk_session *kept)
{
    struct reading_back *reading = context;
    struct session *session = free_place(reading->sessions);
    if (!session || reading->now_ms >= kept->seen_ms + SESSION_IDLE_MS) return false; /* the rest is older */
    *session = (struct session){.id = ++reading->sessions->last_id, .kept = *kept, .seen_ms = kept->seen_ms};
    return true;
}

bool sessions_start(struct sessions *sessions, struct desk_database *database, uint64_t now_ms)
{
    sessions->database = database;
    struct reading_back reading = {sessions, now_ms};
    if (!desk_sessions_each(database, on_kept, &reading)) return false;
    for (size_t i = 0; i < SESSIONS_MAX; i++) {
        struct session *session = &sessions->items[i];
        struct account account;
        if (!session->id) continue;
        if (account_by_id(database, session->kept.account, &account) != ACCOUNT_FOUND) return false;
        snprintf(session->name, sizeof session->name, "%s", account.name);
        snprintf(session->role, sizeof session->role, "%s", account.role);
    }
    uint64_t since_ms = now_ms > SESSION_IDLE_MS ? now_ms - SESSION_IDLE_MS : 0;
    return desk_sessions_delete_unseen(database, since_ms);
}

static bool is_over(const struct session *session, uint64_t now_ms)
{
    return now_ms >= session->seen_ms + SESSION_IDLE_MS;
}

void session_end(struct sessions *sessions, uint64_t id)
{
    for (size_t i = 0; i < SESSIONS_MAX; i++) {
        struct session *session = &sessions->items[i];
        if (!id || session->id != id) continue;
        if (!desk_session_delete(sessions->database, session->kept.hash))
            log_error("a session's end could not be kept: %s", desk_database_message(sessions->database));
        *session = (struct session){0};
        if (sessions->ended) sessions->ended(sessions->context, id);
        return;
    }
}

/* Makes room: the account's longest unused where it has its share, or the longest unused of all. */
static struct session *make_room(struct sessions *sessions, uint32_t account)
{
    struct session *oldest = NULL, *oldest_own = NULL;
    uint32_t own = 0;
    for (size_t i = 0; i < SESSIONS_MAX; i++) {
        struct session *session = &sessions->items[i];
        if (!session->id) continue;
        if (!oldest || session->seen_ms < oldest->seen_ms) oldest = session;
        if (session->kept.account != account) continue;
        own++;
        if (!oldest_own || session->seen_ms < oldest_own->seen_ms) oldest_own = session;
    }
    if (own >= SESSIONS_OF_ACCOUNT_MAX) session_end(sessions, oldest_own->id);
    if (!free_place(sessions)) session_end(sessions, oldest->id);
    return free_place(sessions);
}

struct session *session_open(
    struct sessions *sessions, const struct account *account, uint64_t now_ms, char cookie[SECRET_TEXT_SIZE])
{
    struct session *session = make_room(sessions, account->id);
    *session =
        (struct session){.kept = {.account = account->id, .created_ms = now_ms, .seen_ms = now_ms}, .seen_ms = now_ms};
    snprintf(session->name, sizeof session->name, "%s", account->name);
    snprintf(session->role, sizeof session->role, "%s", account->role);
    secret_make(cookie);
    secret_hash(span_of_text(cookie), session->kept.hash);
    if (!desk_session_put(sessions->database, &session->kept)) return NULL;
    session->id = ++sessions->last_id;
    return session;
}

static struct session *use(struct sessions *sessions, struct session *session, uint64_t now_ms)
{
    if (is_over(session, now_ms)) {
        session_end(sessions, session->id);
        return NULL;
    }
    if (now_ms > session->seen_ms) session->seen_ms = now_ms;
    if (session->seen_ms >= session->kept.seen_ms + SESSION_KEPT_MS) {
        session->kept.seen_ms = session->seen_ms;
        if (!desk_session_put(sessions->database, &session->kept))
            log_warning("a session's use could not be kept: %s", desk_database_message(sessions->database));
    }
    return session;
}

struct session *session_use(struct sessions *sessions, uint64_t id, uint64_t now_ms)
{
    for (size_t i = 0; i < SESSIONS_MAX; i++)
        if (id && sessions->items[i].id == id) return use(sessions, &sessions->items[i], now_ms);
    return NULL;
}

struct span cookie_value(struct span header, const char *name)
{
    const size_t name_size = strlen(name);
    size_t at = 0;
    while (at < header.size) {
        while (at < header.size && (header.data[at] == ' ' || header.data[at] == ';'))
            at++;
        const uint8_t *part = header.data + at;
        const uint8_t *end = memchr(part, ';', header.size - at);
        size_t size = end ? (size_t)(end - part) : header.size - at;
        if (size > name_size && memcmp(part, name, name_size) == 0 && part[name_size] == '=')
            return (struct span){part + name_size + 1, size - name_size - 1};
        at += size;
    }
    return (struct span){NULL, 0};
}

struct session *session_of_cookie(struct sessions *sessions, struct span header, uint64_t now_ms)
{
    struct span value = cookie_value(header, SESSION_COOKIE);
    if (value.size != SECRET_TEXT_SIZE - 1) return NULL;
    uint8_t hash[SECRET_HASH_SIZE];
    secret_hash(value, hash);
    for (size_t i = 0; i < SESSIONS_MAX; i++) {
        struct session *session = &sessions->items[i];
        if (session->id && bytes_same(session->kept.hash, hash, sizeof hash)) return use(sessions, session, now_ms);
    }
    return NULL;
}

void sessions_sweep(struct sessions *sessions, uint64_t now_ms)
{
    for (size_t i = 0; i < SESSIONS_MAX; i++) {
        struct session *session = &sessions->items[i];
        if (session->id && is_over(session, now_ms)) session_end(sessions, session->id);
    }
}

uint32_t sessions_count(const struct sessions *sessions)
{
    uint32_t count = 0;
    for (size_t i = 0; i < SESSIONS_MAX; i++)
        count += sessions->items[i].id != 0;
    return count;
}
