/* One truth: the live state, the whole log replayed, and the last standing with the tail are the same, whatever was
 * played; and within an asking the order of the answers makes no difference. */
#include "base/random.h"
#include "unit/engine/play.h"

#define PEOPLE 40

/* One asking's worth of chance: joins, answers, removals, added time, voids. */
static void play_by_chance(struct rig *rig, struct random *random, uint32_t *people)
{
    command(rig, CONTROL_ASKING_OPENED, 0);
    if (random_below(random, 3) == 0) command(rig, CONTROL_ASKING_EXTENDED, LIMIT + 1000);
    for (uint32_t i = 0; i < PEOPLE; i++) {
        uint32_t who = random_below(random, *people);
        if (see(rig, who).is_attached)
            answer(rig, who, at(0, who), (choice_set)(1 << random_below(random, 4)), random_below(random, LIMIT));
        if (random_below(random, 8) == 0) {
            join(rig, *people, at(0, *people));
            (*people)++;
        }
        if (random_below(random, 40) == 0) command_participant(rig, CONTROL_REMOVED, random_below(random, *people));
    }
    if (random_below(random, 5) == 0) command_asking(rig, CONTROL_ASKING_VOIDED, look(rig).asking);
    if (look(rig).phase == PHASE_OPEN) close_asking(rig);
    assert_replays(rig);
    if (random_below(random, 3) == 0)
        command_asking(rig, CONTROL_ASKING_VOIDED, (uint16_t)(1 + random_below(random, look(rig).asking)));
    assert_replays(rig);
    reveal_asking(rig);
    if (random_below(random, 4) == 0) command_participant(rig, CONTROL_REMOVED, random_below(random, *people));
}

static void whatever_is_played_replays(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 30; seed++) {
        struct random random = random_from_seed(seed);
        struct rig *rig = rig_new();
        rig->rules.scoring = (enum scoring)random_below(&random, 3);
        rig->rules.multiple = (enum multiple_rule)random_below(&random, 2);
        rig->askings_count = 6;
        rig->askings[2].kind = QUESTION_POLL;
        rig->askings[2].key = 0;
        rig->askings[3].kind = QUESTION_MULTIPLE;
        rig->askings[3].key = A | B;
        rig_open(rig);
        uint32_t people = PEOPLE;
        join_all(rig, people);
        for (int asking = 0; asking < 6; asking++) {
            play_by_chance(rig, &random, &people);
            assert_replays(rig);
        }
        command(rig, CONTROL_ROUND_ENDED, 0);
        assert_replays(rig);
        rig_free(rig);
    }
}

static void the_order_of_answers_makes_no_difference(void **state)
{
    (void)state;
    uint64_t digests[20];
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct random random = random_from_seed(seed);
        struct rig *rig = rig_opened();
        join_all(rig, PEOPLE);
        open_asking(rig);
        uint32_t order[PEOPLE];
        for (uint32_t i = 0; i < PEOPLE; i++)
            order[i] = i;
        for (uint32_t i = PEOPLE - 1; i > 0; i--) {
            uint32_t k = random_below(&random, i + 1), swap = order[i];
            order[i] = order[k];
            order[k] = swap;
        }
        for (uint32_t i = 0; i < PEOPLE; i++)
            answer(rig, order[i], at(0, order[i]), (choice_set)(1 << order[i] % 4), 97 * order[i]);
        uint64_t open = engine_digest(rig->engine, ROUND);
        close_asking(rig);
        digests[seed] = engine_digest(rig->engine, ROUND);
        assert_true(open != digests[seed]);
        assert_true(digests[seed] == digests[0]);
        rig_free(rig);
    }
}

