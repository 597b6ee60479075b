/* The organizers' page: mounts it and starts the desk. */
import "../shared/tokens.css";
import "./base.css";
import "./setup.css";
import "./live.css";
import { signal } from "@preact/signals";
import { render } from "preact";
import { storage_get } from "../shared/storage";
import { App } from "./app";
import { desk_make } from "./commands";
import { route_of, state_first } from "./state";

const root = document.getElementById("page");
if (root) {
  const language = storage_get("desk.language") === "en" ? "en" : "zh";
  const desk = desk_make(signal(state_first(language, route_of(location.hash).route)));
  render(<App desk={desk} />, root);
  void desk.boot();
}
