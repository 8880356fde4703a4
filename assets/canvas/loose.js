// Loose cards: what is not wired yet stays where it was dropped, or where it stood when its wire was cut.

import { looseNames } from "./places.js";

/** Cut a wire: what hangs on it stays in place, and the card that lost its input is in view. */
export function disconnect(editor, wire) {
  const ends = [wire.source, wire.target].map((name) => editor.world.nodes.get(name));
  const edit = { kind: "disconnect", ...wire };
  editor.stands.set(edit, ends.map(({ name, x, y }) => [name, [x, y]]));
  editor.edit(edit);
  editor.choose(wire.target, { tell: "later", focus: true });
}

/** A new layer that nothing feeds, at a place of the ground. */
export function drop(editor, edit, place) {
  editor.stands.set(edit, [[null, place]]); // its name is not known yet
  editor.edit(edit);
}

/** A loose card, with what hangs on it, at another place. */
export function shift(editor, name, place) {
  editor.world.places.set(name, place);
  editor.draw(editor.picture);
  editor.choose(name, { focus: true });
}

/** After an edit: cards that are loose now stand where they were dropped, or where they stood; `made` is the new one. */
export function stand(editor, picture, edit, made) {
  const places = editor.stands.get(edit);
  if (!places) return;
  const loose = looseNames(picture);
  editor.world.places.of(picture, loose); // the places of this network
  for (const [name, place] of places) {
    const at = name ?? made?.name;
    if (loose.has(at)) editor.world.places.set(at, place);
  }
}
