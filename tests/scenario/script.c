/* The language of the scripts. One command a line, words apart by blanks:
 *
 *     round accuracy|speed|knockout ANSWERS [limit S] [reading S] [auto]
 *                                 ANSWERS: one word, the right options of each asking, B,AC,D ("-": a poll)
 *     edges N                     how many (2 unless said; before `start`)
 *     start core|edge N|all       kill core|edge N|all       break edge N (its channel)
 *     hold edge N                 release edge N             what it says to the core waits
 *     disk full                   the next commit finds no room
 *     NAME comes to N             with its token, if it has one; joins by itself
 *     NAME watches N              a screen
 *     NAME answers LETTERS [to ASKING]
 *     NAME leaves                 NAME stalls                NAME reads on
 *     NAME is N ms away           the round trip
 *     host opens|closes|reveals|pauses|resumes|ends|locks|unlocks
 *     host voids ASKING           host extends to S          host removes NAME        host shows leaderboard|question
 *     wait S                      seconds
 *     standing                    as the core has it */
#include "scenario/stage.h"

#include "base/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 12
#define SETTLE_MS 30 /* what a command brings about comes before the next one */

struct words {
    char text[256];
    const char *word[WORDS_MAX];
    int count;
};

static bool is(const struct words *words, int index, const char *word)
{
    return index < words->count && strcmp(words->word[index], word) == 0;
}
static const char *word_at(const struct words *words, int index)
{
    return index < words->count ? words->word[index] : "";
}
static uint64_t ms_of(const char *seconds)
{
    return (uint64_t)(strtod(seconds, NULL) * 1000 + 0.5);
}

/* ---- the round ---- */

static bool set_askings(struct stage *stage, const char *answers)
{
    for (; *answers && stage->askings_count < ASKINGS; stage->askings_count++) {
        struct asking_rules *asking = &stage->askings[stage->askings_count];
        *asking = (struct asking_rules){.kind = QUESTION_SINGLE, .options_count = 4, .points = 10};
        for (; *answers && *answers != ','; answers++)
            if (*answers >= 'A' && *answers <= 'D') asking->key |= (choice_set)(1u << (*answers - 'A'));
        if (asking->key == 0) asking->kind = QUESTION_POLL;
        if (asking->key & (asking->key - 1)) asking->kind = QUESTION_MULTIPLE;
        if (*answers == ',') answers++;
    }
    return stage->askings_count > 0;
}

static bool make_round(struct stage *stage, const struct words *words)
{
    static const char *const scorings[] = {"accuracy", "speed", "knockout"};
    for (int i = 0; i < 3; i++)
        if (is(words, 1, scorings[i])) stage->rules.scoring = (enum scoring)i;
    if (!set_askings(stage, word_at(words, 2))) return false;
    stage->rules.limit_ms = 20000;
    for (int i = 3; i < words->count; i++) {
        if (is(words, i, "limit")) stage->rules.limit_ms = (uint32_t)ms_of(word_at(words, i + 1));
        if (is(words, i, "reading")) stage->rules.reading_ms = (uint32_t)ms_of(word_at(words, i + 1));
        if (is(words, i, "auto")) stage->rules.is_auto = true;
    }
    for (unsigned i = 0; i < stage->askings_count; i++) {
        stage->askings[i].limit_ms = stage->rules.limit_ms;
        stage->askings[i].reading_ms = stage->rules.reading_ms;
    }
    core_start(stage);
    for (unsigned i = 0; i < stage->edges_count; i++)
        edge_start(stage, i);
    host_start(stage);
    stage_run(stage, SETTLE_MS);
    host_creates(stage);
    return true;
}

/* ---- processes ---- */

static bool start_or_kill(struct stage *stage, const struct words *words)
{
    bool is_start = is(words, 0, "start"), is_all = is(words, 1, "all");
    if (is_all || is(words, 1, "core")) is_start ? core_start(stage) : core_kill(stage);
    for (unsigned i = 0; i < stage->edges_count; i++) {
        if (!is_all && !(is(words, 1, "edge") && atoi(word_at(words, 2)) == (int)i)) continue;
        is_start ? edge_start(stage, i) : edge_kill(stage, i);
    }
    return is_all || is(words, 1, "core") || is(words, 1, "edge");
}

static bool channel_command(struct stage *stage, const struct words *words)
{
    unsigned index = (unsigned)atoi(word_at(words, 2));
    if (!is(words, 1, "edge") || index >= stage->edges_count || !stage->edges[index].is_up) return false;
    stage->edges[index].is_held = is(words, 0, "hold");
    if (!is(words, 0, "break")) return true;
    struct bus_memory_link *link = bus_memory_link(stage->edges[index].bus);
    if (link) bus_memory_break(link);
    return link != NULL;
}

/* ---- the host ---- */

static uint32_t number_of(struct stage *stage, const char *name)
{
    const struct person *person = person_of(stage, name);
    for (uint32_t i = 0; i < stage->memory->rows_durable; i++) {
        const struct memory_row *row = &stage->memory->rows[i];
        if (row->kind == ROW_JOIN && person_of_nonce(stage, row->join.nonce) == person) return row->join.number;
    }
    return PARTICIPANT_NONE;
}

