/* What a resident is told for each verdict, in Chinese and English. The table of docs/protocol.md is the original; a test
 * holds this one against it. */
import type { Verdict } from "./frames";

export type Language = "zh" | "en";

const sentences: Record<Verdict, [string, string]> = {
  unknown_code: [
    "没有这个入场码。请看大屏或问工作人员，再输入一次",
    "No round has this code. Look at the screen or ask the staff, and type it again",
  ],
  round_over: ["这一场已经结束，谢谢您。下一场请看社区通知", "This round is over, thank you. The next one will be announced"],
  lobby_locked: ["这一场已经不再进人，请在大屏上一起看", "This round takes nobody new. Please watch on the screen"],
  round_full: ["现在人已满，请在大屏上一起看", "This round is full. Please watch on the screen"],
  bad_token: ["请重新进入：填一下称呼和社区", "Please come in again"],
  bad_name: ["称呼请用 24 个字以内的普通文字", "A name has at most 24 plain characters"],
  bad_community: ["请从列表里选一个社区", "Choose a community from the list"],
  removed: ["主持人请您先在大屏上看", "The host asks you to watch on the screen"],
  newer_connection: ["您在别处打开了这一场（另一部手机或另一个页面），这里已停止", "You opened it elsewhere; it has stopped here"],
  not_joined: ["请先进入，再答题", "Come in first"],
  already_answered: ["这题已记录过答案，不能改", "An answer is already recorded"],
  late: ["这道题时间到了，没有计入。没关系，下一题继续", "Time was over, it did not count. Go on with the next"],
  too_early: ["请先读题，马上可以答", "Read first, answering opens in a moment"],
  wrong_asking: ["这一题已经过去，请看现在的题", "That question has passed"],
  bad_choice: ["请从列出的选项里选", "Choose among the options shown"],
  knocked_out: ["您可以继续看，不再计分", "You may watch on, without points"],
  try_again: ["没有记上，请再按一次提交", "It was not recorded. Press submit once more"],
  too_many_frames: ["操作太快了，请稍等再试", "Too fast; wait a moment"],
  bad_frame: ["页面出了点问题，请刷新", "Something is wrong with the page; reload it"],
};

export function verdict_sentence(verdict: Verdict, language: Language): string {
  const pair = sentences[verdict] || sentences.bad_frame; /* a verdict of a later server */
  return pair[language === "zh" ? 0 : 1];
}

export function verdicts(): Verdict[] {
  return Object.keys(sentences) as Verdict[];
}
