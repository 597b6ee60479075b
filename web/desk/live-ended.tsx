/* After the end: podium, final ranks, communities, and how many were right at each question. */
import { useEffect } from "preact/hooks";
import { grouped } from "../shared/text";
import { Bar, Phrases } from "../shared/view";
import type { LiveProps } from "./live";
import { Communities, Leaderboard } from "./live-tables";
import { say_of, Tag } from "./parts";
import { number_text, person_name } from "./say";
import { community_name, ENDED_ROWS } from "./state";

export function Ended(props: LiveProps) {
  const { s, desk, live } = props;
  const say = say_of(s);
  const { round } = live;
  useEffect(() => {
    desk.board_page({ from: 0, search: "" });
  }, [round.round]);
  return (
    <main class="page ended">
      <h1>{round.title}</h1>
      <p class="mute">
        {round.unit} · {say("ended_numbers", { people: grouped(round.people), askings: round.asking })}
      </p>
      <Podium {...props} />
      <div class="columns two">
        <section class="sheet">
          <h2>{say("final")}</h2>
          <Leaderboard {...props} rows={ENDED_ROWS} />
        </section>
        <div>
          {round.rules.communities.length > 0 && (
            <section class="sheet">
              <h2>{say("by_community")}</h2>
              <Communities {...props} />
            </section>
          )}
          <section class="sheet">
            <h2>{say("by_question")}</h2>
            <ol class="shares">
              {round.questions
                .filter((question) => question.asking <= round.asking)
                .map((question) => (
                  <li key={question.asking}>
                    <span class="at">{question.asking}</span>
                    <span class="what">
                      <Phrases text={question.text} />
                      {round.voided.includes(question.asking) && <Tag>{say("voided")}</Tag>}
                    </span>
                    {question.right_share === null ? (
                      <span class="mute n">{question.kind === "poll" ? say("poll_no_points") : "—"}</span>
                    ) : (
                      <>
                        <span class="bar">
                          <Bar share={question.right_share / 100} />
                        </span>
                        <span class="n">{question.right_share}%</span>
                      </>
                    )}
                  </li>
                ))}
            </ol>
          </section>
        </div>
      </div>
    </main>
  );
}

/* The first three ranks: more than three people where they tie, nobody without a point. Only from the list's beginning. */
function Podium({ s, live }: LiveProps) {
  const say = say_of(s);
  if (!live.board || live.board_page.from !== 0 || live.board_page.search !== "") return null;
  const first = live.board.rows.filter((row) => row.rank <= 3 && row.points > 0 && !row.removed).slice(0, 6);
  if (first.length === 0) return null;
  return (
    <ol class="podium" aria-label={say("podium")}>
      {first.map((row) => (
        <li key={row.participant} class={`rank${row.rank}`}>
          <i class="seal">{row.rank}</i>
          <b>
            {person_name(row.name, row.participant, say)}
            {row.name !== "" && <small class="mute no">{say("number_n", { n: number_text(row.participant) })}</small>}
          </b>
          <span class="mute">{community_name(row.community, live.round)}</span>
          <span>
            {say("points_n", { n: grouped(row.points) })} · {say("rights_n", { n: row.rights })}
          </span>
        </li>
      ))}
    </ol>
  );
}
