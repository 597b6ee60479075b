/* The frame of every page: head, what went wrong, the page itself, health at the bottom. Chooses the page by the state. */
import { useEffect } from "preact/hooks";
import { Banks } from "./banks";
import { Compose } from "./compose";
import { hash_of } from "./commands";
import { Dialogs } from "./dialogs";
import { HealthLine } from "./health";
import { Live } from "./live";
import { Mark, say_of, StateLine, type ViewProps } from "./parts";
import { PrintSheet } from "./print";
import { Rounds } from "./rounds";
import { fault_text } from "./say";
import { SignPage } from "./sign";
import type { Route } from "./state";
import type { Word } from "./words";

const NAV: { word: Word; route: Route; at: Route["at"][] }[] = [
  { word: "nav_rounds", route: { at: "rounds" }, at: ["rounds", "round", "new", "print"] },
  { word: "nav_banks", route: { at: "banks", bank: null }, at: ["banks"] },
];

export function App({ desk }: { desk: ViewProps["desk"] }) {
  const s = desk.state.value;
  const say = say_of(s);
  useEffect(() => {
    document.documentElement.lang = s.language === "zh" ? "zh-Hans" : "en";
  }, [s.language]);
  const title = s.live ? `${s.live.round.title} · ${say("house")}` : say("page_title");
  useEffect(() => {
    document.title = title;
  }, [title]);
  const is_live = s.account != null && s.route.at === "round";
  return (
    <div class={`desk ${is_live ? "is-live" : ""} ${s.route.at === "print" ? "is-print" : ""}`}>
      <Head s={s} desk={desk} />
      <FaultLine s={s} desk={desk} />
      {s.account === undefined ? (
        <StateLine shape={s.fault ? "back" : "wait"} text={say("status_connecting")} />
      ) : s.account === null ? (
        <SignPage s={s} desk={desk} />
      ) : (
        <>
          <Page s={s} desk={desk} />
          <HealthLine s={s} />
        </>
      )}
      <Dialogs s={s} desk={desk} />
    </div>
  );
}

function Page(props: ViewProps) {
  switch (props.s.route.at) {
    case "rounds":
      return <Rounds {...props} />;
    case "banks":
      return <Banks {...props} />;
    case "new":
      return <Compose {...props} />;
    case "round":
      return <Live {...props} />;
    case "print":
      return <PrintSheet {...props} />;
  }
}

function Head({ s, desk }: ViewProps) {
  const say = say_of(s);
  const role = s.account?.role;
  const role_word: Word | null =
    role === "organizer" || role === "host" || role === "administrator" ? `role_${role}` : null;
  return (
    <header class="head">
      <b>{say("house")}</b>
      {s.account ? (
        <nav aria-label={say("nav")}>
          {NAV.map((item) => (
            <a key={item.word} href={hash_of(item.route)} aria-current={item.at.includes(s.route.at) ? "page" : undefined}>
              {say(item.word)}
            </a>
          ))}
        </nav>
      ) : (
        <span class="fill" />
      )}
      {s.account && (
        <span class="who">
          {s.account.name}
          {role_word && <small>{say(role_word)}</small>}
        </span>
      )}
      <button type="button" lang={s.language === "zh" ? "en" : "zh-Hans"} onClick={() => desk.language(s.language === "zh" ? "en" : "zh")}>
        {say("other_language")}
      </button>
      {s.account && (
        <button type="button" onClick={() => void desk.sign_out()}>
          {say("sign_out")}
        </button>
      )}
    </header>
  );
}

function FaultLine({ s, desk }: ViewProps) {
  const say = say_of(s);
  return (
    <div class="fault" role="alert">
      {s.fault && (
        <p class="back">
          <Mark shape="back" />
          <span>{fault_text(s.fault, s.language)}</span>
          <button type="button" class="btn small" onClick={() => desk.dispatch({ type: "fault", fault: null })}>
            {say("dismiss")}
          </button>
        </p>
      )}
    </div>
  );
}
