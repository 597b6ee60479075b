/* Role: tells what a rehearsal found. Input: one tally. Output: a table, JSON, a verdict. Leaves to others: counting.
 * What was not measured is left out. */
#include "rehearse/report.h"

#include "base/expect.h"

struct report_proof report_prove(const struct report *report)
{
    const struct proof_tally *seen = &report->tally->proof;
    struct report_proof proof = {.lost = seen->lost,
        .changed = seen->changed,
        .rights_wrong = seen->rights_wrong,
        .is_alone = report->people_max > 0 && report->people_max <= report->joined};
    uint32_t missing = 0; /* receipts beyond what the server counted; the same losses, seen from another side */
    for (int i = 1; i <= ASKINGS_MAX; i++) {
        const struct asking_tally *asking = &report->tally->askings[i];
        bool is_revealed = asking->reveal.total > 0;
        if (!is_revealed) continue;
        if (asking->acknowledged > asking->server_answered) missing += asking->acknowledged - asking->server_answered;
        if (proof.is_alone && asking->server_answered > asking->sent)
            proof.doubled += asking->server_answered - asking->sent;
    }
    if (missing > proof.lost) proof.lost = missing;
    return proof;
}

bool report_is_clean(const struct report *report)
{
    struct report_proof proof = report_prove(report);
    return report->is_whole && report->joined > 0 && proof.lost == 0 && proof.changed == 0 && proof.rights_wrong == 0 &&
           proof.doubled == 0 && report->tally->proof.reread_failed == 0;
}

static double seconds_of_ramp(const struct report *report)
{
    uint64_t last_us = report->tally->last_joined_us;
    return last_us > report->started_us ? (double)(last_us - report->started_us) / 1e6 : 0;
}

static uint32_t unacknowledged(const struct asking_tally *asking)
{
    uint32_t answered = asking->acknowledged + verdicts_sum(asking->refused);
    return asking->sent > answered ? asking->sent - answered : 0;
}

/* Answers of one asking acknowledged in a second, from the first sent to the last acknowledged. */
static double rate_of(const struct asking_tally *asking)
{
    if (asking->last_acknowledged_us <= asking->first_sent_us) return 0;
    return asking->acknowledged / ((double)(asking->last_acknowledged_us - asking->first_sent_us) / 1e6);
}

static double best_rate(const struct report *report)
{
    double best = 0;
    for (int i = 1; i <= ASKINGS_MAX; i++) {
        double rate = rate_of(&report->tally->askings[i]);
        if (rate > best) best = rate;
    }
    return best;
}

/* ---- for people ---- */

static void print_times(FILE *out, const char *what, const struct histogram *times)
{
    fprintf(out, "  %-28s p50 %8.1f   p99 %8.1f   max %8.1f ms   (%u)\n", what, histogram_percentile(times, 50) / 1e3,
        histogram_percentile(times, 99) / 1e3, times->max_us / 1e3, times->total);
}

static void print_asking(FILE *out, int number, const struct asking_tally *asking)
{
    fprintf(out, "\nquestion %d: shown %u, sent %u, acknowledged %u, refused %u, unacknowledged %u, sent again %u\n",
        number, asking->shown, asking->sent, asking->acknowledged, verdicts_sum(asking->refused),
        unacknowledged(asking), asking->sent_again);
    for (int i = 1; i < VERDICTS; i++) {
        if (asking->refused[i]) fprintf(out, "  refused: %s %u\n", verdict_name((enum verdict)i), asking->refused[i]);
    }
    print_times(out, "question, after the first", &asking->question);
    print_times(out, "answer to acknowledgement", &asking->acknowledge);
    print_times(out, "own rank, after the reveal", &asking->reveal);
}

void report_print(FILE *out, const struct report *report)
{
    const struct tally *tally = report->tally;
    struct report_proof proof = report_prove(report);
    fprintf(out, "\nresidents: asked %u, connected %u, refused %u, gave up %u, dropped %u, cut by us %u\n",
        report->options->residents, report->joined, verdicts_sum(tally->refused), tally->gave_up, tally->dropped,
        tally->cut);
    for (int i = 1; i < VERDICTS; i++) {
        if (tally->refused[i]) fprintf(out, "  refused: %s %u\n", verdict_name((enum verdict)i), tally->refused[i]);
    }
    fprintf(out, "ramp: %.1f s; handshakes: %u full, %u resumed; tries that failed: %u\n", seconds_of_ramp(report),
        tally->full_handshakes, tally->resumed_handshakes, tally->failed_tries);
    for (int i = 1; i <= ASKINGS_MAX; i++) {
        if (tally->askings[i].shown || tally->askings[i].sent) print_asking(out, i, &tally->askings[i]);
    }
    fprintf(out, "\nanswers: %.0f/s in the busiest question; crowd's processors: %.1f s; broken frames: %u\n",
        best_rate(report), report->crowd_cpu_seconds, tally->broken);
    fprintf(out, "proof: %u receipts; %u read again; %u standings recounted\n", tally->proof.receipts,
        tally->proof.reread, tally->proof.rights_checked);
    fprintf(out, "  lost %u, changed %u, standings wrong %u, not readable again %u, doubled ", proof.lost,
        proof.changed, proof.rights_wrong, tally->proof.reread_failed);
    if (proof.is_alone)
        fprintf(out, "%u\n", proof.doubled);
    else
        fputs("not told: others took part\n", out);
    if (!report->is_whole)
        fputs("  the rehearsal stopped before the round's end was seen by all: this proves little\n", out);
}

