/* Which page a state is: a function of the state, the words and the verbs that taps send up. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Language } from "../shared/verdicts";
import { Phrases } from "../shared/view";
import { Asking, Lobby, Recorded } from "./asking";
import { Ended, Receipts, Review } from "./end";
import { CodePage, Entering, JoinPage, StopPage } from "./enter";
import { FootLine, Head, StatusLine } from "./frame";
import { Reveal, Voided } from "./reveal";
import type { Live, PlayState } from "./state";
import type { Verdict } from "../shared/frames";
import { foot_of, left_of, status_of } from "./status";
import type { Status } from "./status";
import type { Words } from "./words";

export interface Verbs {
  enter: (code: string) => void;
  other_code: () => void;
  join: (name: string, community: number) => void;
  refuse: (verdict: Verdict | "name_missing") => void;
  choose: (option: number) => void;
  submit: () => void;
  again: () => void;
  reload: () => void;
  page: (page: PlayState["page"]) => void;
  stay: () => void;
  leave: () => void;
}

interface AppProps {
  state: PlayState;
  words: Words;
  language: Language;
  asked_community: number;
  community: string;
  is_leaving: boolean;
  verbs: Verbs;
}

export function App(props: AppProps) {
  const { state, words, language, is_leaving, verbs } = props;
  const live = state.live;
  const title = live !== null ? live.title : state.round !== null ? state.round.title : words.product;
  const is_asking = live !== null && (live.phase === "open" || live.phase === "closed") && state.stopped === null;
  return (
    <div class={is_asking ? "page asking" : "page"}>
      <Head title={title} words={words} />
      <StatusLine status={shown_status(state, words, language)} left={live !== null && state.stopped === null ? left_of(live, state.now_ms) : null} words={words} />
      <Body {...props} />
      {is_leaving && <LeaveDialog words={words} stay={verbs.stay} leave={verbs.leave} />}
    </div>
  );
}

function shown_status(state: PlayState, words: Words, language: Language): Status {
  if (state.has_left || state.stopped !== null) return { shape: "shut", text: words.stopped };
  const live = state.live;
  if (live !== null && live.phase === "ended" && state.page === "review") return { shape: "book", text: words.review_state(state.seen.length) };
  if (live !== null && live.phase === "ended" && state.page === "receipts") {
    return { shape: "done", text: words.receipts_state(state.seen.filter((seen) => seen.answer !== null).length) };
  }
  return status_of(state, words, language);
}

function Body({ state, words, language, asked_community, community, verbs }: AppProps) {
  const live = state.live;
  if (state.has_left) return <Left words={words} again={verbs.again} />;
  if (state.stopped !== null) {
    return <StopPage verdict={state.stopped} words={words} language={language} again={verbs.again} other_code={verbs.other_code} reload={verbs.reload} />;
  }
  if (live !== null && live.phase === "ended") {
    const Page = state.page === "review" ? Review : state.page === "receipts" ? Receipts : Ended;
    return <Page state={state} live={live} words={words} go={verbs.page} />;
  }
  if (live !== null) {
    return (
      <>
        <LiveMain state={state} live={live} community={community} words={words} verbs={verbs} />
        <FootLine foot={foot_of(state, live, words, language)} words={words} is_asking={live.phase === "open"} press={verbs.submit} />
      </>
    );
  }
  if (state.code === "") return <CodePage words={words} enter={verbs.enter} />;
  if (state.round === null) return <Entering words={words} />;
  return <JoinPage round={state.round} state={state} asked_community={asked_community} words={words} join={verbs.join} refuse={verbs.refuse} />;
}

function LiveMain({ state, live, community, words, verbs }: { state: PlayState; live: Live; community: string; words: Words; verbs: Verbs }) {
  if (live.is_voided && live.phase !== "lobby") return <Voided live={live} words={words} />;
  switch (live.phase) {
    case "lobby":
      return <Lobby live={live} community={live.community >= 0 ? community : ""} words={words} />;
    case "open":
    case "closed":
      if (live.answer !== null) return <Recorded live={live} words={words} />;
      return <Asking live={live} now_ms={state.now_ms} words={words} choose={verbs.choose} />;
    case "revealed":
      return <Reveal live={live} words={words} />;
    case "ended":
      return null;
  }
}

function Left({ words, again }: { words: Words; again: () => void }) {
  return (
    <>
      <main class="stop">
        <h1>
          <Phrases text={words.left_page} />
        </h1>
        <p class="where">{words.leave_why}</p>
      </main>
      <footer class="foot">
        <p />
        <button type="button" class="go" onClick={again}>
          {words.come_back}
        </button>
      </footer>
    </>
  );
}

function LeaveDialog({ words, stay, leave }: { words: Words; stay: () => void; leave: () => void }) {
  const first = useRef<HTMLButtonElement>(null);
  const second = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (first.current) first.current.focus();
  }, []);
  const trap = (event: KeyboardEvent) => {
    if (event.key === "Escape") stay();
    if (event.key !== "Tab" && event.key.indexOf("Arrow") !== 0) return;
    event.preventDefault();
    const other = document.activeElement === first.current ? second.current : first.current;
    if (other) other.focus();
  };
  return (
    <div class="veil" onKeyDown={trap}>
      <div class="dialog" role="dialog" aria-modal="true" aria-labelledby="leave-title" aria-describedby="leave-why">
        <h2 id="leave-title">{words.leave_title}</h2>
        <p id="leave-why" class="where">
          <Phrases text={words.leave_why} />
        </p>
        <button type="button" class="go" ref={first} onClick={stay}>
          {words.leave_stay}
        </button>
        <button type="button" class="go plain" ref={second} onClick={leave}>
          {words.leave_go}
        </button>
      </div>
    </div>
  );
}
