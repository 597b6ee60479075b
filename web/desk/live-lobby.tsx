/* Before the first question: how people come in, large, and how many are here. */
import { grouped } from "../shared/text";
import type { LiveProps } from "./live";
import { code_spaced } from "./numbers";
import { QrCode, say_of } from "./parts";

export function Lobby({ s, desk, live }: LiveProps) {
  const say = say_of(s);
  const { round } = live;
  const qr = live.qrs.find((one) => one.community === -1);
  return (
    <article class="lobby">
      <h1>{round.title}</h1>
      <p class="mute">{round.unit}</p>
      <div class="entry">
        {qr && <QrCode svg={qr.svg} label={say("qr_of", { name: round.title })} />}
        <div>
          <p class="mute">{say("code")}</p>
          <p class="bigcode">{code_spaced(round.code)}</p>
          {qr && (
            <p class="address">
              <span class="mute">{say("open_address")}</span> {qr.url}
            </p>
          )}
          <p class="count">
            {round.people === 0 ? say("lobby_count_none") : say("lobby_count", { n: grouped(round.people) })}
          </p>
          <button type="button" class="btn" onClick={() => desk.dispatch({ type: "dialog", dialog: { is: "invite" } })}>
            {say("invite")}
          </button>
        </div>
      </div>
    </article>
  );
}
