/* Role: core.db's tables, as migrations.
 * Leaves to others: what is written into them (append.c), what is read out (read.c, rounds.c).
 *
 * Every event, participant and answer has a seq; together they are contiguous, from 1, in the order in which they were
 * appended. A batch is one commit: its seq is that of the last record in it, its at_ms when it was recorded. So an
 * answer needs no time of its own (6 bytes in each of millions of rows): it was recorded by the first batch whose seq
 * is not below the answer's. The last row of `batch` is also the end of the log, without a scan.
 *
 * `answer` stands in the order of arrival within each asking. A key of (round, asking, participant) came first, and
 * lost: people answer in any order, so that each answer of a batch changes a page of its own, and the WAL takes pages
 * whole. 340,000 answers in batches of 680 wrote 1,007 MB; in this order they write 22 MB, for less than half of the
 * CPU (tests/load/store_bench.c). That nobody answers twice is held by the writer (once.h) and seen by every reading.
 *
 * `answer` refers to no other table: checking a participant for each of 340,000 answers in a minute costs a search in
 * another tree, and the engine accepts answers of participants only. A test counts the strays instead. */
#include "store/schema.h"

static const char *const migrations[] = {
    /* 0 -> 1 */
    "CREATE TABLE round("
    "  round INTEGER PRIMARY KEY, code INTEGER NOT NULL, title TEXT NOT NULL, unit TEXT NOT NULL,"
    "  seed INTEGER NOT NULL, created_ms INTEGER NOT NULL, rules BLOB NOT NULL) STRICT;"
    "CREATE TABLE community("
    "  round INTEGER NOT NULL REFERENCES round, number INTEGER NOT NULL, name TEXT NOT NULL,"
    "  PRIMARY KEY(round, number)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE question("
    "  round INTEGER NOT NULL REFERENCES round, asking INTEGER NOT NULL, rules BLOB NOT NULL, body BLOB NOT NULL,"
    "  PRIMARY KEY(round, asking)) STRICT;"
    "CREATE TABLE picture("
    "  sha256 TEXT PRIMARY KEY NOT NULL, type TEXT NOT NULL, bytes BLOB NOT NULL) STRICT;"
    "CREATE TABLE batch(seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL) STRICT;"
    "CREATE TABLE event("
    "  seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, round INTEGER NOT NULL REFERENCES round,"
    "  kind INTEGER NOT NULL, version INTEGER NOT NULL, actor INTEGER NOT NULL, body BLOB NOT NULL) STRICT;"
    "CREATE INDEX event_round ON event(round);"
    "CREATE INDEX event_ended ON event(round) WHERE kind = 17;" /* CONTROL_ROUND_ENDED */
    "CREATE TABLE participant("
    "  round INTEGER NOT NULL REFERENCES round, number INTEGER NOT NULL, seq INTEGER NOT NULL, at_ms INTEGER NOT NULL,"
    "  generation INTEGER NOT NULL, community INTEGER NOT NULL, join_nonce BLOB NOT NULL,"
    "  PRIMARY KEY(round, number)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE person("
    "  round INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, phone_sealed BLOB,"
    "  PRIMARY KEY(round, number), FOREIGN KEY(round, number) REFERENCES participant) STRICT, WITHOUT ROWID;"
    "CREATE TABLE answer("
    "  round INTEGER NOT NULL, asking INTEGER NOT NULL, seq INTEGER NOT NULL, participant INTEGER NOT NULL,"
    "  attempt INTEGER NOT NULL, elapsed_ms INTEGER NOT NULL, credit_ms INTEGER NOT NULL, choice INTEGER NOT NULL,"
    "  PRIMARY KEY(round, asking, seq)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE standing("
    "  round INTEGER NOT NULL REFERENCES round, asking INTEGER NOT NULL, rules_version INTEGER NOT NULL,"
    "  state BLOB NOT NULL, sha256 BLOB NOT NULL, PRIMARY KEY(round, asking)) STRICT;"
    "CREATE TABLE value(name TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL) STRICT;",
};

const struct database_schema core_schema = {
    .words = "core",
    .application_id = 0x4a644331, /* "JdC1" */
    .migrations = migrations,
    .migrations_count = sizeof migrations / sizeof migrations[0],
};
