// The canvas (graph editor) as a Streamlit component: one editor for each place that Streamlit gives it.

import { Editor } from "./editor.js";
import { catalogue, sheet } from "./server.js";

const editors = new WeakMap();
const left = new WeakSet(); // places that were left, maybe before what an editor needs had come

/** Called by Streamlit for every run of the page: `data` is {picture, layer, seq, drawn, device, play}. */
export async function draw(component) {
  const root = component.parentElement;
  left.delete(root);
  const [listing, style] = await Promise.all([catalogue(), sheet()]);
  if (left.has(root)) return;
  if (!editors.has(root)) editors.set(root, new Editor(root, listing, style));
  editors.get(root).update(component);
}

/** Called by Streamlit when the page is left. */
export function leave(root) {
  left.add(root);
  editors.get(root)?.stop();
  editors.delete(root);
}
