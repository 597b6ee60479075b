/* Role: the requests about banks. Input: a page's request. Output: rows of desk.db in JSON. */
#include "base/expect.h"
#include "desk/facts.h"
#include "desk/inside.h"
#include "store/banks.h"

#define BANK_PAGE_MAX 2000 /* questions in one reply, some 2 MiB */

static bool on_category(void *context, const char *category)
{
    return json_array_append_new(context, json_string(category)) == 0;
}

struct listing {
    json_t *rows;
    uint32_t bank; /* looked for; 0: all */
    uint32_t questions;
    bool is_found;
};

static bool on_bank(void *context, const struct bank_row *bank)
{
    struct listing *listing = context;
    json_t *row = json_pack("{s:I, s:s, s:I, s:b, s:[]}", "id", (json_int_t)bank->id, "name", bank->name, "questions",
        (json_int_t)bank->questions, "is_sample", (int)bank->is_sample, "categories");
    expect(row);
    json_array_append_new(listing->rows, row);
    if (bank->id != listing->bank) return true;
    listing->is_found = true;
    listing->questions = bank->questions;
    return false;
}

void ask_banks(struct desk *desk, struct request *request)
{
    struct listing listing = {.rows = json_array()};
    bool is_read = banks_each(desk->database, on_bank, &listing);
    size_t index;
    json_t *row;
    json_array_foreach(listing.rows, index, row)
    {
        uint32_t bank = (uint32_t)json_integer_value(json_object_get(row, "id"));
        is_read = is_read && bank_each_category(desk->database, bank, on_category, json_object_get(row, "categories"));
    }
    if (is_read)
        reply_ok(desk, request->watcher->id, request->id, json_pack("{s:O}", "banks", listing.rows));
    else
        reply_error(desk, request->watcher->id, request->id, "storage", NULL);
    json_decref(listing.rows);
}

static bool on_question(void *context, uint32_t id, const struct question *question)
{
    json_t *row = question_json(question);
    json_object_set_new(row, "id", json_integer(id));
    json_object_set_new(row, "seconds", json_integer(question->seconds));
    json_object_set_new(row, "points", json_integer(question->points));
    return json_array_append_new(context, row) == 0;
}

void ask_bank(struct desk *desk, struct request *request)
{
    struct fields *fields = &request->fields;
    struct listing listing = {.rows = json_array(), .bank = (uint32_t)field_number(fields, "bank", 1, UINT32_MAX)};
    uint32_t from = (uint32_t)field_number_or(fields, "from", 0, BANK_QUESTIONS_MAX, 0);
    uint32_t count = (uint32_t)field_number_or(fields, "count", 1, BANK_PAGE_MAX, BANK_PAGE_MAX);
    uint64_t watcher = request->watcher->id;
    json_t *questions = json_array();
    if (!fields_are_fine(fields))
        reply_field(desk, watcher, request->id, fields->fault);
    else if (!banks_each(desk->database, on_bank, &listing) ||
             !bank_each_question(desk->database, listing.bank, from, count, on_question, questions))
        reply_error(desk, watcher, request->id, "storage", NULL);
    else if (!listing.is_found)
        reply_error(desk, watcher, request->id, "unknown_bank", json_pack("{s:s}", "field", "bank"));
    else
        reply_ok(desk, watcher, request->id,
            json_pack("{s:O, s:I}", "questions", questions, "of", (json_int_t)listing.questions));
    json_decref(listing.rows);
    json_decref(questions);
}
