/* After the last question: the final standing, the review of what was seen, the receipts. */
import { choice_letters, grouped, number_padded, tenths } from "../shared/text";
import { Phrases } from "../shared/view";
import { answer_marks } from "./asking";
import { Reviewed } from "./reveal";
import type { Live, PlayState, Seen } from "./state";
import type { Words } from "./words";

interface EndProps {
  state: PlayState;
  live: Live;
  words: Words;
  go: (page: PlayState["page"]) => void;
}

export function Ended({ live, words, go }: EndProps) {
  const standing = live.standing;
  return (
    <>
      <main class="end">
        <p class="where">{words.ended_thanks}</p>
        <h1>
          <Phrases text={words.join_title(live.title)} />
        </h1>
        {standing !== null && (
          <>
            <dl class={standing.rank === null ? "figures two" : "figures"}>
              <Figure name={words.ended_rights} value={standing.rights} unit={words.unit_rights} />
              <Figure name={words.ended_points} value={standing.points} unit={words.unit_points} />
              {standing.rank !== null && <Figure name={words.ended_rank} value={standing.rank} unit={words.unit_rank} />}
            </dl>
            <p class="where middle">{words.ended_of(live.asking, live.askings, standing.of)}</p>
          </>
        )}
        {live.participant > 0 && (
          <p class="middle">
            {words.number} <b>{number_padded(live.participant)}</b>
          </p>
        )}
        <p class="where middle">{live.unit}</p>
      </main>
      <footer class="foot">
        <p>{words.ended_foot}</p>
        <div class="two-buttons">
          <button type="button" class="go" onClick={() => go("review")}>
            {words.review}
          </button>
          <button type="button" class="go plain" onClick={() => go("receipts")}>
            {words.receipts}
          </button>
        </div>
      </footer>
    </>
  );
}

function Figure({ name, value, unit }: { name: string; value: number; unit: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <b>{grouped(value)}</b>
        {unit}
      </dd>
    </div>
  );
}

export function Review({ state, words, go }: EndProps) {
  return (
    <>
      <main>
        <h1 class="spoken">{words.review}</h1>
        {state.seen.length === 0 && <p class="card quiet">{words.nothing_seen}</p>}
        {state.seen.map((seen) => (
          <Reviewed key={seen.question.asking} seen={seen} words={words} />
        ))}
      </main>
      <BackFoot words={words} go={go} />
    </>
  );
}

export function Receipts({ state, words, go }: EndProps) {
  return (
    <>
      <main>
        <h1 class="spoken">{words.receipts}</h1>
        <p class="where">{words.receipts_why}</p>
        <ul class="receipts">
          {state.seen.map((seen) => (
            <ReceiptRow key={seen.question.asking} seen={seen} words={words} />
          ))}
        </ul>
        {state.seen.length === 0 && <p class="card quiet">{words.nothing_seen}</p>}
      </main>
      <BackFoot words={words} go={go} />
    </>
  );
}

function ReceiptRow({ seen, words }: { seen: Seen; words: Words }) {
  const { question, answer } = seen;
  return (
    <li>
      <p class="mark">
        <b class="nth">{words.where(question.asking, question.askings)}</b>
        {seen.is_voided && <span class="tag">{words.voided}</span>}
      </p>
      {answer === null ? (
        <p class="where">{words.no_receipt}</p>
      ) : (
        <>
          <p class="good">{words.recorded(choice_letters(answer.choice))}</p>
          <p class="where">
            {answer_marks(answer.wall_ms, answer.receipt.code, words)} · {words.took(tenths(answer.receipt.elapsed_ms))}
          </p>
        </>
      )}
    </li>
  );
}

function BackFoot({ words, go }: { words: Words; go: EndProps["go"] }) {
  return (
    <footer class="foot">
      <p>{words.ended_thanks}</p>
      <button type="button" class="go" onClick={() => go("now")}>
        {words.back_result}
      </button>
    </footer>
  );
}
