/* The browser's storage where it works, memory where it throws (private windows, full or forbidden storage). */

const memory: Record<string, string> = {};

export function storage_get(key: string): string {
  const kept = memory[key];
  if (kept !== undefined) return kept;
  try {
    return window.localStorage.getItem(`jingda.${key}`) || "";
  } catch (_error) {
    return "";
  }
}

/* An empty value forgets. */
export function storage_set(key: string, value: string): void {
  memory[key] = value;
  try {
    if (value === "") window.localStorage.removeItem(`jingda.${key}`);
    else window.localStorage.setItem(`jingda.${key}`, value);
  } catch (_error) {
    /* memory holds it for as long as the page lives */
  }
}
