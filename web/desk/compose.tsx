/* A new round in three steps: questions, rules, title and communities. Here: the steps and the foot that leads through
 * them; the first step's three columns. */
import { useEffect, useState } from "preact/hooks";
import { PeopleStep } from "./compose-people";
import { RulesStep } from "./compose-rules";
import { draft_add, draft_drop, draft_move, duration_ms, step_faults, communities_of } from "./draft";
import type { Draft, DraftFault, Step } from "./draft";
import { say_of, StateLine, Tag, type ViewProps } from "./parts";
import { Filters, QuestionRow, useFilter, useMore } from "./question";
import type { Say } from "./words";
import type { Bank, Question } from "./wire";

const STEPS: Step[] = ["questions", "rules", "people"];

export interface StepProps extends ViewProps {
  draft: Draft;
}

export function fault_words(fault: DraftFault, draft: Draft, say: Say): string {
  return say(`draft_${fault}`, { names: communities_of(draft.communities_text).too_long.join("、") });
}

export function Compose(props: ViewProps) {
  const { s, desk } = props;
  const say = say_of(s);
  const { draft } = s;
  if (!draft || s.banks === null) return <StateLine shape={s.link === "lost" ? "back" : "wait"} text={say(s.link === "lost" ? "status_lost" : "loading")} />;
  const step = draft.step;
  return (
    <>
      <StateLine shape={s.link === "lost" ? "back" : "work"} text={s.link === "lost" ? say("status_lost") : say(`step_status_${step}`)}>
        <ol class="steps" aria-label={say("steps")}>
          {STEPS.map((name) => (
            <li key={name} class={name === step ? "half" : STEPS.indexOf(name) < STEPS.indexOf(step) ? "yes" : ""} aria-current={name === step ? "step" : undefined}>
              {say(`step_${name}`)}
            </li>
          ))}
        </ol>
      </StateLine>
      {step === "questions" ? (
        <QuestionsStep {...props} draft={draft} />
      ) : (
        <main class="page form">
          {step === "rules" ? <RulesStep s={s} desk={desk} draft={draft} /> : <PeopleStep s={s} desk={desk} draft={draft} />}
        </main>
      )}
      <Foot {...props} draft={draft} />
    </>
  );
}

function chosen_questions(s: ViewProps["s"], draft: Draft): Question[] {
  const known = new Map<number, Question>();
  for (const bank of s.banks ?? []) for (const question of s.questions[bank.id] ?? []) known.set(question.id, question);
  return draft.chosen.flatMap((id) => known.get(id) ?? []);
}

/* Back and forward, always at the same place; what is missing is said beside them. */
function Foot({ s, desk, draft }: StepProps) {
  const say = say_of(s);
  const [is_tried, set_tried] = useState(false);
  const at = STEPS.indexOf(draft.step);
  const faults = step_faults(draft, draft.step);
  const is_busy = s.pending.includes("round.create");
  const turn = (by: number): void => {
    const step = STEPS[at + by];
    if (!step) return;
    set_tried(false);
    desk.draft_set({ ...draft, step });
    window.scrollTo(0, 0);
  };
  const forward = (): void => {
    if (faults.length > 0) set_tried(true);
    else if (draft.step === "people") void desk.create(draft);
    else turn(1);
  };
  const questions = chosen_questions(s, draft);
  const minutes = Math.max(1, Math.round(duration_ms(questions, draft.rules) / 60_000));
  const first = faults[0];
  return (
    <div class="foot">
      <p class={is_tried && first ? "back" : ""} role="status">
        {is_tried && first
          ? fault_words(first, draft, say)
          : draft.chosen.length === 0
            ? say("chosen_n", { n: 0 })
            : say("chosen_minutes", { n: draft.chosen.length, m: minutes })}
      </p>
      {at > 0 && (
        <button type="button" class="btn" onClick={() => turn(-1)}>
          {say("before")}
        </button>
      )}
      <button type="button" class="btn go" aria-disabled={is_busy || first ? "true" : undefined} onClick={() => !is_busy && forward()}>
        {say(draft.step === "people" ? (is_busy ? "creating" : "create") : "after")}
      </button>
    </div>
  );
}

