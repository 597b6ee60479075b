/* Small pure helpers for what pages write: option letters, numbers, shares, breakable phrases. */

/* A choice's letters, "AC" for 5. */
export function choice_letters(choice: number): string {
  let letters = "";
  for (let index = 0; index < 8; index += 1) if (choice & (1 << index)) letters += option_letter(index);
  return letters;
}

export function option_letter(index: number): string {
  return String.fromCharCode(65 + index);
}

export function choice_count(choice: number): number {
  return choice_letters(choice).length;
}

/* A participant's number, counted from 1, as it stands beside the name. */
export function number_padded(number: number): string {
  return `00${number}`.slice(-Math.max(3, String(number).length));
}

/* 340126 as 340,126. */
export function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

/* 21437 ms as 21.4; ranking floors to ticks of 100 ms, so do we. */
export function tenths(ms: number): string {
  const ticks = Math.floor(ms / 100);
  return `${grouped(Math.floor(ticks / 10))}.${ticks % 10}`;
}

/* Whole per cents that sum to 100, by largest remainder; all 0 when nobody counted. */
export function percents(counts: number[]): number[] {
  const sum = counts.reduce((total, count) => total + count, 0);
  if (sum === 0) return counts.map(() => 0);
  const floors = counts.map((count) => Math.floor((count * 100) / sum));
  let missing = 100 - floors.reduce((total, floor) => total + floor, 0);
  const order = counts
    .map((count, index) => ({ index, rest: (count * 100) % sum }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index);
  for (const { index } of order) {
    if (missing === 0) break;
    floors[index] = (floors[index] || 0) + 1;
    missing -= 1;
  }
  return floors;
}

/* Per cents of one asking's options. Where a person marks several, each option is a share of the people who answered;
 * otherwise the options share 100 among them. */
export function option_shares(counts: readonly number[], answered: number, is_multiple: boolean): number[] {
  if (!is_multiple) return percents(counts.slice());
  return counts.map((count) => (answered === 0 ? 0 : Math.min(100, Math.round((count * 100) / answered))));
}

/* Up to 24 characters a text breaks only after its clauses; longer text flows. */
export function phrases(text: string): string[] {
  if (Array.from(text).length > 24) return [text];
  return text.match(/[^，。；！？]*[，。；！？”》）]+|[^，。；！？]+/g) || [text];
}

/* Six digits out of whatever was typed or pasted, full-width digits included. */
export function code_digits(typed: string): string {
  return typed
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xff10 + 48))
    .replace(/\D/g, "")
    .slice(0, 6);
}

/* How wide a text is, in Chinese characters: what is not one counts as half. */
export function text_width(text: string): number {
  return Array.from(text).reduce((width, character) => width + ((character.codePointAt(0) || 0) < 0x2e80 ? 0.5 : 1), 0);
}
