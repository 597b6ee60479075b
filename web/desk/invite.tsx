/* How people come in: a QR code and a link for everybody and for each community. */
import { useEffect, useRef, useState } from "preact/hooks";
import { code_spaced } from "./numbers";
import { Modal, QrCode, say_of, type ViewProps } from "./parts";
import type { Live } from "./state";

export function qr_name(live: Live, community: number, all: string): string {
  return community < 0 ? all : (live.round.rules.communities[community] ?? "");
}

export function Invite({ s, desk, live }: ViewProps & { live: Live }) {
  const say = say_of(s);
  const [at, set_at] = useState(-1);
  useEffect(() => void desk.qr_all(), []);
  const close = (): void => desk.dispatch({ type: "dialog", dialog: null });
  const { communities } = live.round.rules;
  const qr = live.qrs.find((one) => one.community === at);
  const name = qr_name(live, at, say("invite_all"));
  return (
    <Modal title={say("invite")} close={close} wide>
      {communities.length > 0 && <p class="mute">{say("invite_more")}</p>}
      <div class="invite">
        {communities.length > 0 && (
          <ul class="picks" aria-label={say("communities")}>
            {[-1, ...communities.keys()].map((community) => (
              <li key={community}>
                <button type="button" aria-pressed={community === at ? "true" : "false"} onClick={() => set_at(community)}>
                  {qr_name(live, community, say("invite_all"))}
                </button>
              </li>
            ))}
          </ul>
        )}
        <div class="card-qr">
          {qr ? <QrCode svg={qr.svg} label={say("qr_of", { name })} /> : <p class="mute">{say("loading")}</p>}
          <p>
            <b>{name}</b> · {say("code")} <b>{code_spaced(live.round.code)}</b>
          </p>
          {qr && <CopyLink key={qr.url} url={qr.url} s={s} />}
        </div>
      </div>
      <p class="answers">
        <button type="button" class="btn" onClick={close}>
          {say("close_dialog")}
        </button>
        <button type="button" class="btn hot" onClick={() => desk.go({ at: "print", round: live.round.round })}>
          {say("print")}
        </button>
      </p>
    </Modal>
  );
}

function CopyLink({ url, s }: { url: string; s: ViewProps["s"] }) {
  const say = say_of(s);
  const [done, set_done] = useState<"" | "copied" | "copy_failed">("");
  const input = useRef<HTMLInputElement>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(url);
      set_done("copied");
    } catch {
      input.current?.select();
      set_done("copy_failed");
    }
  };
  return (
    <p class="copy">
      <input ref={input} type="text" readOnly value={url} aria-label={say("invite")} />
      <button type="button" class="btn" onClick={() => void copy()}>
        {say(done === "copied" ? "copied" : "copy")}
      </button>
      <small role="status">{done === "copy_failed" ? say("copy_failed") : ""}</small>
    </p>
  );
}
