/* The deck: three slots that never move, one of them filled; above them what is needed now and then. */
import { deck_extras, deck_slots, type Extra, type Slot } from "./deck";
import type { LiveProps } from "./live";
import { Button, say_of } from "./parts";
import { shown_asking } from "./state";

export function Deck(props: LiveProps) {
  const { s, desk, live, left } = props;
  const say = say_of(s);
  const { lease } = live.round;
  const is_linked = s.link === "up";
  return (
    <div class="deck" role="group" aria-label={say("deck")}>
      {!lease.mine && (
        <p class="lease">
          <span>{lease.holder === null ? say("host_none") : say("host_is", { name: lease.holder })}</span>
          <button type="button" class="btn go" onClick={() => void desk.take()}>
            {say("take")}
          </button>
        </p>
      )}
      <div class="more">
        {deck_extras(live.round, shown_asking(live), is_linked).map((extra) => (
          <ExtraButton key={extra.label.word} {...props} extra={extra} />
        ))}
      </div>
      <div class="slots">
        {deck_slots(live.round, left, is_linked).map((slot) => (
          <SlotButton key={slot.place} {...props} slot={slot} />
        ))}
      </div>
    </div>
  );
}

function ExtraButton({ s, desk, extra }: LiveProps & { extra: Extra }) {
  const say = say_of(s);
  const { verb, why } = extra;
  return (
    <Button
      kind={extra.is_grave ? "danger" : ""}
      is_on={extra.is_on}
      why={why ? say(why.word, why.values) : null}
      refuse={() => why && desk.explain(why)}
      press={() => verb && desk.press(verb)}
    >
      {say(extra.label.word)}
    </Button>
  );
}

function SlotButton({ s, desk, slot }: LiveProps & { slot: Slot }) {
  const say = say_of(s);
  const is_busy = slot.verb !== null && s.pending.includes(slot.verb);
  return (
    <button
      type="button"
      class={`big ${slot.is_filled ? "go" : ""} ${is_busy ? "busy" : ""}`}
      data-place={slot.place}
      aria-disabled={slot.verb === null ? "true" : undefined}
      aria-busy={is_busy ? "true" : undefined}
      onClick={() => (slot.verb ? desk.press(slot.verb) : desk.explain(slot.hint))}
    >
      {say(slot.label.word, slot.label.values)}
      <small class={/^hint_(space|p)/.test(slot.hint.word) ? "keys" : ""}>{say(slot.hint.word, slot.hint.values)}</small>
    </button>
  );
}
