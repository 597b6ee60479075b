/* Coming in: the code, the name and community, and the cards that say why a page does not go on. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { code_digits } from "../shared/text";
import { verdict_sentence } from "../shared/verdicts";
import type { Language } from "../shared/verdicts";
import { Phrases } from "../shared/view";
import type { Round, Verdict } from "../shared/frames";
import type { PlayState } from "./state";
import type { Words } from "./words";

/* Six seals that fill as the digits come; one real field lies over them. */
export function CodePage({ words, enter }: { words: Words; enter: (code: string) => void }) {
  const [code, set_code] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (field.current) field.current.focus();
  }, []);
  return (
    <form
      class="sheet"
      onSubmit={(event) => {
        event.preventDefault();
        if (code.length === 6) enter(code);
      }}
    >
      <main class="code">
        <h1>{words.code_title}</h1>
        <p class="where">
          {words.code_where}
        </p>
        <label class="digits">
          <span class="spoken">{words.code_label}</span>
          <input
            ref={field}
            type="text"
            inputMode="numeric"
            pattern="[0-9]*"
            autoComplete="off"
            value={code}
            onInput={(event) => {
              const digits = code_digits(event.currentTarget.value);
              event.currentTarget.value = digits;
              set_code(digits);
            }}
          />
          {[0, 1, 2, 3, 4, 5].map((index) => (
            <i key={index} aria-hidden="true" class={index < code.length ? "full" : index === code.length ? "next" : ""}>
              {code[index] || ""}
            </i>
          ))}
        </label>
      </main>
      <footer class="foot">
        <p>{words.code_foot}</p>
        <button type="submit" class="go" disabled={code.length !== 6}>
          {words.code_go}
        </button>
      </footer>
    </form>
  );
}

interface JoinProps {
  round: Round;
  state: PlayState;
  asked_community: number;
  words: Words;
  join: (name: string, community: number) => void;
  refuse: (verdict: Verdict | "name_missing") => void;
}

const UNCHOSEN = -2;
const NONE_OF_THESE = -1;

export function JoinPage({ round, state, asked_community, words, join, refuse }: JoinProps) {
  const [name, set_name] = useState("");
  const [community, set_community] = useState(asked_community < round.communities.length ? asked_community : UNCHOSEN);
  const [is_picking, set_picking] = useState(false);
  if (is_picking) {
    return (
      <Picker
        communities={round.communities}
        words={words}
        pick={(picked) => {
          if (picked !== null) set_community(picked);
          set_picking(false);
        }}
      />
    );
  }
  const submit = () => {
    const typed = name.trim();
    if (round.names === "required" && typed === "") refuse("name_missing");
    else if (Array.from(typed).length > 24) refuse("bad_name");
    else if (round.communities.length > 0 && community === UNCHOSEN) refuse("bad_community");
    else join(round.names === "none" ? "" : typed, community < 0 ? -1 : community);
  };
  const is_name_wrong = state.verdict === "bad_name" || state.verdict === "name_missing";
  const community_name = community === NONE_OF_THESE ? words.community_other : round.communities[community];
  return (
    <form
      class="sheet"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <main>
        <div class="hello">
          <p>{words.join_welcome}</p>
          <h1>
            <Phrases text={words.join_title(round.title)} />
          </h1>
          <p class="where">
            {round.unit}
            <br />
            {round.people > 0 && words.join_people(round.people)}
          </p>
        </div>
        {round.communities.length > 0 && (
          <div class="field">
            <span id="community">{words.community}</span>
            <div class={state.verdict === "bad_community" ? "pair wrong" : "pair"}>
              <b>{community_name || words.community_choose}</b>
              <button type="button" aria-describedby="community" onClick={() => set_picking(true)}>
                {community_name ? words.community_change : words.community_pick}
              </button>
            </div>
          </div>
        )}
        {round.names !== "none" && (
          <label class="field">
            {round.names === "required" ? words.name_required : words.name_optional}
            <input
              type="text"
              value={name}
              autoComplete="nickname"
              enterKeyHint="go"
              class={is_name_wrong ? "wrong" : ""}
              aria-invalid={is_name_wrong}
              onInput={(event) => set_name(event.currentTarget.value)}
            />
          </label>
        )}
      </main>
      {state.is_joining ? (
        <footer class="foot rest">
          <p>
            <b>{words.joining}</b>
          </p>
        </footer>
      ) : (
        <footer class="foot">
          <p>{words.join_foot}</p>
          <button type="submit" class="go">
            {words.join_go}
          </button>
        </footer>
      )}
    </form>
  );
}

/* A list that can be searched by a part of the name. */
function Picker({ communities, words, pick }: { communities: string[]; words: Words; pick: (picked: number | null) => void }) {
  const [wanted, set_wanted] = useState("");
  const found = communities.map((text, index) => ({ text, index })).filter(({ text }) => text.indexOf(wanted.trim()) >= 0);
  return (
    <div class="sheet">
      <main>
        <h1 class="pick">{words.community_choose}</h1>
        {communities.length > 8 && (
          <label class="field">
            {words.community_search}
            <input type="search" value={wanted} autoComplete="off" onInput={(event) => set_wanted(event.currentTarget.value)} />
          </label>
        )}
        {found.length === 0 && <p class="where">{words.community_none}</p>}
        <div class="list">
          {found.map(({ text, index }) => (
            <button key={index} type="button" class="opt" onClick={() => pick(index)}>
              <span>{text}</span>
            </button>
          ))}
          <button type="button" class="opt" onClick={() => pick(NONE_OF_THESE)}>
            <span>{words.community_other}</span>
          </button>
        </div>
      </main>
      <footer class="foot">
        <p>{words.community_choose}</p>
        <button type="button" class="go plain" onClick={() => pick(null)}>
          {words.community_back}
        </button>
      </footer>
    </div>
  );
}

export function Entering({ words }: { words: Words }) {
  return (
    <>
      <main class="code">
        <div class="stamp">
          <span class="big wide pale">{words.product}</span>
        </div>
      </main>
      <footer class="foot rest">
        <p>
          <b>{words.entering}</b>
        </p>
      </footer>
    </>
  );
}

interface StopProps {
  verdict: Verdict;
  words: Words;
  language: Language;
  again: () => void;
  other_code: () => void;
  reload: () => void;
}

/* One sentence, and at most one thing to press. */
export function StopPage({ verdict, words, language, again, other_code, reload }: StopProps) {
  const action = stop_action(verdict, words, again, other_code, reload);
  return (
    <>
      <main class="stop">
        <h1>
          <Phrases text={verdict_sentence(verdict, language)} />
        </h1>
        {verdict !== "round_over" && verdict !== "bad_frame" && (
          <p>
            <button type="button" class="link" onClick={other_code}>
              {words.code_other}
            </button>
          </p>
        )}
      </main>
      {action === null ? (
        <footer class="foot rest" />
      ) : (
        <footer class="foot">
          <p />
          <button type="button" class="go" onClick={action.press}>
            {action.text}
          </button>
        </footer>
      )}
    </>
  );
}

function stop_action(verdict: Verdict, words: Words, again: () => void, other_code: () => void, reload: () => void) {
  switch (verdict) {
    case "newer_connection":
      return { text: words.here, press: again };
    case "bad_frame":
      return { text: words.reload, press: reload };
    case "round_over":
      return { text: words.code_other, press: other_code };
    case "removed":
      return null;
    default:
      return { text: words.try_again, press: again };
  }
}
