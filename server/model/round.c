/* The words for a round's phases and for a command's errors, as frames and the desk spell them. */
#include "model/round.h"

const char *phase_name(enum phase phase)
{
    static const char *const names[] = {"lobby", "open", "closing", "closed", "revealed", "ended"};
    return names[phase];
}

const char *command_error_name(enum command_error error)
{
    static const char *const names[COMMAND_ERRORS] = {"done", "unknown_round", "wrong_phase", "too_late", "round_over",
        "unknown_participant", "bad_request", "too_many_rounds", "core_away"};
    return names[error];
}