static bool host_command(struct stage *stage, const struct words *words)
{
    static const struct {
        const char *word;
        enum control_kind kind;
        uint32_t value;
    } plain[] = {{"opens", CONTROL_ASKING_OPENED, 0}, {"closes", CONTROL_ASKING_CLOSED, 1},
        {"reveals", CONTROL_ASKING_REVEALED, 0}, {"pauses", CONTROL_PAUSED, 0}, {"resumes", CONTROL_RESUMED, 0},
        {"ends", CONTROL_ROUND_ENDED, 0}, {"locks", CONTROL_LOCKED, 1}, {"unlocks", CONTROL_LOCKED, 0}};
    const char *what = word_at(words, 1), *of = word_at(words, 2);
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        if (strcmp(what, plain[i].word) != 0) continue;
        host_says(stage, plain[i].kind, 0, PARTICIPANT_NONE, plain[i].value);
        return true;
    }
    if (is(words, 1, "voids"))
        host_says(stage, CONTROL_ASKING_VOIDED, (uint16_t)atoi(of), PARTICIPANT_NONE, 0);
    else if (is(words, 1, "extends"))
        host_says(stage, CONTROL_ASKING_EXTENDED, 0, PARTICIPANT_NONE, (uint32_t)ms_of(word_at(words, 3)));
    else if (is(words, 1, "removes"))
        host_says(stage, CONTROL_REMOVED, 0, number_of(stage, of), 0);
    else if (is(words, 1, "shows"))
        host_says(stage, CONTROL_SCENE, 0, PARTICIPANT_NONE, strcmp(of, "leaderboard") == 0);
    else
        return false;
    return true;
}

/* ---- people ---- */

static bool person_command(struct stage *stage, const struct words *words)
{
    struct person *person = person_of(stage, words->word[0]);
    if (is(words, 1, "watches")) {
        person->is_screen = true;
        return person_comes(stage, person, (unsigned)atoi(word_at(words, 2)));
    }
    if (is(words, 1, "comes")) return person_comes(stage, person, (unsigned)atoi(word_at(words, 3)));
    if (is(words, 1, "is")) {
        person->round_trip_ms = (uint32_t)atoi(word_at(words, 2));
        return true;
    }
    if (!person->is_open) return false;
    if (is(words, 1, "answers"))
        person_answers(stage, person, (uint16_t)atoi(word_at(words, 4)), word_at(words, 2));
    else if (is(words, 1, "leaves"))
        person_leaves(stage, person);
    else if (is(words, 1, "stalls"))
        person->is_blocked = true;
    else if (is(words, 1, "reads"))
        person_reads_on(stage, person);
    else
        return false;
    return true;
}

static bool tell_standing(struct stage *stage)
{
    struct standing_entry entry;
    struct participant_view view;
    if (!stage->turn) return false;
    const struct engine *engine = turn_engine(stage->turn);
    for (uint32_t i = 0; engine_standing_at(engine, stage->round, i, &entry); i++) {
        expect(engine_participant_view(engine, stage->round, entry.participant, &view));
        const char *name = "?";
        for (unsigned k = 0; k < stage->people_count; k++)
            if (number_of(stage, stage->people[k].name) == entry.participant) name = stage->people[k].name;
        stage_note(stage, "%u. %s: %u points, %u ticks, %u right%s", view.rank, name, entry.points, entry.ticks,
            entry.rights, entry.out_at ? ", out" : "");
    }
    return true;
}

static bool run(struct stage *stage, const struct words *words)
{
    if (is(words, 0, "edges")) {
        stage->edges_count = (unsigned)atoi(word_at(words, 1));
        return stage->edges_count >= 1 && stage->edges_count <= STAGE_EDGES;
    }
    if (is(words, 0, "round")) return make_round(stage, words);
    if (!stage->host_bus) return false; /* nothing is there yet */
    if (is(words, 0, "start") || is(words, 0, "kill")) return start_or_kill(stage, words);
    if (is(words, 0, "break") || is(words, 0, "hold") || is(words, 0, "release")) return channel_command(stage, words);
    if (is(words, 0, "disk")) {
        stage->memory->next_commit = STORE_FULL;
        return true;
    }
    if (is(words, 0, "host")) return host_command(stage, words);
    if (is(words, 0, "standing")) return tell_standing(stage);
    return words->count >= 2 && person_command(stage, words);
}

bool script_line(struct stage *stage, const char *line)
{
    struct words words = {.count = 0};
    char *save = NULL;
    snprintf(words.text, sizeof words.text, "%s", line);
    for (char *word = strtok_r(words.text, " ", &save); word && words.count < WORDS_MAX;
         word = strtok_r(NULL, " ", &save))
        words.word[words.count++] = word;
    if (words.count == 0) return true;
    if (is(&words, 0, "wait")) {
        stage_run(stage, ms_of(word_at(&words, 1)));
        return stage->host_bus != NULL;
    }
    bool is_fine = run(stage, &words);
    if (stage->host_bus) stage_run(stage, SETTLE_MS);
    return is_fine;
}
