/* The right column of a running round: numbers, leaderboards and participants, what the screens show, who is the host. */
import { useEffect, useState } from "preact/hooks";
import { grouped, tenths } from "../shared/text";
import { wall_of } from "./deck";
import type { LiveProps } from "./live";
import { mean_points } from "./numbers";
import { Pager, say_of, Segment, Tabs, Tag } from "./parts";
import { person_name } from "./say";
import { community_name, PAGE_ROWS, type Tab } from "./state";
import type { BoardRow, Scene } from "./wire";

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
          [Math.max(0, round.connected - round.answered), say("n_unanswered")],
        ];
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

function BoardNote({ s, live }: LiveProps) {
  const say = say_of(s);
  const scored = live.board?.asking ?? 0;
  return scored > 0 && live.round.phase !== "ended" ? <p class="mute note">{say("board_note", { n: scored })}</p> : null;
}

export function Communities(props: LiveProps) {
  const { s, live } = props;
  const say = say_of(s);
  const rows = live.communities ?? [];
  if (live.round.rules.communities.length === 0) return <p class="mute note">{say("communities_none")}</p>;
  if ((live.board?.asking ?? 0) === 0 || rows.length === 0) return <p class="mute note">{say("board_none")}</p>;
  return (
    <>
      <div class="rows">
        <table class="tab">
          <thead>
            <tr>
              <th>{say("col_rank")}</th>
              <th>{say("col_community")}</th>
              <th class="n">{say("col_people")}</th>
              <th class="n">{say("col_mean")}</th>
              <th class="n">{say("col_right")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <td>{row.rank}</td>
                <td>{row.name}</td>
                <td class="n">{grouped(row.people)}</td>
                <td class="n">
                  <b>{mean_points(row.mean)}</b>
                </td>
                <td class="n">{row.rights_share}%</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <BoardNote {...props} />
    </>
  );
}

/* Sends the search when the typing rests. */
function Search({ label, value, find }: { label: string; value: string; find: (search: string) => void }) {
  const [typed, set_typed] = useState(value);
  useEffect(() => {
    if (typed.trim() === value) return;
    const timer = window.setTimeout(() => find(typed.trim()), 300);
    return () => window.clearTimeout(timer);
  }, [typed]);
  return (
    <input
      class="find"
      type="search"
      value={typed}
      placeholder={label}
      aria-label={label}
      onInput={(event) => set_typed(event.currentTarget.value)}
    />
  );
}

export function Leaderboard(props: LiveProps & { rows?: number }) {
  const { s, desk, live } = props;
  const say = say_of(s);
  const { board, board_page } = live;
  const per_page = props.rows ?? PAGE_ROWS;
  if (!board || board.asking === 0) return <p class="mute note">{say("board_none")}</p>;
  return (
    <>
      <Search label={say("search_name")} value={board_page.search} find={(search) => desk.board_page({ from: 0, search })} />
      {board.rows.length === 0 ? (
        <p class="mute note">{say("found_none", { search: board_page.search })}</p>
      ) : (
        <table class="tab people">
          <thead>
            <tr>
              <th>{say("col_rank")}</th>
              <th>{say("col_name")}</th>
              <th class="n">{say("col_points")}</th>
              <th class="n">{say("col_time")}</th>
              <th aria-label={say("manage")} />
            </tr>
          </thead>
          <tbody>
            {board.rows.map((row) => (
              <BoardLine key={row.participant} {...props} row={row} />
            ))}
          </tbody>
        </table>
      )}
      <Pager
        say={say}
        from={board_page.from}
        shown={board.rows.length}
        of={board.of}
        rows={per_page}
        turn={(from) => desk.board_page({ ...board_page, from })}
      />
      <BoardNote {...props} />
    </>
  );
}

function BoardLine({ s, desk, live, row }: LiveProps & { row: BoardRow }) {
  const say = say_of(s);
  const name = person_name(row.name, row.participant, say);
  const community = community_name(row.community, live.round);
  return (
    <tr class={row.removed || row.out ? "past" : ""}>
      <td>{row.rank}</td>
      <td class="who">
        {name}
        {row.out && <Tag>{say("is_out")}</Tag>}
        {row.removed && <Tag>{say("is_removed")}</Tag>}
        {community && <small class="mute">{community}</small>}
      </td>
      <td class="n">
        <b>{grouped(row.points)}</b>
      </td>
      <td class="n">{tenths(row.ms)}</td>
      <td class="n">
        {live.round.phase !== "ended" && (
          <button
            type="button"
            class="btn small"
            aria-label={say("manage_who", { name })}
            onClick={() =>
              desk.dispatch({
                type: "dialog",
                dialog: { is: "person", participant: row.participant, name: row.name, community, points: row.points, removed: row.removed },
              })
            }
          >
            {say("manage")}
          </button>
        )}
      </td>
    </tr>
  );
}

function People({ s, desk, live }: LiveProps) {
  const say = say_of(s);
  const { people_page } = live;
  const people = live.people?.rows ?? [];
  const is_searching = people_page.search !== "";
  if (people.length === 0 && !is_searching && people_page.from === 0) {
    return <p class="mute note">{say(live.people === null ? "loading" : "people_none")}</p>;
  }
  return (
    <>
      <Search label={say("search_name")} value={people_page.search} find={(search) => desk.people_page({ from: 0, search })} />
      {people.length === 0 && <p class="mute note">{say("found_none", { search: people_page.search })}</p>}
      {people.length > 0 && (
        <table class="tab people">
          <thead>
            <tr>
              <th>{say("col_number")}</th>
              <th>{say("col_name")}</th>
              <th aria-label={say("manage")} />
            </tr>
          </thead>
          <tbody>
            {people.map((person) => {
              const name = person_name(person.name, person.participant, say);
              const community = community_name(person.community, live.round);
              return (
                <tr key={person.participant} class={person.removed ? "past" : ""}>
                  <td>{person.participant}</td>
                  <td class="who">
                    {name}
                    {person.removed && <Tag>{say("is_removed")}</Tag>}
                    {community && <small class="mute">{community}</small>}
                  </td>
                  <td class="n">
                    <button
                      type="button"
                      class="btn small"
                      aria-label={say("manage_who", { name })}
                      onClick={() =>
                        desk.dispatch({
                          type: "dialog",
                          dialog: {
                            is: "person",
                            participant: person.participant,
                            name: person.name,
                            community,
                            points: null,
                            removed: person.removed,
                          },
                        })
                      }
                    >
                      {say("manage")}
                    </button>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      <Pager
        say={say}
        from={people_page.from}
        shown={people.length}
        of={live.people?.of ?? 0}
        rows={PAGE_ROWS}
        turn={(from) => desk.people_page({ ...people_page, from })}
      />
    </>
  );
}

function Wall({ s, desk, live, left }: LiveProps) {
  const say = say_of(s);
  const { round } = live;
  const wall = wall_of(round, left);
  const why = round.phase !== "revealed" ? say("why_scene") : null;
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
          why={why}
          pick={(show) => void desk.act("round.scene", { show })}
          refuse={() => desk.explain({ word: "why_scene" })}
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
