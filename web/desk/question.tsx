/* One question of a bank: a row that opens to everything that is known of it. Also the filters over a list of them. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { choice_letters } from "../shared/text";
import { filter_passes, FILTER_NONE, is_long_for_wall, type Filter } from "./draft";
import { characters, is_key } from "./numbers";
import { Mark, Seal, Tag } from "./parts";
import type { Say } from "./words";
import type { Kind, Question } from "./wire";

/* A bank may hold 20,000 questions; a page shows so many and then so many more. */
const ROWS_MORE = 100;

/* As many of a list as are shown, and the button for more. The count starts anew when `of` changes. */
export function useMore(questions: readonly Question[], of: string, say: Say): [Question[], ComponentChildren] {
  const [kept, set_kept] = useState({ of, count: ROWS_MORE });
  const count = kept.of === of ? kept.count : ROWS_MORE;
  const rest = questions.length - count;
  const more = rest > 0 && (
    <p class="pager">
      <button type="button" class="btn" onClick={() => set_kept({ of, count: count + ROWS_MORE })}>
        {say("show_more", { n: Math.min(rest, ROWS_MORE) })}
      </button>
    </p>
  );
  return [questions.slice(0, count), more];
}

const KINDS: Kind[] = ["single", "multiple", "true_false", "poll"];

/* By its name on the desk, or by a path. */
export function Picture({ name, alt }: { name: string; alt: string }) {
  if (name === "") return null;
  return <img class="picture" src={name.startsWith("/") ? name : `/picture/${name}`} alt={alt} loading="lazy" />;
}

/* Options with the right ones marked by shape, colour and word. */
export function KeyedOptions({ options, answer, say }: { options: string[]; answer: number; say: Say }) {
  return (
    <ul class="keyed">
      {options.map((option, index) => (
        <li key={index} class={is_key(answer, index) ? "key" : ""}>
          <Seal index={index} />
          <span>
            {option}
            {is_key(answer, index) && <Tag>{say("right_option")}</Tag>}
          </span>
        </li>
      ))}
    </ul>
  );
}

export function QuestionFacts({ question, say }: { question: Question; say: Say }) {
  const facts = [say(`kind_${question.kind}`)];
  if (question.difficulty > 0) facts.push(say(`difficulty_${question.difficulty as 1 | 2 | 3}`));
  if (question.category) facts.push(question.category);
  if (question.seconds > 0) facts.push(`${question.seconds} ${say("unit_s")}`);
  if (question.picture) facts.push(say("has_picture"));
  return (
    <small class="facts">
      {facts.join(" · ")}
      {question.is_sample && <Tag>{say("bank_sample")}</Tag>}
      {is_long_for_wall(question) && (
        <span class="back is">
          <Mark shape="back" />
          {say("long_for_wall", { n: characters(question.text) })}
        </span>
      )}
    </small>
  );
}

export function QuestionRow(props: { question: Question; say: Say; before?: ComponentChildren; is_chosen?: boolean }) {
  const { question, say } = props;
  const [is_open, set_open] = useState(false);
  const id = `question-${question.id}`;
  return (
    <li class={`question ${props.is_chosen ? "chosen" : ""}`}>
      {props.before}
      <div class="body">
        <p class="text">{question.text}</p>
        <QuestionFacts question={question} say={say} />
        {is_open && (
          <div class="whole" id={id}>
            <Picture name={question.picture} alt={question.picture_alt || say("picture_of")} />
            <KeyedOptions options={question.options} answer={question.key} say={say} />
            {question.kind !== "poll" && <p class="mute">{say("key_is", { letters: choice_letters(question.key) })}</p>}
            <p>{question.explanation || say("no_explanation")}</p>
            {question.source && <p class="mute">{say("source", { source: question.source })}</p>}
          </div>
        )}
      </div>
      <button
        type="button"
        class="btn small"
        aria-expanded={is_open ? "true" : "false"}
        aria-controls={is_open ? id : undefined}
        onClick={() => set_open(!is_open)}
      >
        {say(is_open ? "hide_whole" : "show_whole")}
      </button>
    </li>
  );
}

export interface Filtered {
  filter: Filter;
  set_filter: (filter: Filter) => void;
  found: Question[];
}

/* The filter of one list; it starts anew when `of` changes (another bank). */
export function useFilter(questions: readonly Question[], of: number | null): Filtered {
  const [kept, set_kept] = useState({ of, filter: FILTER_NONE });
  const filter = kept.of === of ? kept.filter : FILTER_NONE;
  return {
    filter,
    set_filter: (next) => set_kept({ of, filter: next }),
    found: questions.filter((question) => filter_passes(filter, question)),
  };
}

export function Filters({ questions, filtered, say }: { questions: readonly Question[]; filtered: Filtered; say: Say }) {
  const { filter, set_filter } = filtered;
  const categories = [...new Set(questions.map((question) => question.category).filter((name) => name !== ""))];
  const kinds = KINDS.filter((kind) => questions.some((question) => question.kind === kind));
  const levels = ([1, 2, 3] as const).filter((level) => questions.some((question) => question.difficulty === level));
  return (
    <div class="filters">
      <input
        type="search"
        value={filter.search}
        placeholder={say("search_question")}
        aria-label={say("search_question")}
        onInput={(event) => set_filter({ ...filter, search: event.currentTarget.value })}
      />
      <Pick
        label={say("filter_category")}
        all={say("all")}
        value={filter.category}
        choices={categories.map((name) => [name, name])}
        pick={(category) => set_filter({ ...filter, category })}
      />
      <Pick
        label={say("filter_kind")}
        all={say("all")}
        value={filter.kind}
        choices={kinds.map((kind) => [kind, say(`kind_${kind}`)])}
        pick={(kind) => set_filter({ ...filter, kind: kind as Kind | "" })}
      />
      <Pick
        label={say("filter_difficulty")}
        all={say("all")}
        value={filter.difficulty === 0 ? "" : String(filter.difficulty)}
        choices={levels.map((level) => [String(level), say(`difficulty_${level}`)])}
        pick={(level) => set_filter({ ...filter, difficulty: Number(level) })}
      />
    </div>
  );
}

function Pick(props: {
  label: string;
  all: string;
  value: string;
  choices: [string, string][];
  pick: (value: string) => void;
}) {
  if (props.choices.length < 2) return null;
  return (
    <label class="pick">
      {props.label}
      <select value={props.value} onChange={(event) => props.pick(event.currentTarget.value)}>
        <option value="">{props.all}</option>
        {props.choices.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
