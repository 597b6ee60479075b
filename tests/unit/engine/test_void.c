/* Voids: of the open asking, of a scored one, of one long past; the standing afterwards, and that a crash in between
 * leaves one truth. */
#include "unit/engine/play.h"

static void void_asking(struct rig *rig, uint16_t asking)
{
    command_asking(rig, CONTROL_ASKING_VOIDED, asking);
}

static void the_open_asking_closes_without_points(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->rules.scoring = SCORING_KNOCKOUT;
    rig_open(rig);
    join_all(rig, 2);
    open_asking(rig);
    answer(rig, 0, at(0, 0), A, 1000);
    (void)rig_heard(rig);
    void_asking(rig, 1);
    assert_heard(rig, "append voided 1 #7; publish voided 1");
    assert_phase(rig, "closed");
    assert_true(look(rig).is_voided);
    assert_int_equal(see(rig, 0).points, 0);
    assert_int_equal(look(rig).answered, 1);
    answer(rig, 1, at(0, 1), A, 2000);
    assert_heard(rig, "refused e0.1 wrong_asking"); /* nobody was late */
    drained(rig, 0);                                /* a drain that was on its way */
    tick(rig);
    assert_heard(rig, "");
    assert_replays(rig);
    command(rig, CONTROL_ASKING_REVEALED, 0);
    assert_heard(rig, "append revealed 1 #7; publish revealed 1; standings 1");
    assert_false(see(rig, 1).is_out);
    assert_int_equal(engine_standing_count(rig->engine, ROUND), 0);
    rig_free(rig);
}

static void after_a_void_the_next_may_be_opened_without_a_reveal(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    open_asking(rig);
    void_asking(rig, 1);
    open_asking(rig);
    assert_int_equal(look(rig).asking, 2);
    assert_replays(rig);
    rig_free(rig);
}

static void the_closing_asking_may_be_voided_too(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    open_asking(rig);
    command(rig, CONTROL_ASKING_CLOSED, 0);
    void_asking(rig, 1);
    assert_phase(rig, "closed");
    drained(rig, 0);
    tick(rig);
    assert_int_equal(look(rig).scored, 0);
    rig_free(rig);
}

/* The batch that brings the void also makes the last answer durable, and the barrier is down: scoring would be due. */
static void a_void_is_not_overtaken_by_the_scoring(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    open_asking(rig);
    command(rig, CONTROL_ASKING_CLOSED, 0);
    rig->is_batch_held = true;
    answer(rig, 0, at(0, 0), A, 1000);
    drained(rig, 0);
    (void)rig_heard(rig);
    void_asking(rig, 1);
    assert_heard(rig, "append voided 1 #7; recorded 1 c1 e0.0; publish voided 1");
    tick(rig);
    assert_heard(rig, "");
    assert_replays(rig);
    rig_free(rig);
}

static void a_scored_asking_is_taken_back(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 3);
    static const choice_set first[] = {A, B, A}, second[] = {B, A, A};
    play_asking(rig, first, 3);
    play_asking(rig, second, 3);
    assert_int_equal(see(rig, 0).points, 10);
    void_asking(rig, 1);
    assert_heard(
        rig, "unscore 1; append standing 2; append voided 1 #7; publish voided 1; publish standing 1; standings 1");
    static const struct {
        uint32_t points, ticks, rights, rank, gained;
    } rows[] = {{0, 0, 0, 3, 0}, {10, 20, 1, 1, 10}, {10, 30, 1, 2, 10}};
    for (uint32_t i = 0; i < 3; i++) {
        struct participant_view view = see(rig, i);
        assert_int_equal(view.points, rows[i].points);
        assert_int_equal(view.ticks, rows[i].ticks);
        assert_int_equal(view.rights, rows[i].rights);
        assert_int_equal(view.rank, rows[i].rank);
        assert_int_equal(view.gained, rows[i].gained);
    }
    assert_true(look(rig).voided[0] == 2);
    assert_replays(rig);
    void_asking(rig, 2);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(see(rig, i).points + see(rig, i).gained, 0);
    assert_replays(rig);
    open_asking(rig);
    answer(rig, 0, at(0, 0), A, 700);
    close_asking(rig);
    assert_int_equal(see(rig, 0).points, 10);
    assert_replays(rig);
    rig_free(rig);
}

static void a_void_before_the_reveal_shows_no_standing(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 2);
    static const choice_set choices[] = {A, B};
    play_asking(rig, choices, 2);
    open_asking(rig);
    answer(rig, 0, at(0, 0), A, 1000);
    close_asking(rig); /* scored, not revealed */
    void_asking(rig, 1);
    assert_heard(rig, "unscore 1; append standing 2; append voided 1 #7; publish voided 1");
    assert_false(look(rig).is_standing_public);
    reveal_asking(rig);
    assert_true(look(rig).is_standing_public);
    assert_replays(rig);
    rig_free(rig);
}

static void who_was_knocked_out_by_it_is_in_again(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->rules.scoring = SCORING_KNOCKOUT;
    rig_open(rig);
    join_all(rig, 4);
    static const choice_set first[] = {A, B, 0, A}, second[] = {B, 0, 0, A};
    play_asking(rig, first, 4);
    play_asking(rig, second, 4);
    assert_int_equal(see(rig, 0).out_at, 2);
    void_asking(rig, 1);
    assert_int_equal(see(rig, 0).out_at, 2);
    assert_int_equal(see(rig, 1).out_at, 0); /* did not answer the second, being out: simply in again */
    assert_int_equal(see(rig, 2).out_at, 0);
    assert_int_equal(see(rig, 3).points, 10);
    assert_replays(rig);
    open_asking(rig);
    (void)rig_heard(rig);
    answer(rig, 1, at(0, 1), A, 1000);
    assert_heard(rig, "append answer p1 3 c1 1000ms -0ms; recorded 3 c1 e0.1");
    rig_free(rig);
}

