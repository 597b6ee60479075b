/* Every sentence of the desk in Chinese and English: how they are looked up. The sentences stand in words-setup.ts and
 * words-live.ts. A value takes the place of {n}, {name} and so on. */
import { live } from "./words-live";
import { setup } from "./words-setup";

const words = { ...setup, ...live };

export type Word = keyof typeof words;
export type Values = { readonly [name: string]: string | number };

/* A sentence that is not yet in a language. */
export interface Phrase {
  word: Word;
  values?: Values;
}

export type Say = (word: Word, values?: Values) => string;

export function sentence(language: "zh" | "en", word: Word, values: Values = {}): string {
  const text: string = words[word][language === "zh" ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : String(value);
  });
}

export function speaker(language: "zh" | "en"): Say {
  return (word, values) => sentence(language, word, values);
}

/* For the test that both languages say the same things. */
export function all_words(): readonly (readonly [string, readonly [string, string]])[] {
  return Object.entries(words);
}
