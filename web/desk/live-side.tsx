/* The right column of a running round: numbers, the tables' tabs, what the screens show, who is the host. */
import { grouped } from "../shared/text";
import { scene_why, wall_of } from "./deck";
import type { LiveProps } from "./live";
import { Communities, Leaderboard, People } from "./live-tables";
import { say_of, Segment, Tabs } from "./parts";
import type { Tab } from "./state";
import type { Scene } from "./wire";

export function Side(props: LiveProps) {
  const { s, desk, live } = props;
  const say = say_of(s);
  const { round } = live;
  const tabs: Tab[] = round.rules.communities.length > 0 ? ["communities", "board", "people"] : ["board", "people"];
  return (
    <section class="side" aria-label={say("tabs")}>
      <Numbers {...props} />
      <Tabs
        label={say("tabs")}
        choices={tabs.map((name) => ({ value: name, label: say(`tab_${name}`) }))}
        value={live.tab}
        panel="panel"
        pick={(name) => desk.tab(name)}
      />
      <div id="panel" role="tabpanel" aria-label={say(`tab_${live.tab}`)} tabIndex={0}>
        {live.tab === "communities" ? <Communities {...props} /> : live.tab === "board" ? <Leaderboard {...props} /> : <People {...props} />}
      </div>
      <Wall {...props} />
      <Host {...props} />
    </section>
  );
}

function Numbers({ s, live }: LiveProps) {
  const say = say_of(s);
  const { round } = live;
  const question = round.questions.find((one) => one.asking === round.asking);
  const cells: [number, string][] =
    round.asking === 0
      ? [
          [round.connected, say("n_connected")],
          [round.people, say("n_people")],
        ]
      : [
          [round.connected, say("n_connected")],
          [round.answered, say("n_answered")],
        ];
  /* in a knockout those connected are not those who may answer */
  if (round.asking > 0 && round.rules.scoring !== "knockout") cells.push([Math.max(0, round.connected - round.answered), say("n_unanswered")]);
  if (round.asking > 0 && question?.kind !== "poll") cells.push([round.right, say("n_right")]);
  return (
    <div class="nums">
      {cells.map(([value, label]) => (
        <p key={label}>
          <b>{grouped(value)}</b>
          {label}
        </p>
      ))}
    </div>
  );
}

function Wall({ s, desk, live, left }: LiveProps) {
  const say = say_of(s);
  const { round } = live;
  const wall = wall_of(round, left);
  const why = scene_why(round, s.link === "up");
  const choices: { value: Scene; label: string }[] = [
    { value: "question", label: say("scene_question") },
    { value: "leaderboard", label: say("scene_leaderboard") },
  ];
  return (
    <div class="wall">
      <div>
        <h2>{say("wall")}</h2>
        <p>{say(wall.now.word, wall.now.values)}</p>
        {wall.then && <p class="mute note">{say(wall.then.word, wall.then.values)}</p>}
      </div>
      {round.phase !== "lobby" && (
        <Segment
          label={say("scene")}
          choices={choices}
          value={round.phase === "revealed" ? round.scene : null}
          why={why && say(why.word, why.values)}
          pick={(show) => void desk.act("round.scene", { show })}
          refuse={() => why && desk.explain(why)}
        />
      )}
    </div>
  );
}

function Host({ s, desk, live }: LiveProps) {
  const say = say_of(s);
  const { lease, watchers } = live.round;
  const others = watchers.filter((watcher) => !watcher.mine).length;
  return (
    <div class="host">
      <p class="who">
        {lease.mine ? say("host_is_you") : lease.holder === null ? say("host_none") : say("host_is", { name: lease.holder })}
        {others > 0 && <span class="mute">{` · ${say("watchers_n", { n: others })}`}</span>}
      </p>
      {lease.mine && (
        <button type="button" class="btn small" onClick={() => desk.dispatch({ type: "dialog", dialog: { is: "give" } })}>
          {say("give")}
        </button>
      )}
      <button type="button" class="btn small" onClick={() => desk.dispatch({ type: "dialog", dialog: { is: "invite" } })}>
        {say("invite")}
      </button>
    </div>
  );
}
