/* Keyboard and remote control while a question is open. Input: the key, which option has the focus. Output: what to do.
 * Digits and letters choose, arrows move (and choose, where one is asked), OK or Enter chooses and then submits. */
import type { Live } from "./state";

export type KeyAction = { do: "choose"; option: number } | { do: "focus"; option: number } | { do: "submit" } | null;

export function key_action(key: string, live: Live, focused: number): KeyAction {
  const count = live.question === null ? 0 : live.question.options.length;
  const named = option_named(key);
  if (named >= 0) return named < count ? { do: "choose", option: named } : null;
  const is_multiple = live.question !== null && live.question.kind === "multiple";
  switch (key) {
    case "ArrowDown":
    case "ArrowRight":
      return moved(focused < 0 ? 0 : (focused + 1) % count, is_multiple);
    case "ArrowUp":
    case "ArrowLeft":
      return moved(focused < 0 ? count - 1 : (focused + count - 1) % count, is_multiple);
    case " ":
      return focused < 0 ? null : { do: "choose", option: focused };
    case "Enter":
      if (focused >= 0 && (live.chosen & (1 << focused)) === 0) return { do: "choose", option: focused };
      return live.chosen === 0 ? null : { do: "submit" };
    default:
      return null;
  }
}

function moved(option: number, is_multiple: boolean): KeyAction {
  return is_multiple ? { do: "focus", option } : { do: "choose", option };
}

/* "1" and "a" are A. */
function option_named(key: string): number {
  if (/^[1-8]$/.test(key)) return Number(key) - 1;
  if (/^[a-hA-H]$/.test(key)) return key.toLowerCase().charCodeAt(0) - 97;
  return -1;
}
