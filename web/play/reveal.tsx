/* After the question: the right option and yours, so that the explanation is above the fold; the same again for each
 * question in the review. Red is never a mistake: a wrong answer is a dashed line with 您选的. */
import { option_letter, percents } from "../shared/text";
import { Bar, Phrases } from "../shared/view";
import type { Question, Revealed } from "../shared/frames";
import { Asked, Picture } from "./asking";
import type { Answer, Live, Seen } from "./state";
import { is_poll } from "./status";
import type { Words } from "./words";

interface Result {
  question: Question;
  revealed: Revealed;
  answer: Answer | null;
  words: Words;
}

export function Reveal({ live, words }: { live: Live; words: Words }) {
  const { question, revealed, answer } = live;
  if (question === null) return <main />;
  return (
    <main>
      <Asked question={question} words={words} picture="small" />
      {revealed !== null && (
        <>
          {is_poll(live) ? <Opinions {...{ question, revealed, answer, words }} /> : <KeyAndMine {...{ question, revealed, answer, words }} />}
          {answer === null && !is_poll(live) && !(live.standing && live.standing.out) && <p class="where">{words.not_answered}</p>}
          <Why revealed={revealed} words={words} level={2} />
        </>
      )}
    </main>
  );
}

export function Voided({ live, words }: { live: Live; words: Words }) {
  if (live.question === null) return <main />;
  return (
    <main>
      <Asked question={live.question} words={words} picture="none" />
      <div class="card quiet">
        <p>
          <Phrases text={words.voided_why} />
        </p>
      </div>
    </main>
  );
}

function KeyAndMine({ question, revealed, answer, words }: Result) {
  const mine = answer === null ? 0 : answer.choice;
  return (
    <div class="result">
      {question.options.map((text, index) => {
        const bit = 1 << index;
        const is_key = (revealed.key & bit) !== 0;
        const is_mine = (mine & bit) !== 0;
        if (!is_key && !is_mine) return null;
        return (
          <div key={index} class={is_key ? "opt key" : "opt mine"}>
            <i class="seal">{option_letter(index)}</i>
            <span>
              <Phrases text={text} />
            </span>
            <em>{is_key ? (is_mine ? words.you_right : words.right_answer) : words.you_chose}</em>
          </div>
        );
      })}
    </div>
  );
}

/* A poll has no right option: everyone's shares where the rules show them, yours marked. */
function Opinions({ question, revealed, answer, words }: Result) {
  const shares = percents(revealed.counts);
  return (
    <div class="result">
      {question.options.map((text, index) => {
        const is_mine = answer !== null && (answer.choice & (1 << index)) !== 0;
        const count = revealed.counts[index];
        return (
          <div key={index} class={is_mine ? "opt on poll" : "opt poll"}>
            <i class="seal">{option_letter(index)}</i>
            <span>
              <Phrases text={text} />
              {is_mine && <em>{words.you_chose}</em>}
              {count !== undefined && (
                <>
                  <span class="bar" aria-hidden="true">
                    <Bar share={(shares[index] || 0) / 100} />
                  </span>
                  <small>{words.people_share(shares[index] || 0, count)}</small>
                </>
              )}
            </span>
          </div>
        );
      })}
      <p class="where">{words.answered(revealed.answered)}</p>
    </div>
  );
}

function Why({ revealed, words, level }: { revealed: Revealed; words: Words; level: 2 | 3 }) {
  if (revealed.explanation === "" && revealed.source === "") return null;
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <section class="why">
      {revealed.explanation !== "" && (
        <>
          <Heading>{words.why}</Heading>
          {revealed.explanation.split("\n").map((line, index) => (
            <p key={index}>{line}</p>
          ))}
        </>
      )}
      {revealed.source !== "" && <p class="where">{words.source(revealed.source)}</p>}
    </section>
  );
}

/* One question of the review at the end. */
export function Reviewed({ seen, words }: { seen: Seen; words: Words }) {
  const { question, revealed, answer } = seen;
  const result = revealed === null ? null : { question, revealed, answer, words };
  return (
    <article class="seen">
      <p class="where">
        <span class="nth">{words.where(question.asking, question.askings)}</span>
        {seen.is_voided && <span class="tag">{words.voided}</span>}
        {!seen.is_voided && seen.gained !== null && seen.gained > 0 && <span class="tag good">{words.gained(seen.gained)}</span>}
      </p>
      <h2 class="q">
        <Phrases text={question.text} />
      </h2>
      <Picture question={question} is_small={true} />
      {result !== null && (question.kind === "poll" ? <Opinions {...result} /> : <KeyAndMine {...result} />)}
      {revealed !== null && <Why revealed={revealed} words={words} level={3} />}
    </article>
  );
}
