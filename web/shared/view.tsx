/* Small views that the phone and the wall share. */
import { phrases } from "./text";

/* A text whose lines break after its clauses. */
export function Phrases({ text }: { text: string }) {
  const parts = phrases(text);
  if (parts.length === 1 && Array.from(text).length > 24) return <>{text}</>;
  return (
    <>
      {parts.map((part, index) => (
        <span key={index} class="ph">
          {part}
        </span>
      ))}
    </>
  );
}

/* A bar's length, set through the style object: the Content-Security-Policy refuses style attributes. */
export function Bar({ share }: { share: number }) {
  const set = (node: HTMLElement | null) => {
    if (node) node.style.setProperty("--v", String(share));
  };
  return <i ref={set} />;
}
