/* The second and third step of a new round: rules in plain sentences, then title, unit, names and communities. */
import type { ComponentChildren } from "preact";
import { COMMUNITIES_MAX, communities_of, EXPLAIN_S_MAX, LIMIT_S_MAX, LIMIT_S_MIN, POINTS_MAX, READING_S_MAX } from "./draft";
import { step_faults, TITLE_CHARS_MAX, UNIT_CHARS_MAX, type DraftFault } from "./draft";
import { fault_words, type StepProps } from "./compose";
import { characters } from "./numbers";
import { Mark, say_of } from "./parts";
import type { Rules } from "./wire";

function Group({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <fieldset class="sheet group">
      <legend>{title}</legend>
      <div class="inside">{children}</div>
    </fieldset>
  );
}

function NumberField(props: {
  id: string;
  label: string;
  hint: string;
  unit: string;
  value: number;
  min: number;
  max: number;
  fault: string | null;
  set: (value: number) => void;
}) {
  return (
    <p class="field number">
      <label for={props.id}>{props.label}</label>
      <span class="with-unit">
        <input
          id={props.id}
          type="number"
          inputMode="numeric"
          min={props.min}
          max={props.max}
          value={Number.isNaN(props.value) ? "" : props.value}
          aria-describedby={`${props.id}-hint`}
          aria-invalid={props.fault ? "true" : undefined}
          onInput={(event) => props.set(event.currentTarget.value === "" ? NaN : Number(event.currentTarget.value))}
        />
        {props.unit}
      </span>
      <small id={`${props.id}-hint`} class={props.fault ? "back" : "mute"}>
        {props.fault ?? props.hint}
      </small>
    </p>
  );
}

function Radios<T extends string>(props: {
  name: string;
  label: string;
  is_alone?: boolean; /* the group's own title says it already */
  value: T;
  choices: { value: T; label: string; hint?: string }[];
  set: (value: T) => void;
}) {
  return (
    <div class="radios" role="radiogroup" aria-label={props.label}>
      <span class={props.is_alone ? "label alone" : "label"} aria-hidden="true">
        {props.label}
      </span>
      {props.choices.map((choice) => (
        <label key={choice.value} class={choice.value === props.value ? "radio on" : "radio"}>
          <input type="radio" name={props.name} checked={choice.value === props.value} onChange={() => props.set(choice.value)} />
          <span>
            {choice.label}
            {choice.hint && <small class="mute">{choice.hint}</small>}
          </span>
        </label>
      ))}
    </div>
  );
}

export function RulesStep({ s, desk, draft }: StepProps) {
  const say = say_of(s);
  const { rules } = draft;
  const faults = step_faults(draft, "rules");
  const said = (fault: DraftFault): string | null => (faults.includes(fault) ? fault_words(fault, draft, say) : null);
  const set = (change: Partial<Rules>): void => desk.draft_set({ ...draft, rules: { ...rules, ...change } });
  return (
    <div class="columns">
      <div>
        <Group title={say("rules_score")}>
          <Radios
            name="scoring"
            label={say("rules_score")}
            is_alone
            value={rules.scoring}
            choices={[
              { value: "accuracy", label: say("scoring_accuracy"), hint: say("scoring_accuracy_hint") },
              { value: "speed", label: say("scoring_speed"), hint: say("scoring_speed_hint") },
              { value: "knockout", label: say("scoring_knockout"), hint: say("scoring_knockout_hint") },
            ]}
            set={(scoring) => set({ scoring })}
          />
          <NumberField
            id="points"
            label={say("points_each")}
            hint={say("points_hint")}
            unit={say("unit_points")}
            value={rules.points}
            min={1}
            max={POINTS_MAX}
            fault={said("points_range")}
            set={(points) => set({ points })}
          />
          <Radios
            name="multiple"
            label={say("multiple_rule")}
            value={rules.multiple}
            choices={[
              { value: "all", label: say("multiple_all") },
              { value: "share", label: say("multiple_share") },
            ]}
            set={(multiple) => set({ multiple })}
          />
        </Group>
      </div>
      <div>
        <Group title={say("rules_time")}>
          <NumberField
            id="limit"
            label={say("limit_s")}
            hint={say("limit_hint")}
            unit={say("unit_s")}
            value={rules.limit_ms / 1000}
            min={LIMIT_S_MIN}
            max={LIMIT_S_MAX}
            fault={said("limit_range")}
            set={(seconds) => set({ limit_ms: seconds * 1000 })}
          />
          <NumberField
            id="reading"
            label={say("reading_s")}
            hint={say("reading_hint")}
            unit={say("unit_s")}
            value={rules.reading_ms / 1000}
            min={0}
            max={READING_S_MAX}
            fault={said("reading_range")}
            set={(seconds) => set({ reading_ms: seconds * 1000 })}
          />
          <label class="tick">
            <input type="checkbox" checked={rules.shuffle} onChange={(event) => set({ shuffle: event.currentTarget.checked })} />
            <span>
              {say("shuffle")}
              <small class="mute">{say("shuffle_hint")}</small>
            </span>
          </label>
        </Group>
        <Group title={say("rules_pace")}>
          <Radios
            name="pace"
            label={say("rules_pace")}
            is_alone
            value={rules.auto ? "auto" : "hand"}
            choices={[
              { value: "hand", label: say("pace_hand") },
              { value: "auto", label: say("pace_auto"), hint: say("pace_auto_hint") },
            ]}
            set={(pace) => set({ auto: pace === "auto" })}
          />
          {rules.auto && (
            <NumberField
              id="explain"
              label={say("explain_s")}
              hint={say("explain_hint")}
              unit={say("unit_s")}
              value={rules.explain_ms / 1000}
              min={3}
              max={EXPLAIN_S_MAX}
              fault={said("explain_range")}
              set={(seconds) => set({ explain_ms: seconds * 1000 })}
            />
          )}
        </Group>
      </div>
      <div>
        <Group title={say("rules_shown")}>
          <Radios
            name="rank"
            label={say("rank_shown")}
            value={rules.rank_shown}
            choices={[
              { value: "each", label: say("rank_each") },
              { value: "end", label: say("rank_end") },
              { value: "never", label: say("rank_never") },
            ]}
            set={(rank_shown) => set({ rank_shown })}
          />
          <Radios
            name="distribution"
            label={say("distribution_rule")}
            value={rules.distribution}
            choices={[
              { value: "all", label: say("distribution_all") },
              { value: "right", label: say("distribution_right") },
              { value: "none", label: say("distribution_none") },
            ]}
            set={(distribution) => set({ distribution })}
          />
        </Group>
      </div>
    </div>
  );
}

