/* The messages between the desk and the core; written and bounded as in edge_core.h. What the desk wants to know about
 * the past (names, titles, questions, standings) it reads from core.db itself. */
#ifndef JINGDA_PROTOCOL_DESK_CORE_H
#define JINGDA_PROTOCOL_DESK_CORE_H

#include "base/bytes.h"
#include "model/round.h"
#include "model/rules.h"

enum desk_core_kind {
    /* desk to core */
    DESK_HELLO = 128,
    DESK_COMMAND = 129,
    DESK_RENAME = 130,
    DESK_CREATE = 131,
    DESK_PICTURE = 132,
    /* core to desk */
    CORE_DESK_WELCOME = 192,
    CORE_DONE = 193,
    CORE_STATUS = 194,
    CORE_HEALTH = 195,
};

struct desk_hello {
    uint16_t version_min, version_max;
};

/* A control that the desk wants; answered by DONE when it is durable and stepped, or refused. */
struct desk_command {
    uint64_t id; /* the desk's, comes back */
    struct control control;
};

struct desk_rename {
    uint64_t id;
    uint32_t round, participant, actor;
    struct span name;
};

/* A new round. Then, askings_count times in the rest of the message: asking_rules and question (create_question_*). */
struct desk_create {
    uint64_t id;
    uint32_t actor;
    struct span title, unit;
    struct rules rules;
    uint16_t askings_count;
    struct span communities; /* rules.communities_count names, each ended by a zero byte */
};

/* A picture that a round will need; before its CREATE. The core answers nothing; a CREATE that names a picture which is
 * not there is refused as COMMAND_BAD_REQUEST. */
struct desk_picture {
    struct span name; /* sha256 in hex, dot, type */
    struct span bytes;
};

struct core_desk_welcome {
    uint16_t version;
    uint64_t term;
    int64_t clock_offset_ms;
};

struct core_done {
    uint64_t id;
    enum command_error error;
    uint32_t round, code; /* of a CREATE */
};

/* Of one running round: after each change, and four times a second while numbers move. */
struct core_status {
    uint32_t round, code;
    enum phase phase;
    bool is_paused, is_auto, is_locked, are_names_hidden, can_extend;
    enum scene scene;
    uint16_t asking, askings_count;
    uint32_t people, connected, awaiting, answered, right;
    uint32_t counts[OPTIONS_MAX];
    uint32_t elapsed_ms; /* since the asking opened; 0 when none is open */
    uint32_t reading_ms, limit_ms;
    uint32_t fanout_ms;
    uint64_t voided[4], reopened[4];
};

/* Once a second. */
struct core_health {
    uint8_t edges_up, edges_expected;
    uint32_t connections, screens, blocked;
    uint32_t commit_us;     /* the slowest commit of the last second */
    uint32_t turn_us;       /* the slowest turn of the last second */
    uint64_t answers_total; /* recorded since the core started */
    bool is_disk_full;
    uint64_t edges_mask;           /* bit n: edge n is up */
    uint32_t connected[EDGES_MAX]; /* of the edges that are up */
};

#define DESK_CORE_MESSAGES(X)                                                                                          \
    X(desk_hello)                                                                                                      \
    X(desk_command) X(desk_rename) X(desk_picture) X(core_desk_welcome) X(core_done) X(core_status) X(core_health)
#define X(name)                                                                                                        \
    void name##_encode(struct writer *w, const struct name *message);                                                  \
    bool name##_decode(struct span bytes, struct name *message) __attribute__((warn_unused_result));
DESK_CORE_MESSAGES(X)
#undef X

/* The head; the questions follow in the same message. */
void desk_create_encode(struct writer *w, const struct desk_create *head);
bool desk_create_begin(struct span bytes, struct reader *r, struct desk_create *head)
    __attribute__((warn_unused_result));

/* Every text is bounded by limits.h and ends with a zero byte in the
 * struct; decoding refuses what does not fit. */
void desk_question_encode(struct writer *w, const struct asking_rules *rules, const struct question *question);
bool desk_question_decode(struct reader *r, struct asking_rules *rules, struct question *question)
    __attribute__((warn_unused_result));

#endif
