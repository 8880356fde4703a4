// Keyboard shortcuts: every action of the canvas has a key.

import { pickAfter, pickBefore } from "./picking.js";
import { cycle, toNetwork } from "./regions.js";
import { duplicate, extend, remove, selectAll } from "./selecting.js";
import { writing } from "./writing.js";

const command = (event) => event.ctrlKey || event.metaKey;

/** Whether nothing on the page has the focus: a fresh page, or one whose ground was pressed. */
const nowhere = () => document.activeElement === document.body || document.activeElement?.matches("[data-testid=stMain]");

/** Keys that work wherever the focus is, as long as nothing is being written; true when one was taken. */
function anywhere(editor, event) {
  const key = event.key.toLowerCase();
  if (command(event) && key === "z") return editor.history(event.shiftKey ? "redo" : "undo");
  if (command(event) && key === "y") return editor.history("redo");
  if (command(event) && key === "f") return editor.find();
  if (!command(event) && !event.altKey && key === "/") return editor.search();
  if (!command(event) && !event.altKey && key === "?") return editor.help();
  return nowhere() ? onCanvas(editor, event) : false;
}

/** Keys of the chosen card, and of all that are selected. */
function onCanvas(editor, event) {
  const { key } = event;
  const way = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0], Home: [0, -Infinity], End: [0, Infinity] }[key];
  if (command(event)) {
    const act = { a: selectAll, d: duplicate }[key.toLowerCase()];
    return act ? act(editor) : false;
  }
  if (event.altKey) return way && !way[0] ? editor.reorder(Math.sign(way[1])) : false;
  if (way) return event.shiftKey ? extend(editor, ...way) : editor.step(...way);
  const simple = {
    Enter: () => editor.enter(),
    Delete: () => remove(editor),
    Backspace: () => remove(editor),
    F2: () => editor.rename(),
    Escape: () => editor.escape(),
    a: () => pickAfter(editor),
    A: () => pickAfter(editor, undefined, undefined, { shift: true }),
    i: () => pickBefore(editor),
    c: () => editor.startLink(),
    f: () => editor.fit(),
    "+": () => editor.zoomBy(1.2),
    "=": () => editor.zoomBy(1.2),
    "-": () => editor.zoomBy(1 / 1.2),
    0: () => editor.zoomBy(0),
  };
  return simple[key] ? simple[key]() : false;
}

/** Listen for an editor; returns how to stop. */
export function listen(editor) {
  const take = (event, taken) => {
    if (taken === false) return;
    event.preventDefault();
    event.stopPropagation(); // Streamlit has keys of its own
  };
  const inside = (event) => {
    const onButton = event.composedPath()[0].closest?.("button") && ["Enter", " "].includes(event.key);
    if (!writing(event) && !onButton && editor.stage.contains(event.composedPath()[0])) take(event, onCanvas(editor, event));
  };
  const outside = (event) => {
    if (event.defaultPrevented) return;
    if (event.key === "F6") take(event, cycle(editor, event.shiftKey ? -1 : 1));
    else if (editor.form.leaves(event)) toNetwork(editor); // what was typed there is kept
    else if (editor.form.takes(event)) take(event);
    else if (!writing(event)) take(event, anywhere(editor, event));
  };
  editor.element.addEventListener("keydown", inside);
  window.addEventListener("keydown", outside, true);
  return () => window.removeEventListener("keydown", outside, true);
}
