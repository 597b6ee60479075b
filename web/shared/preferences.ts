/* What a reader set once and keeps: language and size of print. Kept in the browser, set on the root element. */
import { signal } from "@preact/signals";
import { storage_get, storage_set } from "./storage";
import type { Language } from "./verdicts";

/* 0 normal, 1 large print, 2 largest: the scales 1, 1.3 and 1.65 of the tokens. */
export type Print = 0 | 1 | 2;

export const language = signal<Language>("zh");
export const print = signal<Print>(0);

/* Reads what is kept; `?lang=en` and `?large` in the address say it once more. */
export function preferences_read(query: URLSearchParams): void {
  const asked = query.get("lang") || storage_get("language");
  language_set(asked === "en" ? "en" : "zh");
  const kept = Number(storage_get("print"));
  print_set(kept === 1 || kept === 2 ? kept : query.has("large") ? 1 : 0);
}

export function language_set(to: Language): void {
  language.value = to;
  storage_set("language", to);
  document.documentElement.lang = to === "zh" ? "zh-Hans" : "en";
}

export function print_set(to: Print): void {
  print.value = to;
  storage_set("print", to === 0 ? "" : String(to));
  const root = document.documentElement;
  if (to === 0) root.removeAttribute("data-print");
  else root.setAttribute("data-print", "large");
  if (to === 2) root.setAttribute("data-scale", "largest");
  else root.removeAttribute("data-scale");
}
