/* The standing after askings: points, ticks, ranks, what was gained; who is in it; when it goes out; knockout. */
#include "unit/engine/play.h"

static void accuracy_adds_points_then_ticks_of_what_gained(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 4);
    static const choice_set first[] = {A, A, B, 0}, second[] = {B, A, A, 0};
    play_asking(rig, first, 4);
    assert_int_equal(see(rig, 0).rank, 1); /* 1,000 ms before 2,000 ms */
    assert_int_equal(see(rig, 1).rank, 2);
    assert_int_equal(see(rig, 2).rank, 3); /* a wrong answer and none tie */
    assert_int_equal(see(rig, 3).rank, 3);
    assert_int_equal(see(rig, 2).ticks, 0);
    assert_int_equal(see(rig, 1).ticks, 20);
    play_asking(rig, second, 4);
    static const struct {
        uint32_t points, ticks, rank, gained, rights;
    } rows[] = {{10, 10, 2, 0, 1}, {20, 40, 1, 10, 2}, {10, 30, 3, 10, 1}, {0, 0, 4, 0, 0}};
    for (uint32_t i = 0; i < 4; i++) {
        struct participant_view view = see(rig, i);
        assert_int_equal(view.points, rows[i].points);
        assert_int_equal(view.ticks, rows[i].ticks);
        assert_int_equal(view.rank, rows[i].rank);
        assert_int_equal(view.gained, rows[i].gained);
        assert_int_equal(view.rights, rows[i].rights);
    }
    struct standing_entry entry;
    assert_true(engine_standing_at(rig->engine, ROUND, 0, &entry));
    assert_int_equal(entry.participant, 1);
    assert_false(engine_standing_at(rig->engine, ROUND, 4, &entry));
    assert_replays(rig);
    rig_free(rig);
}

static void elapsed_is_floored_to_ticks(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 3);
    open_asking(rig);
    answer(rig, 0, at(0, 0), A, 1999);
    answer(rig, 1, at(0, 1), A, 1900);
    answer(rig, 2, at(0, 2), A, 1899);
    close_asking(rig);
    assert_int_equal(see(rig, 2).rank, 1);
    assert_int_equal(see(rig, 0).rank, 2);
    assert_int_equal(see(rig, 1).rank, 2);
    rig_free(rig);
}

static void speed_points_fall_with_time(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->rules.scoring = SCORING_SPEED;
    rig->askings[0].points = 1000;
    rig_open(rig);
    join_all(rig, 3);
    open_asking(rig);
    command(rig, CONTROL_ASKING_EXTENDED, LIMIT + 10000);
    answer(rig, 0, at(0, 0), A, 500);
    answer(rig, 1, at(0, 1), A, 10500);
    answer(rig, 2, at(0, 2), A, LIMIT + 9000); /* in the time added: as at the limit */
    close_asking(rig);
    assert_int_equal(see(rig, 0).points, 1000);
    assert_int_equal(see(rig, 1).points, 750);
    assert_int_equal(see(rig, 2).points, 500);
    assert_replays(rig);
    rig_free(rig);
}

static void a_poll_changes_no_points(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->rules.scoring = SCORING_KNOCKOUT;
    rig->askings[0].kind = QUESTION_POLL;
    rig->askings[0].key = 0;
    rig_open(rig);
    join_all(rig, 2);
    static const choice_set choices[] = {B, 0};
    play_asking(rig, choices, 2);
    assert_int_equal(look(rig).counts[1], 1);
    assert_int_equal(look(rig).right, 0);
    assert_int_equal(see(rig, 0).points, 0);
    assert_false(see(rig, 0).is_out || see(rig, 1).is_out);
    assert_int_equal(engine_standing_count(rig->engine, ROUND), 2);
    rig_free(rig);
}

