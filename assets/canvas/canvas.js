// The canvas as a Streamlit component: one editor for each place that Streamlit gives it.

import { Editor } from "./editor.js";
import { catalogue } from "./server.js";

const editors = new WeakMap();
const style = fetch(new URL("canvas.css", import.meta.url)).then((answer) => answer.text());

/** Called by Streamlit for every run of the page: `data` is {picture, layer, seq, drawn, device}. */
export async function show(component) {
  const [listing, sheet] = await Promise.all([catalogue, style]);
  const root = component.parentElement;
  if (!editors.has(root)) editors.set(root, new Editor(root, listing, sheet));
  editors.get(root).update(component);
}

/** Called by Streamlit when the page is left. */
export function leave(root) {
  editors.get(root)?.stop();
  editors.delete(root);
}
