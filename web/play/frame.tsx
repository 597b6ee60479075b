/* The parts that every state of the resident's page has at the same place: head, status line with the countdown, foot. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { language, language_set, print, print_set } from "../shared/preferences";
import type { Print } from "../shared/preferences";
import type { Left } from "../shared/clock";
import { Bar, Phrases } from "../shared/view";
import type { Foot, Status } from "./status";
import type { Words } from "./words";

export function Head({ title, words }: { title: string; words: Words }) {
  const bigger = words.bigger[print.value] || "";
  return (
    <header class="head">
      <p>{title}</p>
      <button type="button" class="lang" lang={language.value === "zh" ? "en" : "zh-Hans"} aria-label={words.other_language} onClick={() => language_set(language.value === "zh" ? "en" : "zh")}>
        {print.value === 0 ? words.other_language : words.other_language_short}
      </button>
      <button type="button" onClick={() => print_set(((print.value + 1) % 3) as Print)}>
        {bigger}
      </button>
    </header>
  );
}

/* The countdown is not in the live region: read aloud only at ten and five seconds. */
export function StatusLine({ status, left, words }: { status: Status; left: Left | null; words: Words }) {
  const is_running = left !== null && left.stage !== "over";
  const is_spoken = left !== null && left.stage === "answering" && (left.seconds === 10 || left.seconds === 5);
  return (
    <section class="top" aria-label={words.status}>
      <div class={`state ${status.shape}`}>
        <i aria-hidden="true" />
        <b role="status">
          <Phrases text={status.text} />
        </b>
        {is_running && (
          <span class="left" role="timer" aria-live="off">
            <span>{left.stage === "reading" ? words.reading_left : words.left}</span>
            <b>{left.seconds}</b>
            {words.second}
          </span>
        )}
      </div>
      <div class={is_running ? `time ${left.stage}` : "time none"} aria-hidden="true">
        <Bar share={is_running ? left.share : 0} />
      </div>
      <p class="spoken" role="status">
        {is_spoken ? words.left_spoken(left.seconds) : ""}
      </p>
    </section>
  );
}

/* Whether an option lies under the foot: then the caption says that there is more below. */
function use_more_below(is_asking: boolean): boolean {
  const [is_below, set_below] = useState(false);
  useLayoutEffect(() => {
    const measure = () => {
      const options = document.querySelectorAll("main .opt");
      const last = options[options.length - 1];
      const foot = document.querySelector(".foot");
      set_below(is_asking && last !== undefined && foot !== null && last.getBoundingClientRect().bottom > foot.getBoundingClientRect().top + 8);
    };
    measure();
    window.addEventListener("scroll", measure);
    window.addEventListener("resize", measure);
    return () => {
      window.removeEventListener("scroll", measure);
      window.removeEventListener("resize", measure);
    };
  });
  return is_below;
}

/* Same height in every state; after a press words take the button's place, so that a second tap hits nothing. */
export function FootLine({ foot, words, is_asking, press }: { foot: Foot; words: Words; is_asking: boolean; press: () => void }) {
  const is_below = use_more_below(is_asking);
  if (foot.button === "") {
    return (
      <footer class="foot rest">
        <p>
          <b>
            <Phrases text={foot.words} />
          </b>
        </p>
        {foot.note !== "" && (
          <p class="where">
            <Phrases text={foot.note} />
          </p>
        )}
      </footer>
    );
  }
  return (
    <footer class="foot">
      <p class={is_below ? "below" : ""}>{is_below ? words.more_below : <Phrases text={foot.note} />}</p>
      <button type="button" class="go" disabled={!foot.is_enabled} onClick={press}>
        {foot.button}
      </button>
    </footer>
  );
}

export function Seal({ children }: { children: ComponentChildren }) {
  return (
    <i class="seal" aria-hidden="true">
      {children}
    </i>
  );
}
