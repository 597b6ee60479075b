/* The second step of a new round: the rules, each in a plain sentence. */
import { fault_words, type StepProps } from "./compose";
import { EXPLAIN_S_MAX, LIMIT_S_MAX, LIMIT_S_MIN, POINTS_MAX, READING_S_MAX, step_faults, type DraftFault } from "./draft";
import { Group, NumberField, Radios } from "./fields";
import { say_of } from "./parts";
import type { Rules } from "./wire";

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
