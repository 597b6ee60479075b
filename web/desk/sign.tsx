/* Signing in, and making the first account from the one-time link. What is typed stays in these forms. */
import { useEffect, useState } from "preact/hooks";
import { ACCOUNT_CHARS_MAX, fault_text, password_rules } from "./say";
import { Mark, say_of, type ViewProps } from "./parts";

export function SignPage(props: ViewProps) {
  const { s } = props;
  return <main class="sign">{s.first_token !== null ? <FirstForm {...props} token={s.first_token} /> : <SignForm {...props} />}</main>;
}

/* One function for all renderings, so that it runs once, when the field appears. */
function focus_at_first(node: HTMLInputElement | null): void {
  node?.focus();
}

function Typed(props: {
  id: string;
  label: string;
  hint?: string;
  type: "text" | "password";
  value: string;
  complete: "username" | "current-password" | "new-password";
  set: (value: string) => void;
  focus?: boolean;
}) {
  return (
    <p class="field">
      <label for={props.id}>{props.label}</label>
      <input
        id={props.id}
        {...(props.type === "password" ? { type: "password" as const } : { type: "text" as const })}
        value={props.value}
        autocomplete={props.complete}
        autocapitalize="off"
        spellcheck={false}
        aria-describedby={props.hint ? `${props.id}-hint` : undefined}
        ref={props.focus ? focus_at_first : null}
        onInput={(event) => props.set(event.currentTarget.value)}
      />
      {props.hint && (
        <small id={`${props.id}-hint`} class="mute">
          {props.hint}
        </small>
      )}
    </p>
  );
}

/* Seconds until signing in may be tried again, counted down on this page. */
function useWait(until_ms: number): number {
  const [now, set_now] = useState(performance.now());
  useEffect(() => {
    if (until_ms <= performance.now()) return;
    const timer = window.setInterval(() => set_now(performance.now()), 500);
    return () => window.clearInterval(timer);
  }, [until_ms]);
  return Math.max(0, Math.ceil((until_ms - Math.max(now, performance.now())) / 1000));
}

function Fault({ s, wait }: { s: ViewProps["s"]; wait: number }) {
  const say = say_of(s);
  if (!s.sign_fault) return null;
  const text =
    s.sign_fault.error === "wait"
      ? wait > 0
        ? say("fault_wait", { n: wait })
        : say("fault_wait_over")
      : fault_text(s.sign_fault, s.language);
  return (
    <p class="said back" role="alert">
      <Mark shape="back" />
      {text}
    </p>
  );
}

function SignForm({ s, desk }: ViewProps) {
  const say = say_of(s);
  const [name, set_name] = useState("");
  const [password, set_password] = useState("");
  const wait = useWait(s.wait_until_ms);
  const is_busy = s.pending.includes("sign");
  const submit = (event: Event): void => {
    event.preventDefault();
    if (!is_busy && wait === 0) void desk.sign_in(name, password);
  };
  return (
    <form class="card" onSubmit={submit}>
      <h1>{say("sign_title")}</h1>
      <p class="mute">{say(s.first ? "sign_closed" : "sign_body")}</p>
      <Typed id="name" label={say("account_name")} type="text" value={name} complete="username" set={set_name} focus />
      <Typed
        id="password"
        label={say("password")}
        type="password"
        value={password}
        complete="current-password"
        set={set_password}
      />
      <Fault s={s} wait={wait} />
      <button class="btn go wide" disabled={is_busy || wait > 0 || name === "" || password === ""}>
        {say(is_busy ? "signing" : "sign_go")}
      </button>
    </form>
  );
}

function FirstForm({ s, desk, token }: ViewProps & { token: string }) {
  const say = say_of(s);
  const [name, set_name] = useState("");
  const [password, set_password] = useState("");
  const [again, set_again] = useState("");
  const [is_shown, set_shown] = useState(false);
  const rules = password_rules(name, password, again);
  const is_ready = rules.every((rule) => rule.is_met);
  const is_busy = s.pending.includes("sign");
  const type = is_shown ? "text" : "password";
  const submit = (event: Event): void => {
    event.preventDefault();
    if (is_ready && !is_busy) void desk.first(token, name.trim(), password);
  };
  return (
    <form class="card" onSubmit={submit}>
      <h1>{say("first_title")}</h1>
      <p class="mute">{say("first_body")}</p>
      <Typed
        id="name"
        label={say("account_name")}
        hint={say("account_name_hint", { n: ACCOUNT_CHARS_MAX })}
        type="text"
        value={name}
        complete="username"
        set={set_name}
        focus
      />
      <Typed
        id="password"
        label={say("password")}
        hint={say("password_hint")}
        type={type}
        value={password}
        complete="new-password"
        set={set_password}
      />
      <Typed id="again" label={say("password_again")} type={type} value={again} complete="new-password" set={set_again} />
      <label class="tick">
        <input type="checkbox" checked={is_shown} onChange={(event) => set_shown(event.currentTarget.checked)} />
        {say("password_show")}
      </label>
      <ul class="rules">
        {rules.map((rule) => (
          <li key={rule.word} class={rule.is_met ? "ok" : ""}>
            <Mark shape={rule.is_met ? "ok" : "todo"} />
            {say(rule.word)}
          </li>
        ))}
      </ul>
      <Fault s={s} wait={0} />
      <button class="btn go wide" disabled={!is_ready || is_busy}>
        {say(is_busy ? "signing" : "first_go")}
      </button>
    </form>
  );
}
