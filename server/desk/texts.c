/* Role: the sentences for organizers. Input: an error's code. Output: JSON. */
#include "desk/texts.h"

#include "base/expect.h"

#include <string.h>

struct sentence {
    const char *code, *text, *text_en;
};

static const struct sentence sentences[] = {
    {"bad_token", "这个链接已经用过或不对。请在服务器上重新启动，再用新打印的链接。",
        "This link was used already or is wrong. Start the server again and use the link that it prints."},
    {"bad_name", "名字请写 1 到 32 个字。", "Please give a name of 1 to 32 characters."},
    {"bad_password", "密码请用 8 到 128 个字符。", "Please use a password of 8 to 128 characters."},
    {"wrong_password", "名字或密码不对，请再试一次。", "The name or the password is wrong. Please try again."},
    {"wait", "试的次数多了，请稍等再试。", "Too many tries. Please wait a little."},
    {"bad_origin", "请从组织者页面自己的地址操作。", "Please act from the desk's own address."},
    {"bad_type", "请求的格式不对，请刷新页面。", "The request has the wrong form. Please reload the page."},
    {"bad_request", "有一项内容不对，请改一下再提交。", "One of the fields is not right. Please correct it."},
    {"signed_out", "请先登录。", "Please sign in first."},
    {"unknown_round", "没有这个场次。", "There is no such round."},
    {"unknown_bank", "没有这个题库。", "There is no such bank."},
    {"unknown_watcher", "对方已经离开，请重新选择。", "That person has left. Please choose again."},
    {"unknown_participant", "没有这位参与者。", "There is no such participant."},
    {"wrong_phase", "现在还不能这样做，请看场次的状态。", "This cannot be done now; see the state of the round."},
    {"too_late", "已经有人答题时间到了，不能再加时。", "Somebody's time is over already, so none can be added."},
    {"round_over", "这个场次已经结束。", "This round is over."},
    {"too_many_rounds", "同时进行的场次太多，请先结束一场。", "Too many rounds are running. Please end one first."},
    {"core_away", "服务器正在恢复，这一步没有确认，请看场次的状态再试。",
        "The server is recovering and has not confirmed this step. Look at the round's state and try again."},
    {"lease_needed", "您现在不是主持，请先接管。", "You are not driving this round. Take it over first."},
    {"lease_held", "别人正在主持这一场。", "Somebody else is driving this round."},
    {"busy", "查询太多，请稍等再试。", "Too many questions at once. Please wait a little."},
    {"storage", "服务器的磁盘写不进去，请找管理员。", "The server cannot write to its disk. Please call its keeper."},
    {"too_large", "题目和图片加起来太大，请分成两场。",
        "The questions and pictures are too large together. Please make two rounds of them."},
};

json_t *error_json(const char *code)
{
    const struct sentence *sentence = NULL;
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
        if (strcmp(sentences[i].code, code) == 0) sentence = &sentences[i];
    expect(sentence);
    json_t *json =
        json_pack("{s:b, s:s, s:s, s:s}", "ok", 0, "error", code, "text", sentence->text, "text_en", sentence->text_en);
    expect(json);
    return json;
}
