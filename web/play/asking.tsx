/* The round before and while a question is open: lobby, question, recorded. Input: the live state. Output: the page's
 * main part; taps go up as verbs. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { choice_letters, option_letter, number_padded } from "../shared/text";
import { Phrases } from "../shared/view";
import type { Question } from "../shared/frames";
import { can_answer, is_out } from "./state";
import type { Live } from "./state";
import type { Words } from "./words";

export function Lobby({ live, community, words }: { live: Live; community: string; words: Words }) {
  return (
    <main class="lobby">
      <div class="stamp">
        <span class="big wide">{words.lobby_stamp}</span>
        <p>
          <b>{words.lobby_soon}</b>
        </p>
        {live.people > 1 && <p class="where">{words.lobby_people(live.people)}</p>}
      </div>
      <div class="card">
        <h1>
          <Phrases text={live.title} />
        </h1>
        <p class="where">{live.unit}</p>
        {live.name !== "" && (
          <p class="pairs">
            <span>{words.lobby_me}</span>
            <b>{live.name}</b>
          </p>
        )}
        {live.participant > 0 && (
          <p class="pairs">
            <span>{words.number}</span>
            <b>{number_padded(live.participant)}</b>
          </p>
        )}
        {community !== "" && (
          <p class="pairs">
            <span>{words.community}</span>
            <b>{community}</b>
          </p>
        )}
      </div>
    </main>
  );
}

/* Where am I, what is asked, and the picture with its room kept before it has come. */
export function Asked({ question, words, picture }: { question: Question; words: Words; picture: "large" | "small" | "none" }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    window.scrollTo(0, 0);
    if (heading.current) heading.current.focus({ preventScroll: true });
  }, [question.asking]);
  const tag = question.kind === "multiple" ? words.kind_multiple : question.kind === "poll" ? words.kind_poll : "";
  return (
    <>
      <p class="where">
        <span class="nth">{words.where(question.asking, question.askings)}</span>
        {tag !== "" && <span class="tag">{tag}</span>}
      </p>
      <h1 class="q" id="q" tabIndex={-1} ref={heading}>
        <Phrases text={question.text} />
      </h1>
      {picture !== "none" && <Picture question={question} is_small={picture === "small"} />}
    </>
  );
}

/* Small where an explanation speaks of it and the answer is to stay above the fold. */
export function Picture({ question, is_small }: { question: Question; is_small: boolean }) {
  if (question.picture === "") return null;
  return (
    <div class={is_small ? "picture small" : "picture"}>
      <img src={question.picture} alt={question.picture_alt} />
    </div>
  );
}

export function Asking({ live, now_ms, words, choose }: { live: Live; now_ms: number; words: Words; choose: (option: number) => void }) {
  const question = live.question;
  if (question === null) return <main />;
  const is_multiple = question.kind === "multiple";
  const is_enabled = can_answer(live, now_ms);
  const chosen = live.sending ? live.sending.choice : live.chosen;
  const first = chosen === 0 ? 0 : Math.max(0, choice_letters(chosen).charCodeAt(0) - 65);
  return (
    <main key={question.asking}>
      <Asked question={question} words={words} picture="large" />
      <div role={is_multiple ? "group" : "radiogroup"} aria-labelledby="q" class={is_out(live) ? "out" : ""}>
        {question.options.map((text, index) => {
          const is_on = (chosen & (1 << index)) !== 0;
          return (
            <button
              key={index}
              type="button"
              class={is_on ? "opt on" : "opt"}
              role={is_multiple ? "checkbox" : "radio"}
              aria-checked={is_on}
              tabIndex={is_multiple || index === first ? 0 : -1}
              disabled={!is_enabled}
              data-option={index}
              onClick={() => choose(index)}
            >
              <i class="seal">{option_letter(index)}</i>
              <span>
                <Phrases text={text} />
              </span>
            </button>
          );
        })}
      </div>
    </main>
  );
}

/* The seal large as a stamp: only ever shown for an answer that the server has on its disk. */
export function Recorded({ live, words }: { live: Live; words: Words }) {
  const { question, answer } = live;
  if (question === null || answer === null) return <main />;
  const letters = choice_letters(answer.choice).split("");
  return (
    <main class="recorded">
      <Asked question={question} words={words} picture="none" />
      <div class={letters.length > 1 ? "stamp several" : "stamp"}>
        {letters.map((letter) => (
          <span key={letter} class={letters.length > 3 ? "big small" : "big"}>
            {letter}
          </span>
        ))}
        {letters.map((letter) => (
          <p key={letter}>
            <b>
              <Phrases text={question.options[letter.charCodeAt(0) - 65] || ""} />
            </b>
          </p>
        ))}
        <p class="where">{answer_marks(answer.wall_ms, answer.receipt.code, words)}</p>
      </div>
    </main>
  );
}

/* "19:42:18 收到 · 回执 K7QF": the hour only where this page saw it happen. */
export function answer_marks(wall_ms: number, code: string, words: Words): string {
  const time = wall_ms === 0 ? "" : `${words.received(clock_time(wall_ms))} · `;
  return time + words.receipt_code(code);
}

function clock_time(wall_ms: number): string {
  const date = new Date(wall_ms);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => (part < 10 ? `0${part}` : String(part))).join(":");
}

