/* Questions put to the host, the invitation, handing over, and what can be done about one participant. */
import { useState } from "preact/hooks";
import { Modal, say_of, type ViewProps } from "./parts";
import { Invite } from "./invite";
import { characters } from "./numbers";
import { person_name, person_number } from "./say";
import type { Dialog, Live } from "./state";

const NAME_CHARS_MAX = 24;

export function Dialogs({ s, desk }: ViewProps) {
  const { dialog, live } = s;
  if (!dialog || !live) return null;
  const say = say_of(s);
  const { round } = live;
  const props = { s, desk };
  const is_running = round.phase === "open" || round.phase === "closing";
  switch (dialog.is) {
    case "close": {
      const open = Math.max(0, round.connected - round.answered);
      const is_knockout = round.rules.scoring === "knockout"; /* who is out is connected too */
      const body = open === 0 ? say("close_body_none") : is_knockout ? say("close_body_knockout", { n: round.answered }) : say("close_body", { n: open });
      return (
        <Confirm
          {...props}
          title={say("close_title", { n: round.asking })}
          body={body}
          yes={say("close_yes")}
          act={() => void desk.confirmed("round.close")}
        />
      );
    }
    case "void":
      return (
        <Confirm
          {...props}
          title={say("void_title", { n: dialog.asking })}
          body={say(is_running && dialog.asking === round.asking ? "void_body_running" : "void_body")}
          yes={say("void_yes")}
          act={() => void desk.confirmed("round.void", { asking: dialog.asking })}
        />
      );
    case "end": {
      const left = round.askings - round.asking;
      return (
        <Confirm
          {...props}
          title={say("end_title")}
          body={left > 0 ? say("end_body_left", { n: left }) : say("end_body")}
          yes={say("end_yes")}
          act={() => void desk.confirmed("round.end")}
        />
      );
    }
    case "take":
      return (
        <Confirm
          {...props}
          title={say("take_title", { name: dialog.holder })}
          body={say("take_body")}
          yes={say("take_yes")}
          act={() => void desk.confirmed("lease.take", { force: true })}
        />
      );
    case "give":
      return <Give {...props} live={live} />;
    case "invite":
      return <Invite {...props} live={live} />;
    case "person":
      return <PersonDialog {...props} key={dialog.participant} dialog={dialog} />;
  }
}

function close_of(desk: ViewProps["desk"]): () => void {
  return () => desk.dispatch({ type: "dialog", dialog: null });
}

/* The way back is first, so that Enter on an opened question changes nothing. */
function Confirm(props: ViewProps & { title: string; body: string; yes: string; act: () => void }) {
  const say = say_of(props.s);
  const close = close_of(props.desk);
  return (
    <Modal title={props.title} close={close}>
      <p>{props.body}</p>
      <p class="answers">
        <button type="button" class="btn" onClick={close}>
          {say("cancel")}
        </button>
        <button type="button" class="btn go" onClick={props.act}>
          {props.yes}
        </button>
      </p>
    </Modal>
  );
}

function Give({ s, desk, live }: ViewProps & { live: Live }) {
  const say = say_of(s);
  const close = close_of(desk);
  const others = live.round.watchers.filter((watcher) => !watcher.mine);
  return (
    <Modal title={say("give_title")} close={close}>
      <p>{say(others.length > 0 ? "give_body" : "give_none")}</p>
      <ul class="choices">
        {others.map((watcher) => (
          <li key={watcher.id}>
            <span>
              {watcher.name}
              {watcher.name === s.account?.name && <small class="mute">{say("same_account")}</small>}
            </span>
            <button type="button" class="btn hot" onClick={() => void desk.confirmed("lease.give", { to: watcher.id })}>
              {say("give_to", { name: watcher.name })}
            </button>
          </li>
        ))}
      </ul>
      <p class="answers">
        <button type="button" class="btn" onClick={close}>
          {say("close_dialog")}
        </button>
      </p>
    </Modal>
  );
}

function PersonDialog({ s, desk, dialog }: ViewProps & { dialog: Extract<Dialog, { is: "person" }> }) {
  const say = say_of(s);
  const close = close_of(desk);
  const [name, set_name] = useState(dialog.name);
  const [is_sure, set_sure] = useState(false);
  const typed = name.trim();
  const is_fine = typed !== "" && characters(typed) <= NAME_CHARS_MAX && typed !== dialog.name;
  const is_host = s.live?.round.lease.mine ?? false;
  const rename = (event: Event): void => {
    event.preventDefault();
    if (is_fine) void desk.confirmed("participant.rename", { participant: dialog.participant, name: typed });
  };
  return (
    <Modal title={say("person_title", { name: person_name(dialog.name, dialog.participant, say) })} close={close}>
      <p class="mute">
        {say("col_number")} {person_number(dialog.participant)}
        {dialog.community && ` · ${dialog.community}`}
        {dialog.points !== null && ` · ${say("points_n", { n: dialog.points })}`}
      </p>
      {dialog.removed || !is_host ? (
        <p>{say(dialog.removed ? "person_removed" : "fault_lease_needed")}</p>
      ) : (
        <>
          <form class="field inline" onSubmit={rename}>
            <label for="rename">{say("person_rename")}</label>
            <input id="rename" type="text" value={name} aria-describedby="rename-hint" onInput={(event) => set_name(event.currentTarget.value)} />
            <button class="btn" disabled={!is_fine}>
              {say("person_save")}
            </button>
            <small id="rename-hint" class="mute">
              {say("person_rename_hint")}
            </small>
          </form>
          <div class="grave">
            <p class="mute">{say("person_remove_hint")}</p>
            {is_sure ? (
              <button type="button" class="btn go" onClick={() => void desk.confirmed("participant.remove", { participant: dialog.participant })}>
                {say("person_sure")}
              </button>
            ) : (
              <button type="button" class="btn danger" onClick={() => set_sure(true)}>
                {say("person_remove")}
              </button>
            )}
          </div>
        </>
      )}
      <p class="answers">
        <button type="button" class="btn" onClick={close}>
          {say("close_dialog")}
        </button>
      </p>
    </Modal>
  );
}