function QuestionsStep({ s, desk, draft }: StepProps) {
  const say = say_of(s);
  const banks = s.banks ?? [];
  const [picked, set_picked] = useState<number | null>(banks[0]?.id ?? null);
  const [side, set_side] = useState<"all" | "chosen">("all");
  const questions = picked === null ? [] : (s.questions[picked] ?? []);
  const filtered = useFilter(questions, picked);
  const [rows, more] = useMore(filtered.found, JSON.stringify([picked, filtered.filter]), say);
  useEffect(() => {
    if (picked !== null) void desk.questions(picked);
  }, [picked]);
  const chosen = new Set(draft.chosen);
  const ids = filtered.found.map((question) => question.id);
  const are_all = ids.length > 0 && ids.every((id) => chosen.has(id));
  return (
    <main class={`live compose ${side === "chosen" ? "see-chosen" : ""}`}>
      <div class="switch segment" role="group" aria-label={say("steps")}>
        <button type="button" aria-pressed={side === "all" ? "true" : "false"} onClick={() => set_side("all")}>
          {say("nav_banks")}
        </button>
        <button type="button" aria-pressed={side === "chosen" ? "true" : "false"} onClick={() => set_side("chosen")}>
          {say("chosen_n", { n: draft.chosen.length })}
        </button>
      </div>
      <section class="list" aria-label={say("nav_banks")}>
        <h2>{say("nav_banks")}</h2>
        <ul>
          {banks.map((bank) => (
            <BankItem key={bank.id} bank={bank} s={s} draft={draft} is_now={bank.id === picked} pick={() => set_picked(bank.id)} />
          ))}
        </ul>
        {banks.length === 0 && <p class="mute pad">{say("banks_none")}</p>}
      </section>
      <section class="mid" aria-label={say("questions")}>
        <Filters questions={questions} filtered={filtered} say={say} />
        <p class="bulk">
          <button
            type="button"
            class="btn small"
            disabled={ids.length === 0}
            onClick={() => desk.draft_set(are_all ? draft_drop(draft, ids) : draft_add(draft, ids))}
          >
            {say(are_all ? "drop_these" : "choose_these")}
          </button>
          <span class="mute">{say("bank_questions", { n: ids.length })}</span>
        </p>
        {questions.length > 0 && ids.length === 0 && <p class="empty">{say("filter_none")}</p>}
        <ol class="questions">
          {rows.map((question) => (
            <QuestionRow
              key={question.id}
              question={question}
              say={say}
              is_chosen={chosen.has(question.id)}
              before={
                <input
                  type="checkbox"
                  checked={chosen.has(question.id)}
                  aria-label={say("choose_this", { text: question.text })}
                  onChange={() =>
                    desk.draft_set(chosen.has(question.id) ? draft_drop(draft, [question.id]) : draft_add(draft, [question.id]))
                  }
                />
              }
            />
          ))}
        </ol>
        {more}
      </section>
      <Chosen s={s} desk={desk} draft={draft} />
    </main>
  );
}

function BankItem(props: { bank: Bank; s: ViewProps["s"]; draft: Draft; is_now: boolean; pick: () => void }) {
  const say = say_of(props.s);
  const { bank } = props;
  const chosen = new Set(props.draft.chosen);
  const count = (props.s.questions[bank.id] ?? []).filter((question) => chosen.has(question.id)).length;
  return (
    <li class={props.is_now ? "now" : ""}>
      <button type="button" aria-current={props.is_now ? "true" : undefined} onClick={props.pick}>
        <span>
          {bank.name}
          {bank.is_sample && <Tag>{say("sample")}</Tag>}
        </span>
        <small>{count > 0 ? say("chosen_of_bank", { n: count, of: bank.questions }) : say("bank_questions", { n: bank.questions })}</small>
      </button>
    </li>
  );
}

function Chosen({ s, desk, draft }: StepProps) {
  const say = say_of(s);
  const questions = chosen_questions(s, draft);
  return (
    <section class="side" aria-label={say("chosen")}>
      <h2>
        {say("chosen")}
        {questions.length > 0 && (
          <button type="button" class="btn small" onClick={() => desk.draft_set({ ...draft, chosen: [] })}>
            {say("drop_all")}
          </button>
        )}
      </h2>
      {questions.length === 0 && <p class="mute">{say("chosen_none")}</p>}
      <ol class="order">
        {questions.map((question, index) => (
          <li key={question.id}>
            <span class="at">{index + 1}</span>
            <span class="what">{question.text}</span>
            <span class="moves">
              <button
                type="button"
                class="btn small"
                disabled={index === 0}
                aria-label={say("move_up_of", { n: index + 1 })}
                title={say("move_up")}
                onClick={() => desk.draft_set(draft_move(draft, index, -1))}
              >
                <i class="arrow up" aria-hidden="true" />
              </button>
              <button
                type="button"
                class="btn small"
                disabled={index === questions.length - 1}
                aria-label={say("move_down_of", { n: index + 1 })}
                title={say("move_down")}
                onClick={() => desk.draft_set(draft_move(draft, index, 1))}
              >
                <i class="arrow down" aria-hidden="true" />
              </button>
              <button
                type="button"
                class="btn small"
                aria-label={say("drop_of", { n: index + 1 })}
                title={say("drop")}
                onClick={() => desk.draft_set(draft_drop(draft, [question.id]))}
              >
                <i class="arrow cross" aria-hidden="true" />
              </button>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
