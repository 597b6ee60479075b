/* The wall's pictures of a question: lobby, question with its countdown, the answer. Input: the wall's state. Nothing is
 * pressed here; how large the texts are is fit.ts's matter. */
import { grouped, option_letter, option_shares, text_width } from "../shared/text";
import type { Left } from "../shared/clock";
import { Bar, Phrases } from "../shared/view";
import type { Question } from "../shared/frames";
import { fit_answer, fit_question, has_picture_column } from "./fit";
import { Qr } from "./qr";
import type { Wall } from "./state";
import type { Words } from "./words";

export function Lobby({ wall, words, origin, host }: { wall: Wall; words: Words; origin: string; host: string }) {
  if (wall.is_locked) {
    return (
      <main class="thanks">
        <h1>{words.locked}</h1>
        <p>{words.locked_more}</p>
      </main>
    );
  }
  return (
    <main class="lobby">
      <div class="qr">
        <Qr text={`${origin}/?r=${wall.code}`} label={words.qr} />
      </div>
      <div>
        <h1>{words.scan}</h1>
        <p>
          {words.or_go} <b>{host}</b> {words.and_type}
          <b class="code">{`${wall.code.slice(0, 3)} ${wall.code.slice(3)}`}</b>
        </p>
        <p>{words.no_phone}</p>
      </div>
    </main>
  );
}

export function Asking({ wall, question, left, words }: { wall: Wall; question: Question; left: Left | null; words: Words }) {
  const fit = fit_question(question);
  const is_running = left !== null && left.stage !== "over";
  return (
    <main class={`rows-${fit.rows}`} style={rems({ ask: fit.ask, seconds: fit.seconds, option: fit.option, seal: fit.seal })}>
      <div class="ask">
        <h1>
          <Phrases text={question.text} />
        </h1>
        <p class="left" role="timer">
          {is_running && (
            <>
              {left.stage === "reading" ? words.reading_left : words.left} <b>{left.seconds}</b> {words.second}
            </>
          )}
        </p>
      </div>
      <div class={left !== null && left.stage === "reading" ? "time reading" : "time"}>
        <Bar share={is_running ? left.share : wall.phase === "open" && left === null && !wall.is_voided ? 1 : 0} />
      </div>
      <div class="lower">
        {question.picture !== "" && <img class="picture" src={question.picture} alt={question.picture_alt} />}
        <div class={has_picture_column(question) ? "opts one" : "opts"}>
          {question.options.map((text, index) => (
            <div key={index} class="opt">
              <i class="seal">{option_letter(index)}</i>
              <span>
                <Phrases text={text} />
              </span>
            </div>
          ))}
        </div>
      </div>
    </main>
  );
}

const LINE_WIDTH = 31;

/* Sizes as custom properties, through the style object as the Content-Security-Policy wants it. */
function rems(sizes: Record<string, number>): Record<string, string> {
  const style: Record<string, string> = {};
  for (const name of Object.keys(sizes)) style[`--${name}`] = `${(sizes[name] || 0).toFixed(3)}rem`;
  return style;
}

/* With the distribution, or without bars where the rules keep it back. */
export function Revealed({ wall, question }: { wall: Wall; question: Question }) {
  const revealed = wall.revealed;
  if (revealed === null) return <main />;
  const has_counts = revealed.counts.length === question.options.length;
  const shares = option_shares(revealed.counts, revealed.answered, question.kind === "multiple");
  const fit = fit_answer(question, has_counts, revealed.explanation !== "");
  return (
    <main class="answer" style={rems({ ask: fit.ask, row: fit.row, text: fit.text, share: fit.share })}>
      <h1 class="small">
        <Phrases text={question.text} />
      </h1>
      <div class="lower">
        {question.picture !== "" && <img class="picture" src={question.picture} alt={question.picture_alt} />}
        <div class="rows">
          {question.options.map((text, index) => {
            const is_key = (revealed.key & (1 << index)) !== 0;
            return (
              <div key={index} class={is_key ? "row key" : "row"}>
                <i class="seal">{option_letter(index)}</i>
                <span class="txt">
                  <Phrases text={text} />
                </span>
                {has_counts && (
                  <>
                    <span class="bar" aria-hidden="true">
                      <Bar share={(shares[index] || 0) / 100} />
                    </span>
                    <span class="pct">{shares[index]}%</span>
                    <span class="people">{grouped(revealed.counts[index] || 0)}</span>
                  </>
                )}
              </div>
            );
          })}
        </div>
      </div>
      {revealed.explanation !== "" && <p class="why">{one_line(revealed.explanation)}</p>}
    </main>
  );
}

/* The first sentence, or as many of its clauses as one line holds: what is longer is read on the phone. */
export function one_line(explanation: string): string {
  const sentence = (/^[^。！？\n]*/.exec(explanation) || [""])[0];
  let line = "";
  for (const clause of sentence.match(/[^，；]+[，；]?/g) || []) {
    if (line !== "" && text_width(line + clause) > LINE_WIDTH) break;
    line += clause;
  }
  return line.replace(/[，；]$/, "");
}
