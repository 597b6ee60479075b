/* Role: faults of bank files and their sentences. Input: a reason, a place. Output: a call to whoever listens, and the
 * sentence in two languages. Left to others: finding the fault, and where it is shown. */
#include "bank/fault.h"

#include "model/text.h"

#include <stdio.h>
#include <string.h>

/* # stands for the fault's number. */
struct sentence {
    const char *chinese, *english;
};

static const struct sentence sentences[BANK_REASONS] = {
    [BANK_FINE] = {"没有问题", "nothing is wrong"},
    [BANK_FILE_TOO_LARGE] = {"文件太大，最多 # MB", "the file is too large, at most # MB"},
    [BANK_FILE_IS_SPREADSHEET] = {"这是电子表格文件，请另存为“CSV UTF-8（逗号分隔）”",
        "this is a spreadsheet; save it as “CSV UTF-8 (comma delimited)”"},
    [BANK_FILE_IS_UTF16] = {"这是 UTF-16 编码，请另存为“CSV UTF-8（逗号分隔）”",
        "this is UTF-16; save it as “CSV UTF-8 (comma delimited)”"},
    [BANK_ENCODING_UNKNOWN] = {"有读不出的文字，文件应为 UTF-8 或 GB18030 编码", "not readable as UTF-8 or GB18030"},
    [BANK_NO_QUESTIONS] = {"文件里没有题目", "there is no question in the file"},
    [BANK_QUESTIONS_TOO_MANY] = {"题目太多，一个文件最多 # 道", "too many questions, at most # in a file"},
    [BANK_FAULTS_TOO_MANY] = {"已列出 # 处问题，后面的没有再检查", "# faults listed, the rest was not checked"},
    [BANK_NO_MEMORY] = {"内存不够，没有读完", "out of memory"},
    [BANK_COLUMN_UNKNOWN] = {"不认识这一列，请对照说明改列名或删去", "unknown column; rename or remove it"},
    [BANK_COLUMN_TWICE] = {"这一列出现了两次", "this column stands there twice"},
    [BANK_COLUMN_MISSING] = {"表头缺少这一列", "the header lacks this column"},
    [BANK_QUOTE_OPEN] = {"英文引号没有成对", "a double quote is not closed"},
    [BANK_QUOTE_STRAY] = {"引号后面多了文字，单元格里的英文引号要写两个",
        "text after a closing quote; a quote inside a cell is written twice"},
    [BANK_ROW_TOO_LONG] = {"这一行太长，可能少了一个英文引号", "the row is too long; is a double quote missing?"},
    [BANK_CELL_WITHOUT_COLUMN] = {"第 # 格有内容，表头却没有这一列，可能多了一个逗号",
        "cell # has no column in the header; is there one comma too many?"},
    [BANK_CELL_EMPTY] = {"不能为空", "must not be empty"},
    [BANK_TEXT_UNCLEAN] = {"含有看不见的控制字符，请重新输入这一格",
        "holds invisible control characters; type it again"},
    [BANK_TEXT_TOO_LONG] = {"太长，最多 # 个字", "too long, at most # characters"},
    [BANK_KIND_UNKNOWN] = {"请写单选、多选、判断或投票", "write 单选, 多选, 判断 or 投票"},
    [BANK_OPTIONS_TOO_FEW] = {"至少要有两个选项", "needs at least two options"},
    [BANK_OPTION_EMPTY] = {"空着，后面却还有选项", "is empty, with another option after it"},
    [BANK_OPTION_TWICE] = {"与前面的选项相同", "repeats an earlier option"},
    [BANK_OPTIONS_NOT_TWO] = {"判断题只能有两个选项，也可以都不填", "true/false has two options, or none written"},
    [BANK_KEY_UNREADABLE] = {"请写选项字母，如 B 或 ACD；判断题写对或错",
        "write option letters like B or ACD; 对 or 错 for true/false"},
    [BANK_KEY_OUT_OF_RANGE] = {"答案指向没有的选项", "names an option that is not there"},
    [BANK_KEY_NOT_ONE] = {"只能有一个答案，几个都对请用多选", "one answer only; use 多选 for several"},
    [BANK_KEY_OF_POLL] = {"投票题没有对错，答案要空着", "a poll has no right answer; leave it empty"},
    [BANK_POINTS_OF_POLL] = {"投票题不计分，分值要空着", "a poll gives no points; leave it empty"},
    [BANK_DIFFICULTY_UNKNOWN] = {"请写易、中、难或 1、2、3，也可以空着", "write 易, 中, 难 or 1, 2, 3, or nothing"},
    [BANK_SECONDS_WRONG] = {"请写 5 到 # 的整数，也可以空着", "write a whole number from 5 to #, or nothing"},
    [BANK_POINTS_WRONG] = {"请写 1 到 # 的整数，也可以空着", "write a whole number from 1 to #, or nothing"},
    [BANK_QUESTION_TWICE] = {"与第 # 行是同一道题", "is the same question as in line #"},
    [BANK_PICTURE_NAME_BAD] = {"请写 pictures 文件夹里的文件名，以 .png、.jpg 或 .webp 结尾",
        "write the name of a file in pictures/, ending in .png, .jpg or .webp"},
    [BANK_PICTURE_ALT_MISSING] = {"有图片就要有图片说明，读给看不见图的人听",
        "a picture needs a description, for people who cannot see it"},
    [BANK_PICTURE_OF_ALT_MISSING] = {"有图片说明，却没有图片", "there is a description but no picture"},
    [BANK_PICTURE_NOT_FOUND] = {"pictures 文件夹里没有这个文件", "there is no such file in pictures/"},
    [BANK_PICTURE_TOO_LARGE] = {"图片文件太大，最多 # KB", "the picture's file is too large, at most # KB"},
    [BANK_PICTURE_UNREADABLE] = {"不是完好的 PNG、JPEG 或 WebP 图片", "not a sound PNG, JPEG or WebP picture"},
    [BANK_PICTURE_MISNAMED] = {"图片内容与文件名的结尾不符", "the picture is of another kind than its name says"},
    [BANK_PICTURE_TOO_WIDE] = {"图片太大，长和宽最多 # 像素", "the picture is wider or higher than # pixels"},
    [BANK_TEXT_LONG_FOR_SCREEN] = {"超过 # 个字，大屏上两行放不下",
        "over # characters, which two lines on the screen cannot hold"},
    [BANK_TEXT_TWICE] = {"题干与第 # 行相同", "has the same text as the question in line #"},
};

