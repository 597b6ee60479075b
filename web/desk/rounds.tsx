/* The list of rounds, newest first, and what to do where there is none. */
import { grouped } from "../shared/text";
import { code_spaced, day_and_minute } from "./numbers";
import { PhaseWord, say_of, StateLine, type ViewProps } from "./parts";
import type { RoundRow } from "./wire";

export function Rounds({ s, desk }: ViewProps) {
  const say = say_of(s);
  const rounds = s.rounds;
  if (rounds === null) return <StateLine shape={s.link === "lost" ? "back" : "wait"} text={say(s.link === "lost" ? "status_lost" : "loading")} />;
  const running = rounds.filter((round) => round.phase !== "ended").length;
  const fresh = (
    <button type="button" class="btn go" onClick={() => desk.go({ at: "new" })}>
      {say("rounds_new")}
    </button>
  );
  if (rounds.length === 0) {
    return (
      <>
        <StateLine shape="todo" text={say("rounds_status_none")} />
        <main class="page">
          <section class="empty">
            <h1>{say("rounds_empty_title")}</h1>
            <p>{say("rounds_empty_body")}</p>
            {fresh}
          </section>
        </main>
      </>
    );
  }
  return (
    <>
      <StateLine
        shape={s.link === "lost" ? "back" : running > 0 ? "work" : "ok"}
        text={s.link === "lost" ? say("status_lost") : say("rounds_status", { n: rounds.length, running })}
      >
        {fresh}
      </StateLine>
      <main class="page">
        <div class="sheet">
          <table class="tab rounds">
            <thead>
              <tr>
                <th>{say("col_round")}</th>
                <th>{say("col_phase")}</th>
                <th>{say("col_code")}</th>
                <th class="n">{say("n_people")}</th>
                <th class="n">{say("col_progress")}</th>
                <th class="gap">{say("col_made")}</th>
                <th aria-label={say("open")} />
              </tr>
            </thead>
            <tbody>
              {rounds.map((round) => (
                <Row key={round.round} round={round} s={s} desk={desk} />
              ))}
            </tbody>
          </table>
        </div>
      </main>
    </>
  );
}

function Row({ round, s, desk }: ViewProps & { round: RoundRow }) {
  const say = say_of(s);
  const title = round.title || say("untitled");
  const is_over = round.phase === "ended";
  return (
    <tr class={is_over ? "past" : ""}>
      <td class="title">
        <b>{title}</b>
      </td>
      <td>
        <PhaseWord phase={round.phase} say={say} />
      </td>
      <td class="code">
        <span class="cell">{say("col_code")}</span>
        {code_spaced(round.code)}
      </td>
      <td class="n">
        {grouped(round.people)}
        <span class="cell after">{say("n_people")}</span>
      </td>
      <td class="n">{say("progress", { n: round.asking, of: round.askings })}</td>
      <td class="gap mute">{day_and_minute(round.created_ms, s.language)}</td>
      <td class="n act">
        <button
          type="button"
          class={`btn ${is_over ? "" : "hot"}`}
          aria-label={say(is_over ? "round_look_of" : "round_drive_of", { title })}
          onClick={() => desk.go({ at: "round", round: round.round })}
        >
          {say(is_over ? "round_look" : "round_drive")}
        </button>
      </td>
    </tr>
  );
}
