/* Every limit of the system, in one place. Sizes in bytes unless the name says otherwise. A text of N characters may
 * take 4 * N bytes of UTF-8. Past a limit comes a clear refusal, never a truncated success. */
#ifndef JINGDA_MODEL_LIMITS_H
#define JINGDA_MODEL_LIMITS_H

/* questions and banks */
#define OPTIONS_MAX           8
#define QUESTION_CHARS_MAX    200
#define OPTION_CHARS_MAX      100
#define EXPLANATION_CHARS_MAX 600
#define SOURCE_CHARS_MAX      200
#define CATEGORY_CHARS_MAX    24
#define PICTURE_NAME_MAX      69 /* sha256 in hex, dot, webp */
#define PICTURE_ALT_CHARS_MAX 100
#define PICTURE_SIZE_MAX      (200 * 1024)
#define BANK_QUESTIONS_MAX    20000
#define BANK_FILE_SIZE_MAX    (20 * 1024 * 1024)

/* rounds */
#define ROUNDS_MAX           64  /* running at once in one engine */
#define ASKINGS_MAX          200 /* in one round */
#define COMMUNITIES_MAX      200 /* in one round */
#define COMMUNITY_CHARS_MAX  20
#define TITLE_CHARS_MAX      40
#define UNIT_CHARS_MAX       24 /* the host unit's name, shown on the screens */
#define NAME_CHARS_MAX       24
#define POINTS_MAX           1000 /* of one question */
#define LIMIT_MS_MIN         5000
#define LIMIT_MS_MAX         (10 * 60 * 1000)
#define READING_MS_MAX       (60 * 1000)
#define EXPLAIN_MS_MAX       (10 * 60 * 1000)
#define PARTICIPANTS_DEFAULT 30000 /* capacity of an engine unless --residents says otherwise */
#define PARTICIPANTS_MAX     2000000

/* time */
#define CREDIT_MS_MAX 200                 /* round trip given back to a participant */
#define TICK_MS       100                 /* ranking's unit of time */
#define OUTAGE_MS_MAX 20000               /* added to the deadline of residents whose edge died */
#define FANOUT_MS_MAX 20000               /* a fan-out that has not ended by then counts as ended */
#define GRACE_MS      3000                /* after recovery the core waits this long for its edges */
#define TIME_MS_MAX   ((uint64_t)1 << 53) /* no engine time or clock offset is beyond it */
#define SILENT_MS     10000 /* an edge that has said nothing for so long counts as dead: it reports each second */
#define CONFIRM_MS    300   /* between the last deadline and CLOSE: what is on the network */

/* processes and the bus */
#define EDGES_MAX       64
#define BUS_MESSAGE_MAX (256 * 1024)
#define BUS_QUEUE_MAX   (32 * 1024 * 1024) /* unsent bytes of one channel; past it the channel is closed */
#define TURN_EVENTS_MAX 4096               /* stepped in one turn of the core */
#define TURN_MS_MAX     20
#define SHOWN_BATCH_MAX 1000

/* browsers */
#define FRAME_MAX          1024 /* of a resident or screen, to us */
#define FRAMES_PER_10S_MAX 40   /* of one connection; past it: too_many_frames */
#define QUESTION_FRAME_MAX 16384
#define TOKEN_TEXT_MAX     64
#define NONCE_SIZE         16
#define BEAT_MS            20000 /* the beat that carries the lobby's count */
#define STALL_MS           10000 /* a reader that takes nothing for so long is dropped */

/* accounts */
#define ACCOUNT_NAME_CHARS_MAX 32
#define PASSWORD_CHARS_MIN     8
#define PASSWORD_CHARS_MAX     128

#endif
