/* What a phone keeps of a round: the token that brings it back, the nonce of its join, an answer that was not yet
 * acknowledged, what it has seen. One record a round, of the latest few rounds. */
import { storage_get, storage_set } from "../shared/storage";
import type { Pending, Seen } from "./state";

export interface Kept {
  token: string;
  nonce: string;
  community: string; /* its name: after a reload the server tells only its number */
  pending: Pending | null;
  seen: Seen[];
}

const ROUNDS_MAX = 8;

export function keep_read(code: string): Kept {
  const nothing: Kept = { token: "", nonce: "", community: "", pending: null, seen: [] };
  try {
    return { ...nothing, ...(JSON.parse(storage_get(`round.${code}`) || "{}") as Partial<Kept>) };
  } catch (_error) {
    return nothing;
  }
}

export function keep_write(code: string, kept: Kept): void {
  storage_set(`round.${code}`, JSON.stringify(kept));
  const codes = storage_get("rounds").split(" ").filter((one) => one !== "" && one !== code);
  codes.push(code);
  while (codes.length > ROUNDS_MAX) storage_set(`round.${codes.shift()}`, "");
  storage_set("rounds", codes.join(" "));
}

/* 16 random bytes as 22 characters of base64url. */
export function nonce_make(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...Array.from(bytes)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}
