/* The words for verdicts, as docs/protocol.md spells them, and which of them end a connection. */
#include "model/answer.h"

static const char *const verdict_names[VERDICTS] = {
    [VERDICT_OK] = "ok",
    [VERDICT_UNKNOWN_CODE] = "unknown_code",
    [VERDICT_ROUND_OVER] = "round_over",
    [VERDICT_LOBBY_LOCKED] = "lobby_locked",
    [VERDICT_ROUND_FULL] = "round_full",
    [VERDICT_BAD_TOKEN] = "bad_token",
    [VERDICT_BAD_NAME] = "bad_name",
    [VERDICT_BAD_COMMUNITY] = "bad_community",
    [VERDICT_REMOVED] = "removed",
    [VERDICT_NEWER_CONNECTION] = "newer_connection",
    [VERDICT_NOT_JOINED] = "not_joined",
    [VERDICT_ALREADY_ANSWERED] = "already_answered",
    [VERDICT_LATE] = "late",
    [VERDICT_TOO_EARLY] = "too_early",
    [VERDICT_WRONG_ASKING] = "wrong_asking",
    [VERDICT_BAD_CHOICE] = "bad_choice",
    [VERDICT_KNOCKED_OUT] = "knocked_out",
    [VERDICT_TRY_AGAIN] = "try_again",
    [VERDICT_TOO_MANY_FRAMES] = "too_many_frames",
    [VERDICT_BAD_FRAME] = "bad_frame",
};

const char *verdict_name(enum verdict verdict)
{
    return verdict_names[verdict];
}

bool verdict_ends_connection(enum verdict verdict)
{
    return verdict == VERDICT_NEWER_CONNECTION || verdict == VERDICT_TOO_MANY_FRAMES || verdict == VERDICT_BAD_FRAME;
}
