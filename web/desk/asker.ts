/* Asking the desk: one request and what becomes of its refusal. The verbs of the pages are built on it. */
import type { Signal } from "@preact/signals";
import type { DeskEvent, DeskState } from "./state";
import type { Fault, Reply } from "./wire";

export interface Asker {
  state: Signal<DeskState>;
  dispatch(event: DeskEvent): void;
  request(verb: string, fields?: Record<string, unknown>): Promise<Reply>;
  ask(verb: string, fields?: Record<string, unknown>): Promise<Record<string, unknown> | null>;
  act(verb: string, fields?: Record<string, unknown>): Promise<Record<string, unknown> | null>;
}

export function asker_make(
  state: Signal<DeskState>,
  dispatch: (event: DeskEvent) => void,
  request: (verb: string, fields?: Record<string, unknown>) => Promise<Reply>,
): Asker {
  /* Something the page needs: null where it was refused; a lost link is said by the status line already. */
  async function ask(verb: string, fields: Record<string, unknown> = {}): Promise<Record<string, unknown> | null> {
    const reply = await request(verb, fields);
    if (reply.ok) return reply.body;
    if (reply.error !== "link_lost") dispatch({ type: "fault", fault: reply });
    return null;
  }

  /* Something a person pressed: what went wrong is said, what went right clears what was said. */
  async function act(verb: string, fields: Record<string, unknown> = {}): Promise<Record<string, unknown> | null> {
    dispatch({ type: "sent", verb });
    const reply = await request(verb, fields);
    dispatch({ type: "settled", verb });
    const fault: Fault | null = reply.ok ? null : reply;
    dispatch({ type: "fault", fault });
    return reply.ok ? reply.body : null;
  }

  return { state, dispatch, request, ask, act };
}
