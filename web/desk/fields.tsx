/* The fields of a new round's form: a titled group, a number with its unit, a row of choices, a line of text. */
import type { ComponentChildren } from "preact";

export function Group({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <fieldset class="sheet group">
      <legend>{title}</legend>
      <div class="inside">{children}</div>
    </fieldset>
  );
}

export function NumberField(props: {
  id: string;
  label: string;
  hint: string;
  unit: string;
  value: number;
  min: number;
  max: number;
  fault: string | null;
  set: (value: number) => void;
}) {
  return (
    <p class="field number">
      <label for={props.id}>{props.label}</label>
      <span class="with-unit">
        <input
          id={props.id}
          type="number"
          inputMode="numeric"
          min={props.min}
          max={props.max}
          value={Number.isNaN(props.value) ? "" : props.value}
          aria-describedby={`${props.id}-hint`}
          aria-invalid={props.fault ? "true" : undefined}
          onInput={(event) => props.set(event.currentTarget.value === "" ? NaN : Number(event.currentTarget.value))}
        />
        {props.unit}
      </span>
      <small id={`${props.id}-hint`} class={props.fault ? "back" : "mute"}>
        {props.fault ?? props.hint}
      </small>
    </p>
  );
}

export function Radios<T extends string>(props: {
  name: string;
  label: string;
  is_alone?: boolean; /* the group's own title says it already */
  value: T;
  choices: { value: T; label: string; hint?: string }[];
  set: (value: T) => void;
}) {
  return (
    <div class="radios" role="radiogroup" aria-label={props.label}>
      <span class={props.is_alone ? "label alone" : "label"} aria-hidden="true">
        {props.label}
      </span>
      {props.choices.map((choice) => (
        <label key={choice.value} class={choice.value === props.value ? "radio on" : "radio"}>
          <input type="radio" name={props.name} checked={choice.value === props.value} onChange={() => props.set(choice.value)} />
          <span>
            {choice.label}
            {choice.hint && <small class="mute">{choice.hint}</small>}
          </span>
        </label>
      ))}
    </div>
  );
}

export function TextField(props: {
  id: string;
  label: string;
  hint: string;
  value: string;
  of: string;
  fault: string | null;
  set: (value: string) => void;
}) {
  return (
    <p class="field">
      <label for={props.id}>{props.label}</label>
      <input
        id={props.id}
        type="text"
        value={props.value}
        aria-describedby={`${props.id}-hint`}
        aria-invalid={props.fault ? "true" : undefined}
        onInput={(event) => props.set(event.currentTarget.value)}
      />
      <small id={`${props.id}-hint`} class={props.fault ? "back" : "mute"}>
        {props.fault ?? props.hint}
        <span class="count">{props.of}</span>
      </small>
    </p>
  );
}
