// Selection of several layers, and the edits of what is selected: each is one edit and one step of undo.

import { count } from "../draw/data.js";

/** What an edit is about: the layers that are selected, in reading order, else the chosen one. */
export function meant(editor) {
  const names = editor.selected.size > 1 ? [...editor.world.cards.keys()].filter((name) => editor.selected.has(name)) : [editor.world.chosen];
  return names.filter((name) => editor.world.nodes.has(name));
}

/** Say how many are selected; a bar offers what can be done with them. */
export function told(editor) {
  const many = editor.selected.size > 1;
  editor.selection.element.hidden = !many;
  if (many) editor.selection.count.textContent = `${count(editor.selected.size, "layer")} selected`;
}

/** A press with Shift takes one more layer into the selection, or out of it. */
export function toggle(editor, name) {
  const names = new Set(editor.selected.size ? editor.selected : [editor.world.chosen]);
  if (names.has(name) && names.size > 1) names.delete(name);
  else names.add(name);
  editor.select(names, { chosen: names.has(name) ? name : [...names].at(-1) });
}

/** Arrows with Shift take the next layer in; back over one that was just taken they give it up again. */
export function extend(editor, dx, dy) {
  const from = editor.world.chosen;
  const to = editor.neighbour(dx, dy);
  if (!to || to === from) return;
  const names = new Set(editor.selected.size ? editor.selected : [from]);
  if (names.has(to)) names.delete(from);
  names.add(to);
  editor.select(names, { chosen: to, focus: true });
}

export const selectAll = (editor) => editor.select(editor.picture.nodes.map(({ name }) => name), { chosen: editor.world.chosen, focus: true });

/** Delete; the wires around are joined, and the layer before the first of them is chosen. */
export function remove(editor) {
  const names = meant(editor);
  if (!names.length || !editor.picture.editable) return;
  const gone = new Set(names);
  const feeds = editor.picture.edges.find((edge) => gone.has(edge.target) && !gone.has(edge.source))?.source;
  const before = feeds ?? editor.picture.nodes.find(({ name }) => !gone.has(name))?.name;
  editor.edit(names.length > 1 ? { kind: "delete_all", names } : { kind: "delete", name: names[0] });
  editor.choose(before, { tell: "later", focus: true });
}

/** Once more, after themselves. */
export function duplicate(editor) {
  const names = meant(editor);
  if (names.length) editor.edit(names.length > 1 ? { kind: "duplicate_all", names } : { kind: "duplicate", name: names[0] });
}
