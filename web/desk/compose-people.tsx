/* The third step of a new round: title, host unit, names, communities. */
import { fault_words, type StepProps } from "./compose";
import { communities_of, step_faults, TITLE_CHARS_MAX, UNIT_CHARS_MAX, type DraftFault } from "./draft";
import { Group, Radios, TextField } from "./fields";
import { characters } from "./numbers";
import { Mark, say_of } from "./parts";

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
          of={say("characters_of", { n: characters(draft.title.trim()), of: TITLE_CHARS_MAX })}
          fault={said("title_long")}
          set={(title) => desk.draft_set({ ...draft, title })}
        />
        <TextField
          id="unit"
          label={say("round_unit")}
          hint={say("round_unit_hint")}
          value={draft.unit}
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
                {say("communities_ok", { n: communities.names.length })}
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
