/* The tables of a round: communities, leaderboard, participants, a page at a time. What can be done about one person is
 * a dialog (dialogs.tsx). */
import { useEffect, useState } from "preact/hooks";
import { grouped, tenths } from "../shared/text";
import type { LiveProps } from "./live";
import { mean_points } from "./numbers";
import { Pager, say_of, Tag } from "./parts";
import { number_text, person_name, person_number } from "./say";
import { community_name, PAGE_ROWS } from "./state";
import type { BoardRow } from "./wire";

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
        {row.name !== "" && <small class="mute no">{say("number_n", { n: number_text(row.participant) })}</small>}
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

export function People({ s, desk, live }: LiveProps) {
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
                  <td>{person_number(person.participant)}</td>
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
