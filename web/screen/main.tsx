/* The wall screen: mounts it. */
import "../shared/tokens.css";
import { render } from "preact";

const root = document.getElementById("page");
if (root) render(<p>竞答</p>, root);