/* ---- for scripts ---- */

static void put(json_t *object, const char *key, json_t *value)
{
    expect(json_object_set_new(object, key, value) == 0);
}

static json_t *times_json(const struct histogram *times)
{
    json_t *object = json_object();
    put(object, "p50", json_real(histogram_percentile(times, 50) / 1e3));
    put(object, "p99", json_real(histogram_percentile(times, 99) / 1e3));
    put(object, "max", json_real(times->max_us / 1e3));
    put(object, "count", json_integer(times->total));
    return object;
}

static json_t *verdicts_json(const uint32_t counts[VERDICTS])
{
    json_t *object = json_object();
    for (int i = 1; i < VERDICTS; i++) {
        if (counts[i]) put(object, verdict_name((enum verdict)i), json_integer(counts[i]));
    }
    return object;
}

static json_t *asking_json(int number, const struct asking_tally *asking)
{
    json_t *object = json_object();
    put(object, "asking", json_integer(number));
    put(object, "shown", json_integer(asking->shown));
    put(object, "question_ms", times_json(&asking->question));
    put(object, "reveal_ms", times_json(&asking->reveal));
    put(object, "ack_ms", times_json(&asking->acknowledge));
    put(object, "sent", json_integer(asking->sent));
    put(object, "acknowledged", json_integer(asking->acknowledged));
    put(object, "refused", json_integer(verdicts_sum(asking->refused)));
    put(object, "refused_by", verdicts_json(asking->refused));
    put(object, "unacknowledged", json_integer(unacknowledged(asking)));
    put(object, "sent_again", json_integer(asking->sent_again));
    put(object, "server_answered", json_integer(asking->server_answered));
    return object;
}

static json_t *residents_json(const struct report *report)
{
    json_t *object = json_object();
    put(object, "asked", json_integer(report->options->residents));
    put(object, "connected", json_integer(report->joined));
    put(object, "refused", json_integer(verdicts_sum(report->tally->refused)));
    put(object, "refused_by", verdicts_json(report->tally->refused));
    put(object, "gave_up", json_integer(report->tally->gave_up));
    put(object, "dropped", json_integer(report->tally->dropped));
    put(object, "cut", json_integer(report->tally->cut));
    return object;
}

static json_t *proof_json(const struct report *report)
{
    struct report_proof proof = report_prove(report);
    json_t *object = json_object();
    put(object, "receipts", json_integer(report->tally->proof.receipts));
    put(object, "reread", json_integer(report->tally->proof.reread));
    put(object, "reread_failed", json_integer(report->tally->proof.reread_failed));
    put(object, "lost", json_integer(proof.lost));
    if (proof.is_alone) put(object, "doubled", json_integer(proof.doubled));
    put(object, "changed", json_integer(proof.changed));
    put(object, "rights_checked", json_integer(report->tally->proof.rights_checked));
    put(object, "rights_wrong", json_integer(proof.rights_wrong));
    return object;
}

json_t *report_json(const struct report *report)
{
    const struct tally *tally = report->tally;
    json_t *object = json_object(), *ramp = json_object(), *answers = json_object(), *crowd = json_object();
    json_t *questions = json_array();
    struct histogram all = {0};
    put(ramp, "seconds", json_real(seconds_of_ramp(report)));
    put(ramp, "full_handshakes", json_integer(tally->full_handshakes));
    put(ramp, "resumed_handshakes", json_integer(tally->resumed_handshakes));
    put(ramp, "failed_tries", json_integer(tally->failed_tries));
    for (int i = 1; i <= ASKINGS_MAX; i++) {
        if (!tally->askings[i].shown && !tally->askings[i].sent) continue;
        expect(json_array_append_new(questions, asking_json(i, &tally->askings[i])) == 0);
        histogram_merge(&all, &tally->askings[i].acknowledge);
    }
    put(answers, "per_second", json_real(best_rate(report)));
    put(answers, "ack_ms", times_json(&all));
    put(crowd, "cpu_seconds", json_real(report->crowd_cpu_seconds));
    put(crowd, "broken", json_integer(tally->broken));
    put(object, "is_whole", json_boolean(report->is_whole));
    put(object, "residents", residents_json(report));
    put(object, "ramp", ramp);
    put(object, "questions", questions);
    put(object, "answers", answers);
    put(object, "crowd", crowd);
    put(object, "proof", proof_json(report));
    return object;
}
