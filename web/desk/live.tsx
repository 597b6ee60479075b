/* The page of a running round: status line, list of questions, the middle, the deck, the right column. Here: the frame,
 * the countdown's own clock, and the keys. */
import { useEffect, useRef, useState } from "preact/hooks";
import { clock_left, type Left } from "../shared/clock";
import { deck_slots, status_of } from "./deck";
import { Deck } from "./live-deck";
import { Ended } from "./live-ended";
import { Lobby } from "./live-lobby";
import { Asking, QuestionList } from "./live-question";
import { Side } from "./live-side";
import { code_spaced } from "./numbers";
import { say_of, StateLine, type ViewProps } from "./parts";
import type { Live as LiveState } from "./state";

export interface LiveProps extends ViewProps {
  live: LiveState;
  left: Left | null;
}

/* What is left of the open asking; drawn again when the second changes, not more often. */
function useLeft(live: LiveState | null): Left | null {
  const [, set_turn] = useState(0);
  const clock = live?.clock ?? null;
  const left = clock ? clock_left(clock, performance.now()) : null;
  const step_ms = left?.step_ms ?? 0;
  useEffect(() => {
    if (!clock || step_ms <= 0) return;
    const timer = window.setTimeout(() => set_turn((turn) => turn + 1), step_ms + 5);
    return () => window.clearTimeout(timer);
  });
  return left;
}

function is_typing(element: Element | null): boolean {
  return element instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
}

/* Space presses the filled slot and P the pause, wherever the mouse was last. Who moves by Tab keeps the keyboard's own
 * meaning: Space then presses the button that has the focus. */
function useKeys(props: ViewProps, live: LiveState | null, left: Left | null): void {
  const latest = useRef({ props, live, left });
  latest.current = { props, live, left };
  useEffect(() => {
    let is_by_keyboard = false;
    const pointed = (): void => {
      is_by_keyboard = false;
    };
    const is_free = (): boolean => {
      const focused = document.activeElement;
      if (document.querySelector("dialog[open]") || is_typing(focused)) return false;
      return !is_by_keyboard || focused === null || focused === document.body || focused.closest(".slots") !== null;
    };
    const is_ours = (event: KeyboardEvent): boolean =>
      !event.ctrlKey && !event.altKey && !event.metaKey && is_free() && latest.current.live !== null;
    const down = (event: KeyboardEvent): void => {
      if (event.key === "Tab" || event.key.startsWith("Arrow")) is_by_keyboard = true;
      const is_space = event.key === " ";
      const is_p = event.key === "p" || event.key === "P";
      if ((!is_space && !is_p) || !is_ours(event)) return;
      const now = latest.current;
      if (!now.live) return;
      event.preventDefault();
      if (event.repeat || now.live.round.phase === "ended") return;
      const slots = deck_slots(now.live.round, now.left, now.props.s.link === "up");
      const slot = is_space ? slots.find((one) => one.is_filled) : slots.find((one) => one.place === "pause");
      if (slot?.verb) now.props.desk.press(slot.verb);
      else if (slot) now.props.desk.explain(slot.hint);
    };
    /* a focused button would be pressed when Space comes up */
    const up = (event: KeyboardEvent): void => {
      if (event.key === " " && is_ours(event)) event.preventDefault();
    };
    window.addEventListener("keydown", down);
    window.addEventListener("keyup", up);
    window.addEventListener("pointerdown", pointed);
    return () => {
      window.removeEventListener("keydown", down);
      window.removeEventListener("keyup", up);
      window.removeEventListener("pointerdown", pointed);
    };
  }, []);
}

export function Live(props: ViewProps) {
  const { s } = props;
  const { live } = s;
  const say = say_of(s);
  const left = useLeft(live);
  useKeys(props, live, left);
  if (!live) return <StateLine shape={s.link === "lost" ? "back" : "wait"} text={say(s.link === "lost" ? "status_lost" : "status_connecting")} />;
  const { round } = live;
  const is_lost = s.link !== "up";
  const status = status_of(round, left);
  const ticking = left && left.stage !== "over";
  return (
    <>
      <StateLine shape={is_lost ? "back" : status.shape} text={is_lost ? say("status_lost") : say(status.text.word, status.text.values)}>
        {is_lost ? (
          <span class="mute">{say("status_lost_more")}</span>
        ) : (
          <>
            {ticking && (
              <b class="time" role="timer">
                {say("seconds_left", { n: left.seconds })}
              </b>
            )}
            <span>{round.asking > 0 ? say("question_of", { n: round.asking, of: round.askings }) : say("questions_all", { of: round.askings })}</span>
          </>
        )}
        <span class="mute code">
          {say("code")} <b>{code_spaced(round.code)}</b>
        </span>
      </StateLine>
      {round.phase === "ended" ? <Ended {...props} live={live} left={left} /> : <Running {...props} live={live} left={left} />}
    </>
  );
}

function Running(props: LiveProps) {
  const { live } = props;
  const is_lobby = live.round.asking === 0 && live.looking === null;
  return (
    <main class="live">
      <QuestionList {...props} />
      <section class="mid">
        <div class="scroll" tabIndex={0} role="region" aria-label={live.round.title}>
          {is_lobby ? <Lobby {...props} /> : <Asking {...props} />}
        </div>
        <Deck {...props} />
      </section>
      <Side {...props} />
    </main>
  );
}
