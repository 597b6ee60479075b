/* Role: the messages from an edge to the core, each writer beside its reader. Input, output: structs and bytes. Left to
 * others: whether what an edge says is so. */
#include "protocol/edge_core_fields.h"

uint16_t message_kind(struct span message)
{
    struct reader r = reader_over(message.data, message.size);
    return read_u16(&r);
}

void edge_hello_encode(struct writer *w, const struct edge_hello *message)
{
    write_u16(w, EDGE_HELLO);
    write_u16(w, message->version_min);
    write_u16(w, message->version_max);
    write_u8(w, message->edge);
    write_u64(w, message->boot);
    write_raw(w, message->secret, EDGE_SECRET_SIZE);
}

bool edge_hello_decode(struct span bytes, struct edge_hello *message)
{
    struct reader r = message_reader(bytes, EDGE_HELLO);
    message->version_min = read_u16(&r);
    message->version_max = read_u16(&r);
    message->edge = read_u8(&r);
    message->boot = read_u64(&r);
    read_raw(&r, message->secret, EDGE_SECRET_SIZE);
    return read_finished(&r) && message->edge < EDGES_MAX && message->version_min <= message->version_max;
}

void edge_look_encode(struct writer *w, const struct edge_look *message)
{
    write_u16(w, EDGE_LOOK);
    write_slot(w, message->slot, message->generation);
    write_u32(w, message->code);
}

bool edge_look_decode(struct span bytes, struct edge_look *message)
{
    struct reader r = message_reader(bytes, EDGE_LOOK);
    message->slot = read_u32(&r);
    message->generation = read_u32(&r);
    message->code = read_u32(&r);
    return read_finished(&r);
}

void edge_join_encode(struct writer *w, const struct edge_join *message)
{
    write_u16(w, EDGE_JOIN);
    write_slot(w, message->slot, message->generation);
    write_u32(w, message->code);
    write_raw(w, message->nonce, NONCE_SIZE);
    write_u16(w, message->community);
    write_span(w, message->name);
}

bool edge_join_decode(struct span bytes, struct edge_join *message)
{
    struct reader r = message_reader(bytes, EDGE_JOIN);
    message->slot = read_u32(&r);
    message->generation = read_u32(&r);
    message->code = read_u32(&r);
    read_raw(&r, message->nonce, NONCE_SIZE);
    message->community = read_u16(&r);
    message->name = read_text(&r, (size_t)4 * NAME_CHARS_MAX);
    return read_finished(&r);
}

void edge_resume_encode(struct writer *w, const struct edge_resume *message)
{
    write_u16(w, EDGE_RESUME);
    write_slot(w, message->slot, message->generation);
    write_u32(w, message->code);
    write_span(w, message->token);
    write_u8(w, message->is_same_connection);
    write_u16(w, message->start_asking);
    write_u64(w, message->start_ms);
    write_u32(w, message->allowance_ms);
}

bool edge_resume_decode(struct span bytes, struct edge_resume *message)
{
    struct reader r = message_reader(bytes, EDGE_RESUME);
    message->slot = read_u32(&r);
    message->generation = read_u32(&r);
    message->code = read_u32(&r);
    message->token = read_span(&r, TOKEN_TEXT_MAX);
    message->is_same_connection = read_flag(&r);
    message->start_asking = read_u16(&r);
    message->start_ms = read_u64(&r);
    message->allowance_ms = read_u32(&r);
    return read_finished(&r);
}

void edge_detach_encode(struct writer *w, const struct edge_detach *message)
{
    write_u16(w, EDGE_DETACH);
    write_slot(w, message->slot, message->generation);
    write_u32(w, message->round);
    write_u32(w, message->participant);
}

bool edge_detach_decode(struct span bytes, struct edge_detach *message)
{
    struct reader r = message_reader(bytes, EDGE_DETACH);
    message->slot = read_u32(&r);
    message->generation = read_u32(&r);
    message->round = read_u32(&r);
    message->participant = read_u32(&r);
    return read_finished(&r);
}

void edge_answer_encode(struct writer *w, const struct edge_answer *message)
{
    write_u16(w, EDGE_ANSWER);
    write_slot(w, message->slot, message->generation);
    write_u32(w, message->round);
    write_u32(w, message->participant);
    write_u16(w, message->asking);
    write_u16(w, message->choice);
    write_u64(w, message->start_ms);
    write_u32(w, message->elapsed_ms);
    write_u16(w, message->credit_ms);
}

bool edge_answer_decode(struct span bytes, struct edge_answer *message)
{
    struct reader r = message_reader(bytes, EDGE_ANSWER);
    message->slot = read_u32(&r);
    message->generation = read_u32(&r);
    message->round = read_u32(&r);
    message->participant = read_u32(&r);
    message->asking = read_u16(&r);
    message->choice = read_u16(&r);
    message->start_ms = read_u64(&r);
    message->elapsed_ms = read_u32(&r);
    message->credit_ms = read_u16(&r);
    return read_finished(&r) && message->credit_ms <= CREDIT_MS_MAX;
}

void edge_shown_encode(struct writer *w, const struct edge_shown *message)
{
    write_u16(w, EDGE_SHOWN);
    write_u32(w, message->round);
    write_u16(w, message->asking);
    write_u8(w, message->is_end);
    write_u32(w, message->count);
    for (uint32_t i = 0; i < message->count; i++) {
        write_u32(w, message->starts[i].participant);
        write_u64(w, message->starts[i].start_ms);
    }
}

bool edge_shown_decode(struct span bytes, struct edge_shown *message, struct shown_start starts[SHOWN_BATCH_MAX])
{
    struct reader r = message_reader(bytes, EDGE_SHOWN);
    message->round = read_u32(&r);
    message->asking = read_u16(&r);
    message->is_end = read_flag(&r);
    message->count = read_u32(&r);
    message->starts = starts;
    if (message->count > SHOWN_BATCH_MAX) return false;
    for (uint32_t i = 0; i < message->count; i++) {
        starts[i].participant = read_u32(&r);
        starts[i].start_ms = read_u64(&r);
    }
    return read_finished(&r);
}

void edge_drained_encode(struct writer *w, const struct edge_drained *message)
{
    write_u16(w, EDGE_DRAINED);
    write_u32(w, message->round);
    write_u16(w, message->asking);
}

bool edge_drained_decode(struct span bytes, struct edge_drained *message)
{
    struct reader r = message_reader(bytes, EDGE_DRAINED);
    message->round = read_u32(&r);
    message->asking = read_u16(&r);
    return read_finished(&r);
}

void edge_stats_encode(struct writer *w, const struct edge_stats *message)
{
    write_u16(w, EDGE_STATS);
    write_u32(w, message->connections);
    write_u32(w, message->screens);
    write_u32(w, message->blocked);
}

bool edge_stats_decode(struct span bytes, struct edge_stats *message)
{
    struct reader r = message_reader(bytes, EDGE_STATS);
    message->connections = read_u32(&r);
    message->screens = read_u32(&r);
    message->blocked = read_u32(&r);
    return read_finished(&r);
}
