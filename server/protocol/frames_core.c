/* Role: the frames that are the same bytes for all, made once by the core. Input: a question, counts, rows. Output:
 * JSON in the caller's writer; w->ok tells whether it fitted. Left to others: what may be told when (the key comes only
 * in `revealed`). docs/protocol.md, "To the browser". */
#include "protocol/json_put.h"

static void put_picture(struct writer *w, const char *name)
{
    char path[sizeof PICTURE_PATH + PICTURE_NAME_MAX];
    struct writer text = writer_over(path, sizeof path);
    if (name[0]) {
        write_raw(&text, PICTURE_PATH, sizeof PICTURE_PATH - 1);
        write_raw(&text, name, span_of_text(name).size);
    }
    json_put_text(w, "picture", (struct span){text.data, text.size});
}

void frame_write_question(struct writer *w, uint16_t asking, uint16_t askings, const struct question *question,
    uint16_t points, uint32_t reading_ms, uint32_t limit_ms)
{
    json_begin(w, "question");
    json_put_number(w, "asking", asking);
    json_put_number(w, "askings", askings);
    json_put_string(w, "kind", question_kind_name(question->kind));
    json_put_string(w, "text", question->text);
    json_key(w, "options");
    json_open(w, '[');
    for (size_t i = 0; i < question->options_count; i++)
        json_text(w, span_of_text(question->options[i]));
    json_close(w, ']');
    json_put_number(w, "points", points);
    put_picture(w, question->picture);
    json_put_string(w, "picture_alt", question->picture_alt);
    json_put_number(w, "reading_ms", reading_ms);
    json_put_number(w, "limit_ms", limit_ms);
    json_put_string(w, "category", question->category);
    json_close(w, '}');
}

void frame_write_revealed(struct writer *w, uint16_t asking, const struct question *question, uint32_t answered,
    uint32_t right, const uint32_t *counts)
{
    json_begin(w, "revealed");
    json_put_number(w, "asking", asking);
    json_put_number(w, "key", question->key);
    json_put_string(w, "explanation", question->explanation);
    json_put_string(w, "source", question->source);
    json_put_number(w, "answered", answered);
    json_key(w, "right");
    if (right == FRAME_RIGHT_UNTOLD)
        json_nothing(w);
    else
        json_number(w, right);
    json_key(w, "counts");
    json_open(w, '[');
    for (size_t i = 0; counts && i < question->options_count; i++)
        json_number(w, counts[i]);
    json_close(w, ']');
    json_close(w, '}');
}

static void put_row(struct writer *w, const struct leaderboard_row *row)
{
    json_open(w, '{');
    json_put_number(w, "rank", row->rank);
    json_put_string(w, "name", row->name);
    json_put_string(w, "community", row->community);
    json_put_number(w, "points", row->points);
    json_put_number(w, "ms", row->ms);
    json_close(w, '}');
}

static void put_community_row(struct writer *w, const struct community_row *row)
{
    json_open(w, '{');
    json_put_number(w, "rank", row->rank);
    json_put_string(w, "name", row->name);
    json_put_number(w, "people", row->people);
    json_put_number(w, "mean", row->mean_tenths);
    json_close(w, '}');
}

void frame_write_leaderboard(struct writer *w, uint16_t asking, const struct leaderboard_row *rows, uint32_t rows_count,
    uint32_t of, const struct community_row *communities, uint32_t communities_count)
{
    json_begin(w, "leaderboard");
    json_put_number(w, "asking", asking);
    json_key(w, "rows");
    json_open(w, '[');
    for (uint32_t i = 0; i < rows_count; i++)
        put_row(w, &rows[i]);
    json_close(w, ']');
    json_put_number(w, "of", of);
    json_key(w, "communities");
    json_open(w, '[');
    for (uint32_t i = 0; i < communities_count; i++)
        put_community_row(w, &communities[i]);
    json_close(w, ']');
    json_close(w, '}');
}
