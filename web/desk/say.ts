/* What the desk says of faults, names and rules of the sign-in. Pure. */
import { number_padded } from "../shared/text";
import { characters } from "./numbers";
import type { Language } from "./state";
import type { Fault } from "./wire";
import { all_words, sentence, type Say, type Word } from "./words";

export const ACCOUNT_CHARS_MAX = 32;
export const PASSWORD_CHARS_MIN = 8;
export const PASSWORD_CHARS_MAX = 128;

const known = new Set(all_words().map(([word]) => word));

/* A sentence for a refusal: the desk's own where it has one, the server's otherwise, and never only a code. */
export function fault_text(fault: Fault, language: Language): string {
  const own = language === "zh" ? fault.text : fault.text_en;
  if (fault.error === "why" || (fault.error === "bad_request" && own && !fault.field)) return own ?? "";
  if (fault.error === "signed_out") return sentence(language, "signed_out_elsewhere");
  const word = `fault_${fault.error}`;
  const values = { error: fault.error, field: fault.field ?? "?", holder: fault.holder ?? "?", n: fault.seconds ?? 0 };
  if (known.has(word)) return sentence(language, word as Word, values);
  return own ?? sentence(language, "fault_other", values);
}

export interface Rule {
  word: Word;
  is_met: boolean;
}

export function password_rules(name: string, password: string, again: string): Rule[] {
  const name_length = characters(name.trim());
  const length = characters(password);
  return [
    { word: "rule_name", is_met: name_length >= 1 && name_length <= ACCOUNT_CHARS_MAX },
    { word: "rule_length", is_met: length >= PASSWORD_CHARS_MIN && length <= PASSWORD_CHARS_MAX },
    { word: "rule_same", is_met: password !== "" && password === again },
  ];
}

/* The desk counts participants from 0, people count them from 1. */
export function person_number(participant: number): number {
  return participant + 1;
}

/* As it stands on the person's phone: three digits, so that prizes find the right one of two who share a name. */
export function number_text(participant: number): string {
  return number_padded(person_number(participant));
}

/* A participant without a name is shown by number. */
export function person_name(name: string, participant: number, say: Say): string {
  return name !== "" ? name : say("nameless", { n: number_text(participant) });
}
