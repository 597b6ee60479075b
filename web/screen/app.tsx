/* Which picture the wall shows: a function of the state. Host unit and title always stand at the top. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Language } from "../shared/verdicts";
import { Board } from "./board";
import { Asking, Lobby, Revealed } from "./scenes";
import type { ScreenState, Wall } from "./state";
import { board_now, left_of, line_of } from "./status";
import type { Words } from "./words";

interface AppProps {
  state: ScreenState;
  words: Words;
  language: Language;
  origin: string;
  host: string;
  typed: string;
  press: (key: string) => void;
}

export function App({ state, words, language, origin, host, typed, press }: AppProps) {
  const { wall } = state;
  const line = line_of(state, words, language);
  return (
    <div class="page">
      <header class="head">
        {wall === null ? (
          <p>
            <b>{words.product}</b>
          </p>
        ) : (
          <>
            <p>
              <b>{wall.unit}</b>
              <span>{wall.title}</span>
            </p>
            <b>{place(wall, state.now_ms, words)}</b>
          </>
        )}
      </header>
      {wall !== null ? <Picture wall={wall} now_ms={state.now_ms} words={words} origin={origin} host={host} /> : state.code === "" ? <CodePad words={words} typed={typed} press={press} /> : <main />}
      <footer class={`state ${line.shape}`}>
        <i aria-hidden="true" />
        <b role="status">{line.text}</b>
        {line.number !== null && (
          <span class="num">
            {line.number.before}
            <b>{line.number.value}</b>
            {line.number.after}
          </span>
        )}
      </footer>
    </div>
  );
}

function place(wall: Wall, now_ms: number, words: Words): string {
  if (wall.phase === "ended") return words.final;
  if (wall.asking === 0) return words.live;
  return board_now(wall, now_ms) === null ? words.where(wall.asking, wall.askings) : words.after(wall.asking, wall.askings);
}

function Picture({ wall, now_ms, words, origin, host }: { wall: Wall; now_ms: number; words: Words; origin: string; host: string }) {
  const page = board_now(wall, now_ms);
  if (page !== null && wall.leaderboard !== null) return <Board board={wall.leaderboard} page={page} words={words} />;
  if (wall.phase === "lobby") return <Lobby wall={wall} words={words} origin={origin} host={host} />;
  if (wall.phase === "ended" || wall.question === null) {
    return (
      <main class="thanks">
        <h1>{wall.phase === "ended" ? words.thanks : wall.title}</h1>
      </main>
    );
  }
  if (wall.phase === "revealed" && !wall.is_voided) return <Revealed wall={wall} question={wall.question} />;
  return <Asking wall={wall} question={wall.question} left={left_of(wall, now_ms)} words={words} />;
}

/* For a screen without an address to open: digits of a remote or keyboard, or arrows and OK over the pad. */
function CodePad({ words, typed, press }: { words: Words; typed: string; press: (key: string) => void }) {
  const first = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (first.current) first.current.focus();
  }, []);
  return (
    <main class="entry">
      <div>
        <h1>{words.code_title}</h1>
        <p class="digits" aria-live="polite">
          {[0, 1, 2, 3, 4, 5].map((index) => (
            <i key={index} class={index < typed.length ? "full" : ""}>
              {typed[index] || ""}
            </i>
          ))}
        </p>
        <p class="how">{words.code_how}</p>
      </div>
      <div class="pad">
        {["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"].map((digit) => (
          <button key={digit} type="button" data-key={digit} ref={digit === "1" ? first : null} onClick={() => press(digit)}>
            {digit}
          </button>
        ))}
        <button type="button" class="erase" data-key="Backspace" onClick={() => press("Backspace")}>
          {words.erase}
        </button>
      </div>
    </main>
  );
}
