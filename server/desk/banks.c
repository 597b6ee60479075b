/* Role: keep desk.db's banks as the folder's files are. Input: CSV files and the pictures beside them. Output: rows,
 * log lines. Leaves to others: reading and checking a file (bank/), the rows (store/banks.c).
 *
 * Whether a file has changed is told by SHA-256 over it, its title and every picture in the folder, so that a picture
 * drawn anew under its old name is taken too. */
#include "desk/banks.h"

#include "bank/file.h"
#include "base/expect.h"
#include "base/log.h"
#include "model/text.h"
#include "store/banks.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TITLE_LINES_MAX 1000

/* ---- hashes ---- */

/* Adds a file's bytes, at most `size_max` and one more. False: errno says why. */
static bool hash_file(EVP_MD_CTX *hash, const char *path, size_t size_max)
{
    uint8_t piece[16384];
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return false;
    ssize_t got;
    size_t size = 0;
    while ((got = read(descriptor, piece, sizeof piece)) > 0 && size <= size_max) {
        expect(EVP_DigestUpdate(hash, piece, (size_t)got) == 1);
        size += (size_t)got;
    }
    int error = errno;
    close(descriptor);
    errno = error;
    return got >= 0;
}

static bool hash_picture(EVP_MD_CTX *hash, const char *folder, const char *name)
{
    char path[PATH_MAX];
    if (name[0] == '.' || snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) return true;
    expect(EVP_DigestUpdate(hash, name, strlen(name) + 1) == 1);
    return hash_file(hash, path, PICTURE_SIZE_MAX);
}

/* All pictures of the folder, in order of name. */
static bool hash_pictures(EVP_MD_CTX *hash, const char *banks_folder)
{
    char folder[PATH_MAX];
    struct dirent **entries = NULL;
    if (snprintf(folder, sizeof folder, "%s/pictures", banks_folder) >= (int)sizeof folder) return false;
    int count = scandir(folder, &entries, NULL, alphasort);
    if (count < 0) return errno == ENOENT; /* no pictures */
    bool is_read = true;
    for (int i = 0; i < count; i++) {
        if (i < PICTURE_FILES_MAX && !hash_picture(hash, folder, entries[i]->d_name) && errno != EISDIR)
            is_read = false;
        free(entries[i]);
    }
    free(entries);
    return is_read;
}

/* ---- titles ---- */

/* The title of a bank's file out of FOLDER/titles.txt, a line each: the file's name, a space, the title. Where there is
 * none, or it is no clean text, the file's name without .csv. */
static void title_of(const char *folder, const char *file, char title[BANK_NAME_MAX + 1])
{
    char path[PATH_MAX], line[2 * BANK_NAME_MAX + 8];
    size_t size = strlen(file);
    snprintf(title, BANK_NAME_MAX + 1, "%.*s", (int)(size - 4), file);
    FILE *titles = snprintf(path, sizeof path, "%s/titles.txt", folder) < (int)sizeof path ? fopen(path, "re") : NULL;
    for (int i = 0; titles && i < TITLE_LINES_MAX && fgets(line, sizeof line, titles); i++) {
        if (strncmp(line, file, size) != 0 || line[size] != ' ') continue;
        struct span text = text_trim(span_of_text(line + size));
        if (text.size == 0 || text_chars(text) > TITLE_CHARS_MAX || !text_is_clean(text)) continue;
        snprintf(title, BANK_NAME_MAX + 1, "%.*s", (int)text.size, (const char *)text.data);
    }
    if (titles) fclose(titles);
}

/* ---- one file ---- */

struct loading {
    struct bank_loading rows;
    char path[PATH_MAX];
    const char *file;
    char title[BANK_NAME_MAX + 1];
    uint8_t *picture; /* PICTURE_SIZE_MAX + 1 */
    bool is_whole;
};

static void on_fault(void *context, const struct bank_fault *fault)
{
    const struct loading *loading = context;
    char sentence[256];
    bank_fault_english(fault, sentence, sizeof sentence);
    const char *column = fault->column[0] ? ", column " : "";
    if (bank_reason_is_warning(fault->reason))
        log_info("bank %s, line %zu%s%s: %s", loading->file, fault->line, column, fault->column, sentence);
    else
        log_warning("bank %s, line %zu%s%s: %s", loading->file, fault->line, column, fault->column, sentence);
}