static void nothing_of_the_standing_is_public_before_the_reveal(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->rules.scoring = SCORING_KNOCKOUT;
    rig_open(rig);
    join_all(rig, 1);
    open_asking(rig);
    answer(rig, 0, at(0, 0), B, 1000);
    command(rig, CONTROL_ASKING_CLOSED, 0);
    (void)rig_heard(rig);
    drained(rig, 0);
    assert_heard(rig, "append standing 1; append scored 1; publish none 1");
    assert_false(look(rig).is_standing_public);
    assert_false(see(rig, 0).is_out); /* known, but not shown */
    detach(rig, 0, at(0, 0));
    resume(rig, 0, at(0, 1));
    (void)rig_heard(rig);
    answer(rig, 0, at(0, 1), A, 1000);
    assert_heard(rig, "refused e0.1 already_answered; first c2");
    command(rig, CONTROL_ASKING_REVEALED, 0);
    assert_heard(rig, "append revealed 1 #7; publish revealed 1; standings 1");
    assert_true(look(rig).is_standing_public);
    assert_true(see(rig, 0).is_out);
    rig_free(rig);
}

static void who_joins_after_the_scoring_is_not_in_the_standing(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 1);
    static const choice_set right[] = {A, A};
    play_asking(rig, right, 1);
    join(rig, 1, at(0, 1));
    assert_int_equal(see(rig, 1).rank, 0);
    assert_int_equal(engine_standing_count(rig->engine, ROUND), 1);
    assert_replays(rig);
    play_asking(rig, right, 2);
    assert_int_equal(see(rig, 1).rank, 2);
    assert_int_equal(engine_standing_count(rig->engine, ROUND), 2);
    assert_replays(rig);
    rig_free(rig);
}

static void who_is_removed_leaves_the_standing_and_those_behind_move_up(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 4);
    open_asking(rig);
    answer(rig, 0, at(0, 0), A, 1000);
    answer(rig, 1, at(0, 1), A, 1000);
    answer(rig, 2, at(0, 2), A, 3000);
    close_asking(rig);
    reveal_asking(rig);
    assert_int_equal(see(rig, 2).rank, 3);
    command_participant(rig, CONTROL_REMOVED, 0);
    assert_int_equal(engine_standing_count(rig->engine, ROUND), 3);
    assert_int_equal(see(rig, 0).rank, 0);
    assert_int_equal(see(rig, 1).rank, 1);
    assert_int_equal(see(rig, 2).rank, 2);
    assert_int_equal(see(rig, 3).rank, 3);
    assert_replays(rig);
    rig_free(rig);
}

static void a_packed_standing_is_what_the_fact_makes_it(void **state)
{
    (void)state;
    struct rig *rig = rig_opened();
    join_all(rig, 5);
    static const choice_set choices[] = {B, A, 0, A, C};
    play_asking(rig, choices, 5);
    const struct logged *logged = NULL;
    for (uint32_t i = 0; i < rig->log_durable; i++)
        if (rig->log[i].kind == LOGGED_STANDING) logged = &rig->log[i];
    assert_non_null(logged);
    assert_int_equal(logged->standing_count, 5);
    uint8_t now[5 * STANDING_ENTRY_SIZE];
    engine_standing(rig->engine, ROUND, now);
    assert_memory_equal(now, logged->packed, sizeof now);
    rig_free(rig);
}

/* ---- knockout ---- */

static struct rig *knockout(uint32_t people)
{
    struct rig *rig = rig_new();
    rig->rules.scoring = SCORING_KNOCKOUT;
    rig_open(rig);
    join_all(rig, people);
    return rig;
}

static void a_wrong_or_missing_answer_is_out(void **state)
{
    (void)state;
    struct rig *rig = knockout(3);
    static const choice_set choices[] = {A, B, 0};
    play_asking(rig, choices, 3);
    assert_false(see(rig, 0).is_out);
    assert_int_equal(see(rig, 1).out_at, 1);
    assert_int_equal(see(rig, 2).out_at, 1);
    assert_int_equal(see(rig, 0).points, 10);
    open_asking(rig);
    answer(rig, 1, at(0, 1), A, 1000);
    assert_heard(rig, "refused e0.1 knocked_out");
    answer(rig, 0, at(0, 0), B, 1000);
    close_asking(rig);
    reveal_asking(rig);
    assert_int_equal(see(rig, 0).out_at, 2);
    assert_int_equal(see(rig, 1).out_at, 1); /* once */
    assert_replays(rig);
    rig_free(rig);
}

