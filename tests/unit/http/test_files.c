/* The static table: exact names only, and a clear line where the pages are not there. */
#include "http/connection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct pages {
    char folder[64];
    struct http_static *files;
    uint32_t count;
    struct http_server server;
    char message[256];
    struct pages *next;
};

static struct pages *kept;

static void put(const struct pages *pages, const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", pages->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int set_up(void **state)
{
    struct pages *pages = calloc(1, sizeof *pages);
    strcpy(pages->folder, "/tmp/jingda-files-XXXXXX");
    assert_non_null(mkdtemp(pages->folder));
    put(pages, "index.html", "<p>");
    put(pages, "index.html.br", "BR");
    put(pages, "a.js", "1;");
    put(pages, "t", "/ index.html text/html;charset=utf-8 no-cache\n/a/a.js a.js text/javascript immutable\n");
    *state = pages;
    return 0;
}

static int tear_down(void **state)
{
    struct pages *pages = *state;
    const char *const names[] = {"index.html", "index.html.br", "a.js", "t"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", pages->folder, names[i]);
        unlink(path);
    }
    rmdir(pages->folder);
    pages->next = kept; /* a table lasts as long as its process */
    kept = pages;
    return 0;
}

static bool load(struct pages *pages)
{
    bool ok = http_load_table(pages->folder, "t", &pages->files, &pages->count, pages->message);
    http_serve_files(&pages->server, pages->files, pages->count);
    return ok;
}

static const struct http_static *find(const struct pages *pages, const char *path)
{
    return files_find(&pages->server, span_of_text(path));
}

static void a_path_finds_its_file_with_what_is_beside_it(void **state)
{
    struct pages *pages = *state;
    assert_true(load(pages));
    assert_int_equal(pages->count, 2);
    const struct http_static *index = find(pages, "/"), *script = find(pages, "/a/a.js");
    assert_string_equal(index->type, "text/html;charset=utf-8");
    assert_memory_equal(index->bytes.data, "<p>", 3);
    assert_memory_equal(index->brotli.data, "BR", 2);
    assert_null(index->gzip.data);
    assert_false(index->is_immutable);
    assert_true(script->is_immutable);
}

static void only_exact_names_are_found(void **state)
{
    struct pages *pages = *state;
    assert_true(load(pages));
    const char *const not_there[] = {"", "/a", "/a/", "/a/a.j", "/a/a.js/", "/a/a.jsx", "//", "/../t", "/t",
        "/index.html", "/./", "a.js", "/A/A.JS"};
    for (size_t i = 0; i < sizeof not_there / sizeof not_there[0]; i++)
        assert_null(find(pages, not_there[i]));
}

static void a_missing_table_says_so(void **state)
{
    struct pages *pages = *state;
    assert_false(http_load_table(pages->folder, "none", &pages->files, &pages->count, pages->message));
    assert_non_null(strstr(pages->message, "none"));
    assert_non_null(strstr(pages->message, "built"));
}

static void a_missing_file_says_which(void **state)
{
    struct pages *pages = *state;
    put(pages, "t", "/x gone.js text/javascript immutable\n");
    assert_false(load(pages));
    assert_non_null(strstr(pages->message, "gone.js"));
}

static void a_line_that_is_not_whole_is_refused(void **state)
{
    struct pages *pages = *state;
    put(pages, "t", "/x a.js text/javascript\n");
    assert_false(load(pages));
    assert_non_null(strstr(pages->message, "PATH FILE TYPE CACHE"));
}

int main(void)
{
#define FACT(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        FACT(a_path_finds_its_file_with_what_is_beside_it),
        FACT(only_exact_names_are_found),
        FACT(a_missing_table_says_so),
        FACT(a_missing_file_says_which),
        FACT(a_line_that_is_not_whole_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
