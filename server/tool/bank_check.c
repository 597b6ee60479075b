/* Role: tell an organizer what is wrong with a bank file. Input: file names. Output: lines for people, and an exit
 * status for scripts. Left to others: what a fault is (bank/), and loading. */
#include "tool/bank_check.h"

#include "bank/file.h"

#include <errno.h>
#include <string.h>
#include <sysexits.h>

struct check {
    FILE *errors;
    const char *path;
};

static void print_fault(void *context, const struct bank_fault *fault)
{
    const struct check *check = context;
    char chinese[256], english[256];
    bank_fault_chinese(fault, chinese, sizeof chinese);
    bank_fault_english(fault, english, sizeof english);
    fprintf(check->errors, "%s:%zu: %s", check->path, fault->line,
        bank_reason_is_warning(fault->reason) ? "提醒（warning）: " : "");
    if (fault->column[0] != '\0') fprintf(check->errors, "列“%s”: ", fault->column);
    fprintf(check->errors, "%s (%s)\n", chinese, english);
}

static int check_file(FILE *out, FILE *errors, const char *path)
{
    struct check check = {errors, path};
    struct bank_listener listener = {.on_fault = print_fault, .context = &check};
    struct bank_summary summary;
    switch (bank_file_read(path, &listener, &summary)) {
    case BANK_FILE_UNREADABLE:
        fprintf(errors, "%s: 读不了这个文件 (cannot read: %s)\n", path, strerror(errno));
        return EX_NOINPUT;
    case BANK_FILE_FAULTY:
        fprintf(out, "%s: %zu 处有误，不能导入 (faults: %zu, warnings: %zu; not fit to load)\n", path, summary.faults,
            summary.faults, summary.warnings);
        return EX_DATAERR;
    case BANK_FILE_FINE:
        fprintf(out, "%s: %zu 道题，可以导入，%zu 处提醒 (questions: %zu, warnings: %zu; fit to load)\n", path,
            summary.questions, summary.warnings, summary.questions, summary.warnings);
        return EX_OK;
    }
    return EX_SOFTWARE;
}

static int print_usage(FILE *stream, int status)
{
    fputs("用法 usage: jingda bank check FILE...\n"
          "  检查题库文件（CSV，图片在同一文件夹的 pictures/ 里），逐行列出问题，不改动任何东西。\n"
          "  Checks question banks (CSV, pictures in pictures/ beside them), lists every fault, changes nothing.\n"
          "  0 可以导入 fit to load; 64 用法不对 usage; 65 有误 faults; 66 读不了 cannot read\n",
        stream);
    return status;
}

int bank_check_to(FILE *out, FILE *errors, int argc, char **argv)
{
    int first = 1;
    if (first < argc && strcmp(argv[first], "--help") == 0) return print_usage(out, EX_OK);
    if (first < argc && strcmp(argv[first], "--") == 0)
        first++;
    else if (first < argc && argv[first][0] == '-')
        return print_usage(errors, EX_USAGE);
    if (first >= argc) return print_usage(errors, EX_USAGE);

    int worst = EX_OK;
    for (int i = first; i < argc; i++) {
        int status = check_file(out, errors, argv[i]);
        if (status > worst) worst = status;
    }
    return worst;
}

int bank_check_run(int argc, char **argv)
{
    return bank_check_to(stdout, stderr, argc, argv);
}
