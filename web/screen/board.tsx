/* The wall's leaderboards: people, communities, the podium. Six rows a page; the first three ranks have filled seals. */
import { grouped, tenths } from "../shared/text";
import type { CommunityRow, Leaderboard, LeaderboardRow } from "../shared/frames";
import { podium_rows, ROWS_A_PAGE } from "./state";
import type { BoardPage } from "./state";
import type { Words } from "./words";

export function Board({ board, page, words }: { board: Leaderboard; page: BoardPage; words: Words }) {
  if (page.of === "podium") return <Podium rows={podium_rows(board)} words={words} />;
  return (
    <main class="board" key={`${page.of} ${page.from}`}>
      {page.of === "people"
        ? board.rows.slice(page.from, page.from + ROWS_A_PAGE).map((row, index) => <Person key={index} row={row} words={words} />)
        : board.communities.slice(page.from, page.from + ROWS_A_PAGE).map((row, index) => <Community key={index} row={row} words={words} />)}
    </main>
  );
}

function Person({ row, words }: { row: LeaderboardRow; words: Words }) {
  return (
    <div class={row.rank <= 3 ? "rank top" : "rank"}>
      <i class="seal">{row.rank}</i>
      <span class="name">{row.name}</span>
      <span class="from">{row.community}</span>
      <span class="secs">{row.ms > 0 && `${tenths(row.ms)} ${words.seconds}`}</span>
      <span class="pts">
        {grouped(row.points)}
        <em>{words.points}</em>
      </span>
    </div>
  );
}

function Community({ row, words }: { row: CommunityRow; words: Words }) {
  return (
    <div class={row.rank <= 3 ? "rank top" : "rank"}>
      <i class="seal">{row.rank}</i>
      <span class="name wide">{row.name}</span>
      <span class="from">{words.people(row.people)}</span>
      <span class="pts">
        {`${grouped(Math.floor(row.mean / 10))}.${row.mean % 10}`}
        <em>{words.mean}</em>
      </span>
    </div>
  );
}

/* Second, first, third from the left, as on a real one; the seals carry the ranks, so ties show. */
function Podium({ rows, words }: { rows: LeaderboardRow[]; words: Words }) {
  const places = [rows[1], rows[0], rows[2]];
  const steps = ["second", "first", "third"];
  return (
    <main class="podium">
      {places.map((row, index) => (
        <div key={index} class={`step ${steps[index]}`}>
          {row !== undefined && (
            <>
              <b class="name">{row.name}</b>
              <span class="from">{row.community}</span>
              <div class="block">
                <i class="seal">{row.rank}</i>
                <span class="pts">
                  {grouped(row.points)}
                  <em>{words.points}</em>
                </span>
                <span class="secs">
                  {tenths(row.ms)} {words.seconds}
                </span>
              </div>
            </>
          )}
        </div>
      ))}
    </main>
  );
}