static void a_share_of_the_points_does_not_keep_anybody_in(void **state)
{
    (void)state;
    struct rig *rig = rig_new();
    rig->rules.scoring = SCORING_KNOCKOUT;
    rig->rules.multiple = MULTIPLE_SHARE;
    rig->askings[0].kind = QUESTION_MULTIPLE;
    rig->askings[0].key = A | B;
    rig_open(rig);
    join_all(rig, 1);
    static const choice_set choices[] = {A};
    play_asking(rig, choices, 1);
    assert_int_equal(see(rig, 0).points, 5);
    assert_true(see(rig, 0).is_out);
    rig_free(rig);
}

static void a_dead_edge_knocks_nobody_out_by_a_missing_answer(void **state)
{
    (void)state;
    struct rig *rig = knockout(2);
    edge_up(rig, 1);
    join(rig, 2, at(1, 2));
    open_asking(rig);
    shown_end(rig, 1);
    edge_lost(rig, 1); /* resident 2 never comes back */
    answer(rig, 0, at(0, 0), B, 1000);
    close_asking(rig);
    reveal_asking(rig);
    assert_false(see(rig, 2).is_out);
    assert_false(see(rig, 1).is_out); /* the fact tells a fault, not whose */
    assert_true(see(rig, 0).is_out);  /* a wrong answer is nobody else's fault */
    assert_replays(rig);
    rig_free(rig);
}

static void an_outage_that_did_not_keep_anybody_from_answering_is_no_fault(void **state)
{
    (void)state;
    struct rig *rig = knockout(2);
    edge_up(rig, 1);
    join(rig, 2, at(1, 2));
    open_asking(rig);
    shown_end(rig, 1);
    edge_lost(rig, 1);
    resume(rig, 2, at(0, 9));
    answer(rig, 2, at(0, 9), A, 1000);
    answer(rig, 0, at(0, 0), A, 1000);
    close_asking(rig);
    reveal_asking(rig);
    assert_true(see(rig, 1).is_out); /* was there all the time */
    rig_free(rig);
}

static void who_came_after_the_opening_is_not_out_by_missing_it(void **state)
{
    (void)state;
    struct rig *rig = knockout(1);
    open_asking(rig);
    join(rig, 1, at(0, 1));
    join(rig, 2, at(0, 2));
    answer(rig, 2, at(0, 2), B, 3000);
    close_asking(rig);
    reveal_asking(rig);
    join(rig, 3, at(0, 3));
    assert_true(see(rig, 0).is_out);
    assert_false(see(rig, 1).is_out);
    assert_true(see(rig, 2).is_out); /* answered, wrong */
    assert_replays(rig);
    static const choice_set nothing[] = {0};
    play_asking(rig, nothing, 1);
    assert_int_equal(see(rig, 1).out_at, 2);
    assert_int_equal(see(rig, 3).out_at, 2);
    assert_replays(rig);
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accuracy_adds_points_then_ticks_of_what_gained),
        cmocka_unit_test(elapsed_is_floored_to_ticks),
        cmocka_unit_test(speed_points_fall_with_time),
        cmocka_unit_test(a_poll_changes_no_points),
        cmocka_unit_test(nothing_of_the_standing_is_public_before_the_reveal),
        cmocka_unit_test(who_joins_after_the_scoring_is_not_in_the_standing),
        cmocka_unit_test(who_is_removed_leaves_the_standing_and_those_behind_move_up),
        cmocka_unit_test(a_packed_standing_is_what_the_fact_makes_it),
        cmocka_unit_test(a_wrong_or_missing_answer_is_out),
        cmocka_unit_test(a_share_of_the_points_does_not_keep_anybody_in),
        cmocka_unit_test(a_dead_edge_knocks_nobody_out_by_a_missing_answer),
        cmocka_unit_test(an_outage_that_did_not_keep_anybody_from_answering_is_no_fault),
        cmocka_unit_test(who_came_after_the_opening_is_not_out_by_missing_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