static void who_has_come_since_stays_outside_the_standing(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 2);
    static const choice_set choices[] = {A, A};
    play_asking(rig, choices, 2);
    join(rig, 2, at(0, 2));
    command_participant(rig, CONTROL_REMOVED, 0);
    void_asking(rig, 1);
    assert_int_equal(engine_standing_count(rig->engine, ROUND), 1);
    assert_int_equal(see(rig, 1).points, 0);
    assert_int_equal(see(rig, 2).rank, 0);
    assert_replays(rig);
    rig_free(rig);
}

static void while_answers_are_streamed_the_round_waits(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->rules.is_auto = true;
    rig_open(rig);
    join_all(rig, 2);
    static const choice_set choices[] = {A, A};
    play_asking(rig, choices, 2);
    rig->is_stream_held = true;
    void_asking(rig, 1);
    assert_heard(rig, "unscore 1");
    assert_int_equal(see(rig, 0).points, 10); /* not before the fact */
    wait_ms(rig, 60000);
    assert_heard(rig, "");
    command(rig, CONTROL_ASKING_OPENED, 0);
    assert_heard(rig, "command #7 wrong_phase");
    void_asking(rig, 1);
    assert_heard(rig, "command #7 wrong_phase");
    command(rig, CONTROL_LOCKED, 1); /* what moves nothing is done */
    join(rig, 0, at(0, 9));
    command_participant(rig, CONTROL_REMOVED, 1);
    (void)rig_heard(rig);
    rig_stream(rig);
    assert_heard(rig, "append standing 1; append voided 1 #7; publish voided 1; publish standing 1; standings 1");
    assert_int_equal(see(rig, 0).points, 0);
    assert_replays(rig);
    tick(rig);
    assert_heard(rig, "append opened 2; publish opened 1");
    rig_free(rig);
}

static void a_void_that_did_not_commit_took_nothing_back(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    static const choice_set choices[] = {A};
    play_asking(rig, choices, 1);
    rig->does_disk_fail = true;
    void_asking(rig, 1);
    rig->does_disk_fail = false;
    assert_int_equal(see(rig, 0).points, 10);
    assert_false(look(rig).is_voided);
    assert_replays(rig);
    (void)rig_heard(rig);
    void_asking(rig, 1);
    assert_heard(
        rig, "unscore 1; append standing 1; append voided 1 #7; publish voided 1; publish standing 1; standings 1");
    assert_int_equal(see(rig, 0).points, 0);
    rig_free(rig);
}

static void after_a_void_that_did_not_commit_the_pace_goes_on(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->rules.is_auto = true;
    rig_open(rig);
    join_all(rig, 1);
    static const choice_set choices[] = {A};
    play_asking(rig, choices, 1);
    rig->does_disk_fail = true;
    void_asking(rig, 1);
    rig->does_disk_fail = false;
    (void)rig_heard(rig);
    wait_ms(rig, 60000);
    assert_heard(rig, "append opened 2; publish opened 1");
    rig_free(rig);
}

static void a_crash_while_streaming_leaves_the_asking_as_it_was(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    static const choice_set choices[] = {A};
    play_asking(rig, choices, 1);
    uint64_t before = engine_digest(rig->engine, ROUND);
    rig->is_stream_held = true;
    void_asking(rig, 1);
    restart_core(rig, 100, 0);
    assert_true(engine_digest(rig->engine, ROUND) == before);
    rig_free(rig);
}

static void answers_streamed_for_nobody_are_ignored(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    static const choice_set choices[] = {A};
    play_asking(rig, choices, 1);
    uint64_t before = engine_digest(rig->engine, ROUND);
    struct answer stray = {.round = ROUND, .asking = 1, .participant = 0, .choice = A, .elapsed_ms = 100};
    rig_step(rig, (struct event){.kind = EVENT_UNSCORE_ANSWER, .load_answer = stray});
    rig_step(rig, (struct event){.kind = EVENT_UNSCORE_END, .unscore_end = {.round = ROUND, .asking = 1}});
    assert_heard(rig, "");
    assert_true(engine_digest(rig->engine, ROUND) == before);
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_open_asking_closes_without_points),
        cmocka_unit_test(after_a_void_the_next_may_be_opened_without_a_reveal),
        cmocka_unit_test(the_closing_asking_may_be_voided_too),
        cmocka_unit_test(a_void_is_not_overtaken_by_the_scoring),
        cmocka_unit_test(a_scored_asking_is_taken_back),
        cmocka_unit_test(a_void_before_the_reveal_shows_no_standing),
        cmocka_unit_test(who_was_knocked_out_by_it_is_in_again),
        cmocka_unit_test(who_has_come_since_stays_outside_the_standing),
        cmocka_unit_test(while_answers_are_streamed_the_round_waits),
        cmocka_unit_test(a_void_that_did_not_commit_took_nothing_back),
        cmocka_unit_test(after_a_void_that_did_not_commit_the_pace_goes_on),
        cmocka_unit_test(a_crash_while_streaming_leaves_the_asking_as_it_was),
        cmocka_unit_test(answers_streamed_for_nobody_are_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
