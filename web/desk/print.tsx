/* A sheet to print: one card with QR code, code and link for the whole round and for each community. */
import { useEffect } from "preact/hooks";
import { qr_name } from "./invite";
import { code_spaced } from "./numbers";
import { QrCode, say_of, StateLine, type ViewProps } from "./parts";

export function PrintSheet({ s, desk }: ViewProps) {
  const say = say_of(s);
  const { live } = s;
  const round = live?.round.round;
  useEffect(() => {
    if (round !== undefined) void desk.qr_all();
  }, [round]);
  if (!live) return <StateLine shape="wait" text={say("loading")} />;
  const sorted = [...live.qrs].sort((a, b) => a.community - b.community);
  return (
    <>
      <StateLine shape="todo" text={say("print")}>
        <button type="button" class="btn" onClick={() => desk.go({ at: "round", round: live.round.round })}>
          {say("print_back")}
        </button>
        <button type="button" class="btn go" onClick={() => window.print()}>
          {say("print_now")}
        </button>
      </StateLine>
      <main class="page print">
        <ul class="cards">
          {sorted.map((qr) => (
            <li key={qr.community}>
              <p class="unit">{live.round.unit}</p>
              <h2>{say("print_scan", { title: live.round.title })}</h2>
              <QrCode svg={qr.svg} label={say("qr_of", { name: qr_name(live, qr.community, say("invite_all")) })} />
              <p class="community">{qr_name(live, qr.community, say("invite_all"))}</p>
              <p>
                {say("code")} <b>{code_spaced(live.round.code)}</b>
              </p>
              <p class="address">{qr.url}</p>
            </li>
          ))}
        </ul>
      </main>
    </>
  );
}
