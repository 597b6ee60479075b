/* Role: chooses what this process is: a command of the operator's, or a child that launch started.
 * Input: the command line. Output: an exit status of sysexits.h. Leaves to others: everything else. */
#include "core/core.h"
#include "desk/desk.h"
#include "edge/edge.h"
#include "launch/launch.h"
#include "launch/role.h"
#include "rehearse/rehearse.h"
#include "tool/bank_check.h"
#include "tool/qr_print.h"

#include "base/log.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

_Static_assert(LAUNCH_EDGES_MAX == EDGES_MAX, "launch starts as many edges as the core can tell apart");
_Static_assert(ROLE_TICKET_SIZE == sizeof((struct edge_options *)0)->ticket_key, "tickets fit");
_Static_assert(ROLE_BUS_SECRET_SIZE == sizeof((struct edge_options *)0)->bus_secret, "an edge holds all of it");
_Static_assert(ROLE_BUS_SECRET_SIZE == sizeof((struct core_options *)0)->edge_secret, "the core holds all of it");

/* ---- children ---- */

/* Read once and let go: it need not lie open in a process that strangers talk to. */
static bool read_bus_secret(uint8_t secret[ROLE_BUS_SECRET_SIZE])
{
    bool ok = pread(ROLE_BUS_SECRET, secret, ROLE_BUS_SECRET_SIZE, 0) == ROLE_BUS_SECRET_SIZE;
    close(ROLE_BUS_SECRET);
    return ok;
}

static int run_core(const struct role *role)
{
    log_start("core", LOG_LEVEL_INFO);
    struct core_options options = {
        .folder = role->folder,
        .residents_max = role->residents,
        .edges_expected = role->edges,
        .edge_listener = ROLE_LISTENER,
        .desk_listener = ROLE_SECOND,
        .edge_uid = role->edge_uid,
        .desk_uid = role->desk_uid,
        .ready_descriptor = ROLE_READY,
    };
    if (!read_bus_secret(options.edge_secret)) return EX_OSERR;
    return core_run(&options);
}

static int run_edge(const struct role *role)
{
    char name[16];
    snprintf(name, sizeof name, "edge %u", role->index);
    log_start(name, LOG_LEVEL_INFO);
    struct edge_options options = {
        .index = (uint8_t)role->index,
        .listener = ROLE_LISTENER,
        .bus_address = role->bus,
        .web_folder = role->web,
        .certificate = ROLE_CERTIFICATE_PATH,
        .key = ROLE_KEY_PATH,
        .origins = role->origins,
        .ticket_descriptor = ROLE_TICKET,
        .uid = role->uid,
        .gid = role->gid,
        .connections_per_address_max = role->per_address,
        .ready_descriptor = ROLE_READY,
    };
    if (!read_bus_secret(options.bus_secret)) return EX_OSERR;
    return edge_run(&options);
}

static int run_desk(const struct role *role)
{
    log_start("desk", LOG_LEVEL_INFO);
    struct desk_options options = {
        .folder = role->folder,
        .listener = ROLE_LISTENER,
        .bus_address = role->bus,
        .web_folder = role->web,
        .banks_folder = role->banks,
        .certificate = ROLE_CERTIFICATE_PATH,
        .key = ROLE_KEY_PATH,
        .origins = role->origins,
        .public_url = role->url,
        .ready_descriptor = ROLE_READY,
    };
    return desk_run(&options);
}

static int run_child(int argc, char **argv)
{
    struct role role;
    if (!role_read(&role, argc, argv)) {
        fprintf(stderr, "jingda: %s is for the server's own use\n", argv[1]);
        return EX_USAGE;
    }
    switch (role.kind) {
    case ROLE_CORE: return run_core(&role);
    case ROLE_EDGE: return run_edge(&role);
    case ROLE_DESK: return run_desk(&role);
    }
    return EX_SOFTWARE;
}

/* ---- commands ---- */

static int help(FILE *out)
{
    fputs("usage: jingda COMMAND\n\n"
          "  serve        run the server\n"
          "  bank check   is a question bank fit to be loaded?\n"
          "  rehearse     play a crowd of residents against a running server\n\n"
          "jingda COMMAND --help says more; jingda --version says which this is.\n",
        out);
    return EX_OK;
}

static int serve_help(void)
{
    fputs("usage: jingda serve [--NAME VALUE ...]\n\n"
          "Runs the server until SIGTERM or SIGINT; then it lets everyone finish, and loses nothing. SIGHUP reads the\n"
          "certificate again without dropping a connection. Each setting is also read from JINGDA_NAME (--desk-port:\n"
          "JINGDA_DESK_PORT) and from the file; a flag goes over the environment, that over the file.\n\n",
        stdout);
    launch_options_help(stdout);
    fputs("  --check-config       say what would be used, and end\n", stdout);
    return EX_OK;
}

static int serve(int argc, char **argv)
{
    static const struct launch_calls calls = {bus_unix_bind, qr_print};
    struct launch_options options;
    char message[512];
    if (!launch_options_read(&options, argc, argv, environ, message)) {
        fprintf(stderr, "jingda: %s\n", message);
        return options.is_file_at_fault ? EX_CONFIG : EX_USAGE;
    }
    if (options.is_help) return serve_help();
    if (options.is_check_only) {
        launch_options_print(stdout, &options);
        return EX_OK;
    }
    return launch_run(&options, &calls);
}

static int bank_help(FILE *out)
{
    fputs(
        "usage: jingda bank check FILE...\n\n"
        "Reads question banks as the server would, and says for each bad row the line, the column and why. Status 0:\n"
        "all can be loaded; 65: one cannot; 66: one cannot be read.\n",
        out);
    return out == stdout ? EX_OK : EX_USAGE;
}

static int bank(int argc, char **argv)
{
    bool wants_help = argc > 0 && (strcmp(argv[0], "--help") == 0 || (argc > 1 && strcmp(argv[1], "--help") == 0));
    if (wants_help) return bank_help(stdout);
    if (argc < 1 || strcmp(argv[0], "check") != 0) return bank_help(stderr);
    return bank_check_run(argc, argv);
}

int main(int argc, char **argv)
{
    if (role_is_child(argc, argv)) return run_child(argc, argv);
    const char *command = argc > 1 ? argv[1] : "";
    if (strcmp(command, "serve") == 0) return serve(argc - 2, argv + 2);
    if (strcmp(command, "bank") == 0) return bank(argc - 2, argv + 2);
    if (strcmp(command, "rehearse") == 0) return rehearse_run(argc - 2, argv + 2);
    if (strcmp(command, "--help") == 0 || strcmp(command, "-h") == 0) return help(stdout);
    if (strcmp(command, "--version") == 0) {
        puts("jingda " JINGDA_VERSION);
        return EX_OK;
    }
    if (command[0])
        fprintf(stderr, "jingda: %s is not a command; `jingda --help` lists them\n", command);
    else
        help(stderr);
    return EX_USAGE;
}