function TextField(props: {
  id: string;
  label: string;
  hint: string;
  value: string;
  max: number;
  of: string;
  fault: string | null;
  set: (value: string) => void;
}) {
  return (
    <p class="field">
      <label for={props.id}>{props.label}</label>
      <input
        id={props.id}
        type="text"
        value={props.value}
        aria-describedby={`${props.id}-hint`}
        aria-invalid={props.fault ? "true" : undefined}
        onInput={(event) => props.set(event.currentTarget.value)}
      />
      <small id={`${props.id}-hint`} class={props.fault ? "back" : "mute"}>
        {props.fault ?? props.hint}
        <span class="count">{props.of}</span>
      </small>
    </p>
  );
}

export function PeopleStep({ s, desk, draft }: StepProps) {
  const say = say_of(s);
  const faults = step_faults(draft, "people");
  /* an empty field is not yet wrong: the foot says what is missing when one goes on */
  const said = (fault: DraftFault): string | null => (faults.includes(fault) ? fault_words(fault, draft, say) : null);
  const communities = communities_of(draft.communities_text);
  const list_fault = said("communities_many") ?? said("community_long");
  return (
    <div class="columns two">
      <Group title={say("group_shown")}>
        <TextField
          id="title"
          label={say("round_title")}
          hint={say("round_title_hint")}
          value={draft.title}
          max={TITLE_CHARS_MAX}
          of={say("characters_of", { n: characters(draft.title.trim()), of: TITLE_CHARS_MAX })}
          fault={said("title_long")}
          set={(title) => desk.draft_set({ ...draft, title })}
        />
        <TextField
          id="unit"
          label={say("round_unit")}
          hint={say("round_unit_hint")}
          value={draft.unit}
          max={UNIT_CHARS_MAX}
          of={say("characters_of", { n: characters(draft.unit.trim()), of: UNIT_CHARS_MAX })}
          fault={said("unit_long")}
          set={(unit) => desk.draft_set({ ...draft, unit })}
        />
        <Radios
          name="names"
          label={say("names_rule")}
          value={draft.rules.names}
          choices={[
            { value: "optional", label: say("names_optional") },
            { value: "required", label: say("names_required") },
            { value: "none", label: say("names_none") },
          ]}
          set={(names) => desk.draft_set({ ...draft, rules: { ...draft.rules, names } })}
        />
      </Group>
      <Group title={say("communities")}>
        <p class="field">
          <label for="communities" class="alone">
            {say("communities")}
          </label>
          <textarea
            id="communities"
            rows={12}
            value={draft.communities_text}
            aria-describedby="communities-hint"
            aria-invalid={list_fault ? "true" : undefined}
            onInput={(event) => desk.draft_set({ ...draft, communities_text: event.currentTarget.value })}
          />
          <small id="communities-hint" class="mute">
            {say("communities_hint")}
          </small>
        </p>
        <p class="note" role="status">
          {list_fault ? (
            <span class="back is">
              <Mark shape="back" />
              {list_fault}
            </span>
          ) : (
            communities.names.length > 0 && (
              <span class="ok is">
                <Mark shape="ok" />
                {say("communities_ok", { n: communities.names.length, of: COMMUNITIES_MAX })}
              </span>
            )
          )}
        </p>
        {communities.twice.length > 0 && (
          <p class="note back">
            <span class="is">
              <Mark shape="back" />
              {say("communities_twice", { names: communities.twice.join("、") })}
            </span>
          </p>
        )}
      </Group>
    </div>
  );
}