bool bank_reason_is_warning(enum bank_reason reason)
{
    return reason == BANK_TEXT_LONG_FOR_SCREEN || reason == BANK_TEXT_TWICE;
}

static void say(const char *sentence, uint32_t number, char *out, size_t capacity)
{
    const char *gap = strchr(sentence, '#');
    int written = gap ? snprintf(out, capacity, "%.*s%u%s", (int)(gap - sentence), sentence, number, gap + 1)
                      : snprintf(out, capacity, "%s", sentence);
    if (written < 0 && capacity > 0) out[0] = '\0';
}

void bank_fault_chinese(const struct bank_fault *fault, char *out, size_t capacity)
{
    say(sentences[fault->reason].chinese, fault->number, out, capacity);
}

void bank_fault_english(const struct bank_fault *fault, char *out, size_t capacity)
{
    say(sentences[fault->reason].english, fault->number, out, capacity);
}

bool fault_sink_is_full(const struct fault_sink *sink)
{
    return sink->faults >= BANK_FAULTS_MAX;
}

void fault_report(struct fault_sink *sink, size_t line, struct span column, enum bank_reason reason, uint32_t number)
{
    size_t *count = bank_reason_is_warning(reason) ? &sink->warnings : &sink->faults;
    if (*count >= BANK_FAULTS_MAX) return;
    ++*count;
    if (*count == BANK_FAULTS_MAX && !bank_reason_is_warning(reason)) {
        reason = BANK_FAULTS_TOO_MANY;
        number = BANK_FAULTS_MAX - 1;
        column = (struct span){0};
    }
    struct bank_fault fault = {.line = line, .reason = reason, .number = number};
    struct span quote = text_is_clean(column) ? text_cut(column, (sizeof fault.column - 1) / 4) : span_of_text("?");
    if (quote.size > 0) memcpy(fault.column, quote.data, quote.size);
    if (sink->on_fault) sink->on_fault(sink->context, &fault);
}
