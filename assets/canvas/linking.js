// Connecting by keys and presses: a layer that was marked waits for the one that it should feed.

export function askTarget(editor, first = "") {
  const words = `${first}Press the layer that ${editor.linking} should feed, or go to it and press Enter. Escape stops.`;
  editor.note(words, { stays: true, sign: "polyline" });
}

/** The other end of a connection that was begun; a layer cannot feed itself. */
export function linkTo(editor, target) {
  const source = editor.linking;
  if (source === target) return askTarget(editor, `${source} cannot feed itself. `);
  editor.escape();
  editor.connect(source, target);
}
