/* The accounts of desk.db, and the one-time token that makes the first of them. Passwords and tokens stand here as what
 * a one-way function made of them. False from a function: the database failed, unless said otherwise. */
#ifndef JINGDA_STORE_ACCOUNTS_H
#define JINGDA_STORE_ACCOUNTS_H

#include "store/desk_database.h"

#define ACCOUNT_SALT_SIZE     16
#define ACCOUNT_PASSWORD_SIZE 32
#define ACCOUNT_TOKEN_SIZE    32 /* of its hash */
#define ACCOUNT_ROLE_MAX      15

struct account {
    uint32_t id;
    char name[4 * ACCOUNT_NAME_CHARS_MAX + 1];
    char role[ACCOUNT_ROLE_MAX + 1]; /* "organizer" */
    uint8_t salt[ACCOUNT_SALT_SIZE];
    uint8_t password[ACCOUNT_PASSWORD_SIZE]; /* scrypt of the password under the salt */
};

bool accounts_count(struct desk_database *database, uint32_t *count);

enum account_found { ACCOUNT_FOUND, ACCOUNT_MISSING, ACCOUNT_UNREADABLE };
/* By what text_fold makes of the name. */
enum account_found account_by_name(struct desk_database *database, const char *name_key, struct account *account);
enum account_found account_by_id(struct desk_database *database, uint32_t id, struct account *account);

/* Replaces the token's hash; the one before is good for nothing any more. */
bool account_token_set(struct desk_database *database, const uint8_t hash[ACCOUNT_TOKEN_SIZE]);
/* False where there is none, too. */
bool account_token_get(struct desk_database *database, uint8_t hash[ACCOUNT_TOKEN_SIZE]);

enum account_made { ACCOUNT_MADE, ACCOUNT_NOT_FIRST, ACCOUNT_NOT_KEPT };
/* The first account, in one transaction with the end of the token. ACCOUNT_NOT_FIRST: another came before it. */
enum account_made account_make_first(
    struct desk_database *database, struct account *account, const char *name_key, uint64_t now_ms);

#endif
