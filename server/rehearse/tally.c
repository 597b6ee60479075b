/* Role: adds up what the crowd's processes counted. Input: tallies. Output: one. Leaves to others: counting. */
#include "rehearse/tally.h"

uint64_t since_first(_Atomic uint64_t *first_us, uint64_t now_us)
{
    uint64_t first = 0;
    if (atomic_compare_exchange_strong(first_us, &first, now_us)) return 0;
    return now_us > first ? now_us - first : 0;
}

uint32_t verdicts_sum(const uint32_t counts[VERDICTS])
{
    uint32_t sum = 0;
    for (int i = 0; i < VERDICTS; i++)
        sum += counts[i];
    return sum;
}

static void asking_merge(struct asking_tally *into, const struct asking_tally *from)
{
    into->shown += from->shown;
    into->sent += from->sent;
    into->acknowledged += from->acknowledged;
    for (int i = 0; i < VERDICTS; i++)
        into->refused[i] += from->refused[i];
    into->sent_again += from->sent_again;
    if (from->server_answered > into->server_answered) into->server_answered = from->server_answered;
    bool is_earlier = from->first_sent_us && (!into->first_sent_us || from->first_sent_us < into->first_sent_us);
    if (is_earlier) into->first_sent_us = from->first_sent_us;
    if (from->last_acknowledged_us > into->last_acknowledged_us)
        into->last_acknowledged_us = from->last_acknowledged_us;
    histogram_merge(&into->question, &from->question);
    histogram_merge(&into->reveal, &from->reveal);
    histogram_merge(&into->acknowledge, &from->acknowledge);
}

void tally_merge(struct tally *into, const struct tally *from)
{
    into->full_handshakes += from->full_handshakes;
    into->resumed_handshakes += from->resumed_handshakes;
    for (int i = 0; i < VERDICTS; i++)
        into->refused[i] += from->refused[i];
    into->gave_up += from->gave_up;
    into->failed_tries += from->failed_tries;
    into->dropped += from->dropped;
    into->cut += from->cut;
    into->broken += from->broken;
    if (from->last_joined_us > into->last_joined_us) into->last_joined_us = from->last_joined_us;
    into->proof.receipts += from->proof.receipts;
    into->proof.reread += from->proof.reread;
    into->proof.lost += from->proof.lost;
    into->proof.changed += from->proof.changed;
    into->proof.rights_checked += from->proof.rights_checked;
    into->proof.rights_wrong += from->proof.rights_wrong;
    into->proof.reread_failed += from->proof.reread_failed;
    for (int i = 0; i <= ASKINGS_MAX; i++)
        asking_merge(&into->askings[i], &from->askings[i]);
}
