/* Numbers as the desk shows them, beside what shared/text.ts already has for every page. Pure. */

export function is_key(key: number, index: number): boolean {
  return (key & (1 << index)) !== 0;
}

/* "482916" as "482 916", for reading aloud. */
export function code_spaced(code: string): string {
  return code.length === 6 ? `${code.slice(0, 3)} ${code.slice(3)}` : code;
}

/* Points per head come times ten. */
export function mean_points(mean: number): string {
  return (mean / 10).toFixed(1);
}

/* Characters as people count them, not UTF-16 units. */
export function characters(text: string): number {
  return Array.from(text).length;
}

/* The minute a round was made, in the reader's own time zone. */
export function day_and_minute(ms: number, language: "zh" | "en"): string {
  const date = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, "0");
  const minute = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return language === "zh"
    ? `${date.getMonth() + 1}月${date.getDate()}日 ${minute}`
    : `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${minute}`;
}
