// Keyboard shortcuts: every action of the canvas has a key.

const WRITES = "input, textarea, select, [contenteditable]";

/** Whether a key press belongs to a field that is being written in. */
const writing = (event) => event.composedPath()[0].matches?.(WRITES) ?? false;

const command = (event) => event.ctrlKey || event.metaKey;

/** Keys that work wherever the focus is, as long as nothing is being written; true when one was taken. */
function anywhere(editor, event) {
  const key = event.key.toLowerCase();
  if (command(event) && key === "z") return editor.history(event.shiftKey ? "redo" : "undo");
  if (command(event) && key === "y") return editor.history("redo");
  if (command(event) || event.altKey) return false;
  if (key === "/") return editor.search();
  if (key === "?") return editor.help();
  return false;
}

/** Keys of the chosen card. */
function onCanvas(editor, event) {
  const { key } = event;
  if (event.altKey && (key === "ArrowUp" || key === "ArrowDown")) return editor.reorder(key === "ArrowUp" ? -1 : 1);
  if (command(event)) return key.toLowerCase() === "d" && editor.duplicate();
  const simple = {
    ArrowUp: () => editor.step(0, -1),
    ArrowDown: () => editor.step(0, 1),
    ArrowLeft: () => editor.step(-1, 0),
    ArrowRight: () => editor.step(1, 0),
    Home: () => editor.step(0, -Infinity),
    End: () => editor.step(0, Infinity),
    Enter: () => editor.enter(),
    Delete: () => editor.remove(),
    Backspace: () => editor.remove(),
    F2: () => editor.rename(),
    Escape: () => editor.escape(),
    a: () => editor.pickAfter(),
    c: () => editor.startLink(),
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
    if (!event.defaultPrevented && !writing(event)) take(event, anywhere(editor, event));
  };
  editor.element.addEventListener("keydown", inside);
  window.addEventListener("keydown", outside, true);
  return () => window.removeEventListener("keydown", outside, true);
}
