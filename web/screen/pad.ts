/* Typing a code with a remote control. Input: the key, what is typed, the pad's key that has the focus. Output: what is
 * typed then, and which key of the pad has the focus. The pad has three columns: 123, 456, 789, 0 and 删除. Pure. */

export interface Pad {
  typed: string;
  focus: string;
}

const columns = 3;
const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "Backspace"];

export function pad_key(pad: Pad, key: string): Pad | null {
  if (/^[0-9]$/.test(key)) return { typed: (pad.typed + key).slice(0, 6), focus: key };
  if (key === "Backspace" || key === "Delete") return { typed: pad.typed.slice(0, -1), focus: pad.focus };
  const at = Math.max(0, keys.indexOf(pad.focus));
  switch (key) {
    case "ArrowRight":
      return { ...pad, focus: keys[Math.min(at + 1, keys.length - 1)] || "1" };
    case "ArrowLeft":
      return { ...pad, focus: keys[Math.max(at - 1, 0)] || "1" };
    case "ArrowDown":
      return { ...pad, focus: keys[Math.min(at + columns, keys.length - 1)] || "1" };
    case "ArrowUp":
      return { ...pad, focus: keys[Math.max(at - columns, 0)] || "1" };
    default:
      return null;
  }
}
