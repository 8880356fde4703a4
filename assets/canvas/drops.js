// What a drop makes: the edit for a palette entry or for cards at the place where they land, and the mark of that place.

import { h } from "../draw/dom.js";
import { drop, shift } from "./loose.js";
import { looseNames } from "./places.js";
import { openPort } from "./ports.js";

const ends = ({ source, target, target_port, source_port }) => ({ source, target, target_port, source_port });

/** Light up a wire, one half of a card, or a place on the ground; returns how to stop. */
function mark(editor, { wire, card, half, ground }) {
  const { world } = editor;
  const item = wire && world.wires.get(wire.key);
  const lit = item ? [item.plus, item.line] : card ? [world.cards.get(card).card] : [];
  for (const each of lit) each.classList.add("target", ...(half ? [half] : []));
  const outline = ground && h("div", { class: "landing" });
  if (outline) {
    const [left, top, width, height] = world.boxAt(ground);
    Object.assign(outline.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    world.element.append(outline);
  }
  return () => {
    for (const each of lit) each.classList.remove("target", "into", "after");
    outline?.remove();
  };
}

const target = (editor, at, drop) => ({ mark: () => mark(editor, at), drop });

/** A new layer: on a wire (with Shift beside it), after a card, into its free port, or on the ground. */
export function kindTarget(editor, { name: layer, ports }, params, at) {
  const enters = ports.length > 0; // an Input takes nothing
  const { picture, listing } = editor;
  if (at.wire && enters) {
    return target(editor, at, (event) => editor.edit({ kind: event.shiftKey ? "parallel" : "insert", ...ends(at.wire.edge), layer, params }));
  }
  if (at.card) {
    const port = openPort(listing, picture, at.card, { optional: !enters });
    if (port && (!enters || at.half === "upper")) {
      return target(editor, { card: at.card, half: "into" }, () => editor.edit({ kind: "feed", target: at.card, target_port: port, layer, params }));
    }
    return enters ? target(editor, { card: at.card, half: "after" }, () => editor.edit({ kind: "add_after", after: at.card, layer, params })) : null;
  }
  return at.ground ? target(editor, at, () => drop(editor, { kind: "add", layer, params }, at.ground)) : null;
}

/** Cards that are there already: `name` is the one that is held. */
export function cardTarget(editor, names, name, at) {
  const { picture, listing } = editor;
  const loose = looseNames(picture);
  if (at.wire) {
    const wire = ends(at.wire.edge);
    return target(editor, at, () => editor.edit(names.length > 1 ? { kind: "move_all", names, ...wire } : { kind: "move_to", name, ...wire }));
  }
  if (at.card && names.length === 1) {
    const port = loose.has(name) && at.half === "upper" && openPort(listing, picture, at.card);
    if (port) return target(editor, { card: at.card, half: "into" }, () => editor.connect(name, at.card));
    return target(editor, { card: at.card, half: "after" }, () => editor.edit({ kind: "move", name, after: at.card }));
  }
  return at.ground && loose.has(name) ? target(editor, at, () => shift(editor, name, at.ground)) : null;
}
