/* The draft of a new round over a reload of the page: kept for this tab, by the account that made it. Input: a draft or
 * the text kept. Output: the text to keep or the draft. Where the browser keeps nothing, a reload begins anew. */
import { draft_new, type Draft } from "./draft";
import { is_object } from "./wire";

const KEY = "jingda.desk.draft";

export function draft_text(account: string, draft: Draft): string {
  return JSON.stringify({ account, draft });
}

/* What was kept, completed by what a later version of the page may have added; null where it is not this account's. */
export function draft_read(text: string, account: string): Draft | null {
  let kept: unknown;
  try {
    kept = JSON.parse(text);
  } catch {
    return null;
  }
  if (!is_object(kept) || kept["account"] !== account || !is_object(kept["draft"])) return null;
  const told = kept["draft"] as Partial<Draft>;
  if (!Array.isArray(told.chosen) || !is_object(told.rules)) return null;
  const fresh = draft_new("", "");
  return { ...fresh, ...told, rules: { ...fresh.rules, ...told.rules } };
}

export function draft_kept(account: string): Draft | null {
  try {
    return draft_read(window.sessionStorage.getItem(KEY) ?? "", account);
  } catch {
    return null;
  }
}

export function draft_keep(account: string, draft: Draft | null): void {
  try {
    if (draft === null) window.sessionStorage.removeItem(KEY);
    else window.sessionStorage.setItem(KEY, draft_text(account, draft));
  } catch {
    /* the page holds it for as long as it lives */
  }
}