/* Stores the picture under its content's name, and names it so in the question. */
static bool take_picture(struct loading *loading, struct question *question)
{
    struct picture picture;
    size_t size = 0;
    uint32_t number = 0;
    if (bank_picture_read(loading->path, question->picture, loading->picture, &size, &picture, &number) != BANK_FINE)
        return false;
    uint8_t digest[32];
    expect(EVP_Digest(loading->picture, size, digest, NULL, EVP_sha256(), NULL) == 1);
    for (int i = 0; i < 32; i++)
        snprintf(question->picture + 2 * i, 3, "%02x", digest[i]);
    snprintf(question->picture + 64, sizeof question->picture - 64, ".%s", picture_kind_name(picture.kind));
    bank_load_picture(&loading->rows, question->picture, (struct span){loading->picture, size});
    return true;
}

static void on_question(void *context, const struct question *question, size_t line)
{
    struct loading *loading = context;
    struct question own = *question;
    if (own.picture[0] && !take_picture(loading, &own)) {
        log_warning("bank %s, line %zu: its picture changed while it was read", loading->file, line);
        loading->is_whole = false;
        return;
    }
    bank_load_question(&loading->rows, &own);
}

enum loading_result { LOADED, UNCHANGED, FAULTY, NOT_KEPT };

static enum loading_result load_file(
    struct desk_database *database, struct loading *loading, const uint8_t hash[BANK_HASH_SIZE], uint64_t now_ms)
{
    if (!bank_load_begin(&loading->rows, database, loading->file, loading->title, hash, now_ms)) return NOT_KEPT;

    struct bank_listener listener = {.on_question = on_question, .on_fault = on_fault, .context = loading};
    struct bank_summary summary;
    loading->is_whole = true;
    enum bank_file_verdict verdict = bank_file_read(loading->path, &listener, &summary);
    if (verdict == BANK_FILE_UNREADABLE) log_warning("bank %s: %s", loading->file, strerror(errno));
    bool is_fine = verdict == BANK_FILE_FINE && loading->is_whole;
    bool is_kept = bank_load_end(&loading->rows, is_fine);
    if (!is_fine) return FAULTY;
    if (is_kept) log_info("bank %s: %zu questions", loading->file, summary.questions);
    return is_kept ? LOADED : NOT_KEPT;
}

/* ---- the folder ---- */

static int is_bank(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);
    return size > 4 && size <= BANK_NAME_MAX && entry->d_name[0] != '.' &&
           strcmp(entry->d_name + size - 4, ".csv") == 0;
}

static enum loading_result take_file(struct desk_database *database, struct loading *loading, const char *folder,
    const EVP_MD_CTX *pictures, uint64_t now_ms)
{
    uint8_t digest[BANK_HASH_SIZE];
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    expect(hash && EVP_MD_CTX_copy_ex(hash, pictures) == 1);
    bool is_short = snprintf(loading->path, sizeof loading->path, "%s/%s", folder, loading->file) < PATH_MAX;
    bool is_read = is_short && hash_file(hash, loading->path, BANK_FILE_SIZE_MAX);
    if (!is_read) log_warning("bank %s cannot be read: %s", loading->file, strerror(errno));
    title_of(folder, loading->file, loading->title);
    expect(EVP_DigestUpdate(hash, loading->title, strlen(loading->title)) == 1);
    expect(EVP_DigestFinal_ex(hash, digest, NULL) == 1);
    EVP_MD_CTX_free(hash);
    if (!is_read) return FAULTY;
    if (bank_is_loaded(database, loading->file, digest)) return UNCHANGED;
    return load_file(database, loading, digest, now_ms);
}

bool banks_load(struct desk_database *database, const char *folder, uint64_t now_ms, struct banks_loaded *loaded)
{
    *loaded = (struct banks_loaded){0};
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_bank, alphasort);
    if (count < 0) {
        log_warning("the banks' folder %s cannot be read: %s", folder, strerror(errno));
        return true;
    }
    if (count > BANK_FILES_MAX) log_warning("%s: only the first %d banks are taken", folder, BANK_FILES_MAX);

    EVP_MD_CTX *pictures = EVP_MD_CTX_new();
    struct loading loading = {.picture = malloc(PICTURE_SIZE_MAX + 1)};
    expect(pictures && loading.picture && EVP_DigestInit_ex(pictures, EVP_sha256(), NULL) == 1);
    if (!hash_pictures(pictures, folder)) log_warning("%s/pictures cannot be read: %s", folder, strerror(errno));

    bool is_kept = true;
    for (int i = 0; i < count; i++) {
        if (i < BANK_FILES_MAX && is_kept) {
            loading.file = entries[i]->d_name;
            enum loading_result result = take_file(database, &loading, folder, pictures, now_ms);
            loaded->files++;
            loaded->loaded += result == LOADED;
            loaded->faulty += result == FAULTY;
            is_kept = result != NOT_KEPT;
        }
        free(entries[i]);
    }
    free(entries);
    free(loading.picture);
    EVP_MD_CTX_free(pictures);
    return is_kept && desk_database_tidy(database);
}