static void the_digest_tells_any_two_states_apart(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    uint64_t seen[12], count = 0;
    assert_true(engine_digest(rig->engine, 99) == 0);
    seen[count++] = engine_digest(rig->engine, ROUND);
    join_all(rig, 2);
    seen[count++] = engine_digest(rig->engine, ROUND);
    command(rig, CONTROL_LOCKED, 1);
    seen[count++] = engine_digest(rig->engine, ROUND);
    open_asking(rig);
    seen[count++] = engine_digest(rig->engine, ROUND);
    answer(rig, 0, at(0, 0), A, 1000);
    seen[count++] = engine_digest(rig->engine, ROUND);
    answer(rig, 1, at(0, 1), B, 1000);
    seen[count++] = engine_digest(rig->engine, ROUND);
    command(rig, CONTROL_ASKING_CLOSED, 0);
    seen[count++] = engine_digest(rig->engine, ROUND);
    drained(rig, 0);
    seen[count++] = engine_digest(rig->engine, ROUND);
    reveal_asking(rig);
    seen[count++] = engine_digest(rig->engine, ROUND);
    command_participant(rig, CONTROL_REMOVED, 1);
    seen[count++] = engine_digest(rig->engine, ROUND);
    command_asking(rig, CONTROL_ASKING_VOIDED, 1);
    seen[count++] = engine_digest(rig->engine, ROUND);
    command(rig, CONTROL_ROUND_ENDED, 0);
    seen[count++] = engine_digest(rig->engine, ROUND);
    for (uint64_t a = 0; a < count; a++)
        for (uint64_t b = 0; b < a; b++)
            assert_true(seen[a] != seen[b]);
    rig_free(rig);
}

static void the_digest_leaves_out_what_is_not_durable(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 2);
    open_asking(rig);
    uint64_t before = engine_digest(rig->engine, ROUND);
    rig->is_batch_held = true;
    answer(rig, 0, at(0, 0), A, 1000);
    join(rig, 5, at(0, 5));
    detach(rig, 1, at(0, 1));
    shown(rig, 0, 0, rig->now_ms);
    edge_lost(rig, 0);
    wait_ms(rig, 5000);
    assert_true(engine_digest(rig->engine, ROUND) == before);
    rig_commit(rig);
    assert_true(engine_digest(rig->engine, ROUND) != before);
    rig_free(rig);
}

static void the_same_events_give_the_same_effects(void **state)
{
    (void)state;
    char first[HEARD_SIZE];
    for (int run = 0; run < 2; run++) {
        struct rig *rig = rig_new();
        rig->limits.hash_seed = (uint64_t)run; /* changes no effect */
        rig_open(rig);
        join(rig, 0, at(0, 0));
        join(rig, 1, at(3, 1));
        command(rig, CONTROL_ASKING_OPENED, 0);
        answer(rig, 1, at(3, 1), B, 1000);
        resume(rig, 1, at(0, 9));
        command(rig, CONTROL_ASKING_CLOSED, 0);
        drained(rig, 0);
        drained(rig, 3);
        const char *heard = rig_heard(rig);
        if (run == 0) memcpy(first, heard, HEARD_SIZE);
        assert_string_equal(heard, first);
        rig_free(rig);
    }
}

static void an_answer_may_be_loaded_before_its_participant(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    open_asking(rig);
    join(rig, 1, at(0, 1)); /* after the opening, where replay reads the answers */
    answer(rig, 1, at(0, 1), A, 9000);
    assert_replays(rig);
    close_asking(rig);
    assert_replays(rig);
    rig_free(rig);
}

static void what_the_last_asking_gave_is_known_after_a_restart(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 2);
    static const choice_set choices[] = {A, B};
    play_asking(rig, choices, 2);
    restart_core(rig, 1000, 1);
    assert_int_equal(see(rig, 0).gained, 10);
    assert_int_equal(see(rig, 1).gained, 0);
    assert_int_equal(look(rig).answered, 2);
    assert_int_equal(look(rig).right, 1);
    assert_int_equal(look(rig).counts[1], 1);
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_played_replays),
        cmocka_unit_test(the_order_of_answers_makes_no_difference),
        cmocka_unit_test(the_digest_tells_any_two_states_apart),
        cmocka_unit_test(the_digest_leaves_out_what_is_not_durable),
        cmocka_unit_test(the_same_events_give_the_same_effects),
        cmocka_unit_test(an_answer_may_be_loaded_before_its_participant),
        cmocka_unit_test(what_the_last_asking_gave_is_known_after_a_restart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
