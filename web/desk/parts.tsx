/* Small pieces that every page of the desk uses: marks, buttons that say why they cannot be pressed, tabs, segments,
 * dialogs, a QR code drawn from safe parts. Each is a function of its properties. */
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { grouped, option_letter } from "../shared/text";
import type { Desk } from "./commands";
import type { Shape } from "./deck";
import type { DeskState } from "./state";
import { speaker, type Say } from "./words";
import type { Phase } from "./wire";

export interface ViewProps {
  s: DeskState;
  desk: Desk;
}

export function say_of(s: DeskState): Say {
  return speaker(s.language);
}

export function Mark({ shape }: { shape: Shape }) {
  return <i class={`mark ${shape}`} aria-hidden="true" />;
}

const PHASE_SHAPES: { [phase in Phase]: Shape } = {
  lobby: "wait",
  open: "work",
  closing: "stop",
  closed: "stop",
  revealed: "ok",
  paused: "stop",
  ended: "stop",
};

export function PhaseWord({ phase, say }: { phase: Phase; say: Say }) {
  return (
    <span class={`is ${phase === "ended" ? "mute" : ""}`}>
      <Mark shape={PHASE_SHAPES[phase]} />
      {say(`phase_${phase}`)}
    </span>
  );
}

/* The line under the head, at the same place on every page. */
export function StateLine(props: { shape: Shape; text: string; children?: ComponentChildren }) {
  return (
    <div class={`state ${props.shape === "back" ? "back" : ""}`}>
      <Mark shape={props.shape} />
      <b role="status">{props.text}</b>
      {props.children}
    </div>
  );
}

export function Seal({ index }: { index: number }) {
  return <i class="seal">{option_letter(index)}</i>;
}

export function Tag({ children }: { children: ComponentChildren }) {
  return <span class="tag">{children}</span>;
}

interface ButtonProps {
  children: ComponentChildren;
  press: () => void;
  kind?: "" | "go" | "hot" | "danger" | "quiet";
  why?: string | null; /* why it cannot be pressed; said on a press as well */
  refuse?: ((why: string) => void) | undefined;
  label?: string;
  is_on?: boolean | null;
  small?: boolean;
}

/* A button that cannot be pressed stays reachable by keyboard, so that its reason can be read and heard. */
export function Button({ children, press, kind = "", why = null, refuse, label, is_on = null, small }: ButtonProps) {
  return (
    <button
      type="button"
      class={`btn ${kind} ${small ? "small" : ""}`}
      aria-disabled={why !== null ? "true" : undefined}
      aria-label={label}
      aria-pressed={is_on === null ? undefined : is_on ? "true" : "false"}
      title={why ?? undefined}
      onClick={() => (why === null ? press() : refuse?.(why))}
    >
      {children}
    </button>
  );
}

export interface Choice<T extends string> {
  value: T;
  label: string;
}

/* Tabs by arrows, as everywhere else. `panel` is the id of what they show. */
export function Tabs<T extends string>(props: {
  label: string;
  choices: Choice<T>[];
  value: T;
  panel: string;
  pick: (value: T) => void;
}) {
  const move = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    const at = props.choices.findIndex((choice) => choice.value === props.value);
    const next = props.choices[(at + by + props.choices.length) % props.choices.length];
    if (!next) return;
    event.preventDefault();
    props.pick(next.value);
    const list = event.currentTarget as HTMLElement;
    window.requestAnimationFrame(() => list.querySelector<HTMLElement>("[aria-selected=true]")?.focus());
  };
  return (
    <div class="tabs" role="tablist" aria-label={props.label} onKeyDown={move}>
      {props.choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          role="tab"
          aria-selected={choice.value === props.value ? "true" : "false"}
          aria-controls={props.panel}
          tabIndex={choice.value === props.value ? 0 : -1}
          onClick={() => props.pick(choice.value)}
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}

/* Two or three states side by side, one of them on. */
export function Segment<T extends string>(props: {
  label: string;
  choices: Choice<T>[];
  value: T | null;
  why: string | null;
  pick: (value: T) => void;
  refuse: (why: string) => void;
}) {
  return (
    <div class="segment" role="group" aria-label={props.label}>
      {props.choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === props.value ? "true" : "false"}
          aria-disabled={props.why !== null ? "true" : undefined}
          title={props.why ?? undefined}
          onClick={() => (props.why === null ? props.pick(choice.value) : props.refuse(props.why))}
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}

/* A question in front of the page. The browser's own dialog holds the focus inside and closes on Escape. */
export function Modal(props: { title: string; close: () => void; wide?: boolean; children: ComponentChildren }) {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const node = ref.current;
    if (node && !node.open) node.showModal();
    return () => node?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      class={props.wide ? "wide" : ""}
      aria-labelledby="dialog-title"
      onCancel={(event) => {
        event.preventDefault();
        props.close();
      }}
    >
      <h2 id="dialog-title">{props.title}</h2>
      {props.children}
    </dialog>
  );
}

export function Pager(props: {
  say: Say;
  from: number;
  shown: number;
  of: number;
  rows: number;
  turn: (from: number) => void;
}) {
  const { say, from, shown, of } = props;
  const is_first = from === 0;
  const is_last = from + shown >= of;
  if (is_first && is_last) return null;
  return (
    <p class="pager">
      <button type="button" class="btn small" disabled={is_first} onClick={() => props.turn(Math.max(0, from - props.rows))}>
        {say("page_before")}
      </button>
      <span>{say("page_of", { from: from + 1, to: from + shown, of: grouped(of) })}</span>
      <button type="button" class="btn small" disabled={is_last} onClick={() => props.turn(from + props.rows)}>
        {say("page_after")}
      </button>
    </p>
  );
}

const SVG_NAMES = ["svg", "g", "path", "rect"];
const SVG_ATTRIBUTES = ["viewBox", "d", "x", "y", "width", "height", "fill", "transform", "shape-rendering"];

function safe_copy(from: Element): SVGElement | null {
  if (!SVG_NAMES.includes(from.localName)) return null;
  const made = document.createElementNS("http://www.w3.org/2000/svg", from.localName);
  for (const name of SVG_ATTRIBUTES) {
    const value = from.getAttribute(name);
    if (value !== null && !/url|javascript/i.test(value)) made.setAttribute(name, value);
  }
  for (const child of Array.from(from.children)) {
    const copy = safe_copy(child);
    if (copy) made.append(copy);
  }
  return made;
}

/* The server's SVG, copied element by element: paths and rectangles only, no styles, no scripts. */
export function QrCode({ svg, label }: { svg: string; label: string }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const parsed = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
    const copy = safe_copy(parsed);
    if (copy && !copy.hasAttribute("viewBox")) {
      const side = parseFloat(parsed.getAttribute("width") ?? "");
      if (side > 0) copy.setAttribute("viewBox", `0 0 ${side} ${side}`);
    }
    copy?.removeAttribute("width");
    copy?.removeAttribute("height");
    ref.current?.replaceChildren(...(copy ? [copy] : []));
  }, [svg]);
  return <div class="qr" role="img" aria-label={label} ref={ref} />;
}
