/* The list of a round's questions, and the one in the middle: its answers as bars, its key, its explanation. */
import { grouped, option_shares } from "../shared/text";
import { Bar, Phrases } from "../shared/view";
import type { LiveProps } from "./live";
import { is_key } from "./numbers";
import { say_of, Seal, Tag } from "./parts";
import { Picture } from "./question";
import { shown_asking } from "./state";
import type { AskedQuestion, RoundState } from "./wire";
import type { Say } from "./words";

/* What stands under a question in the list: what became of it, or what it will be. */
function item_note(question: AskedQuestion, round: RoundState, say: Say): string {
  const is_now = question.asking === round.asking;
  if (round.voided.includes(question.asking)) return say("voided");
  if (is_now && round.phase === "open") return say("item_open");
  if (is_now && round.phase === "closing") return say("item_closing");
  if (is_now && round.phase === "closed") return say("item_closed");
  if (question.asking <= round.asking) {
    if (question.kind === "poll") return say("item_poll_done");
    if (question.right_share !== null) return say("item_right", { n: question.right_share });
    return is_now && round.phase === "paused" ? say("item_paused") : "";
  }
  if (question.kind === "poll") return say("poll_no_points");
  return say("kind_seconds", { kind: say(`kind_${question.kind}`), n: Math.round(question.limit_ms / 1000) });
}

export function QuestionList({ s, desk, live }: LiveProps) {
  const say = say_of(s);
  const { round } = live;
  const shown = shown_asking(live);
  return (
    <section class="list" aria-label={say("questions")}>
      <h2>{say("questions")}</h2>
      <ol>
        {round.questions.map((question) => {
          const is_now = question.asking === round.asking;
          const state = is_now ? "now" : question.asking < round.asking ? "past" : "";
          return (
            <li key={question.asking} class={`${state} ${question.asking === shown && !is_now ? "looked" : ""}`}>
              <button
                type="button"
                aria-current={is_now ? "step" : undefined}
                aria-pressed={question.asking === shown ? "true" : "false"}
                onClick={() => desk.dispatch({ type: "look", asking: question.asking })}
              >
                <span>{question.asking}</span>
                <span class="cut">{question.text}</span>
                <small>
                  {[item_note(question, round, say), round.reopened.includes(question.asking) ? say("reopened") : ""]
                    .filter((note) => note !== "")
                    .join(" · ")}
                </small>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

export function Asking({ s, desk, live }: LiveProps) {
  const say = say_of(s);
  const { round } = live;
  const asking = shown_asking(live);
  const question = round.questions.find((one) => one.asking === asking);
  if (!question) return null;
  const is_now = asking === round.asking;
  const is_hidden = is_now && (round.phase === "open" || round.phase === "closing" || round.phase === "closed");
  return (
    <article class="asking">
      {!is_now && (
        <p class="looking">
          <span>{say("looking_at", { n: asking, what: say(asking < round.asking ? "looking_past" : "looking_coming") })}</span>
          <button type="button" class="btn small" onClick={() => desk.dispatch({ type: "look", asking: null })}>
            {say("back_to_now")}
          </button>
        </p>
      )}
      <h1>
        <Phrases text={question.text} />
      </h1>
      <p class="facts mute">
        {say(`kind_${question.kind}`)} · {Math.round(question.limit_ms / 1000)} {say("unit_s")}
        {question.kind !== "poll" && ` · ${say("points_n", { n: question.points })}`}
        {round.voided.includes(asking) && <Tag>{say("voided")}</Tag>}
        {round.reopened.includes(asking) && <Tag>{say("reopened")}</Tag>}
      </p>
      <Picture name={question.picture} alt={question.picture_alt || say("picture_of")} />
      <h2>
        {say(is_now ? "distribution" : "options")}
        {is_hidden && <Tag>{say("not_on_wall")}</Tag>}
        {!is_now && question.right_share !== null && <Tag>{say("item_right", { n: question.right_share })}</Tag>}
      </h2>
      <Distribution question={question} round={round} is_now={is_now} say={say} />
      <div class="read">
        <h2>
          {say("explanation")}
          {is_hidden && <Tag>{say("shown_after")}</Tag>}
        </h2>
        <p>{question.explanation || say("no_explanation")}</p>
        {question.source && <p class="mute">{say("source", { source: question.source })}</p>}
      </div>
    </article>
  );
}

function Distribution(props: { question: AskedQuestion; round: RoundState; is_now: boolean; say: Say }) {
  const { question, round, is_now, say } = props;
  const counts = question.options.map((_, index) => (is_now ? (round.counts[index] ?? 0) : 0));
  const shares = option_shares(counts, round.answered, question.kind === "multiple");
  return (
    <table class="dist" aria-label={say(is_now ? "distribution" : "options")}>
      <tbody>
        {question.options.map((option, index) => (
          <tr key={index} class={is_key(question.key, index) ? "key" : ""}>
            <td>
              <Seal index={index} />
            </td>
            <td class="txt">
              <Phrases text={option} /> {is_key(question.key, index) && <Tag>{say("right_option")}</Tag>}
            </td>
            {is_now && (
              <>
                <td class="barcell">
                  <span class="bar">
                    <Bar share={(shares[index] ?? 0) / 100} />
                  </span>
                </td>
                <td class="n">{say("people_n", { n: grouped(counts[index] ?? 0) })}</td>
                <td class="n">{shares[index] ?? 0}%</td>
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
