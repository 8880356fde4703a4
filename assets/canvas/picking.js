// Where the picker opens, and what a pick makes there: on a wire or beside it, after a layer or as a branch, before one, or first of all.

import { placeAt } from "./fits.js";
import { disconnect } from "./loose.js";
import { openPicker } from "./picker.js";
import { stop } from "./regions.js";

const ends = ({ source, target, target_port, source_port }) => ({ source, target, target_port, source_port });

function open(editor, anchor, source, target, { port, ...options }) {
  const place = placeAt(editor.picture, editor.types, source, target, port);
  openPicker(editor.listing, anchor, editor.element, { place, home: () => stop(editor), ...options });
}

/** On a wire: a layer in it, or beside it, joined with it where its reader takes one; what it carries; its removal. */
export function pickOn(editor, edge, anchor, { shift = false, wires } = {}) {
  if (!editor.picture.editable) return;
  const wire = ends(edge);
  const make = (more) => ({ name: layer }, params) => editor.edit({ ...more, ...wire, layer, params });
  const { ports } = editor.types[editor.picture.nodes.find((node) => node.name === edge.target)?.layer] ?? {};
  const joins = ports?.some((port) => port.name === edge.target_port && port.many);
  const beside = joins ? [["Beside it", "Add"]] : [["Beside it, added", "Add"], ["Beside it, concatenated", "Concatenate"]];
  const outputs = editor.picture.nodes.find((node) => node.name === edge.source)?.outputs ?? [];
  open(editor, anchor, edge.source, edge.target, {
    title: `Insert between ${edge.source} and ${edge.target}`,
    ways: [{ name: "On the wire", onPick: make({ kind: "insert" }) }, ...beside.map(([name, join]) => ({ name, onPick: make({ kind: "parallel", join }) }))],
    way: shift ? 1 : 0,
    port: edge.source_port,
    remove: () => disconnect(editor, wire),
    carries: { outputs, now: edge.source_port, onPick: (port) => editor.edit({ kind: "carry", ...wire, port }) },
    wires,
  });
}

/** After a layer, in the way of all who read it, or as a branch beside them; a further output can only be branched off. */
export function pickAfter(editor, name = editor.world.chosen, anchor = editor.world.cards.get(name)?.card, { shift = false, port = "output" } = {}) {
  if (!editor.picture.editable) return;
  if (!anchor) return pickFirst(editor);
  const after = ({ name: layer }, params) => editor.edit(layer === "Input" ? { kind: "add", layer, params } : { kind: "add_after", after: name, layer, params });
  const branch = ({ name: layer }, params) => editor.edit({ kind: "branch", source: name, source_port: port, layer, params });
  const outputs = editor.picture.nodes.find((node) => node.name === name)?.outputs ?? [];
  const first = port === "output";
  open(editor, anchor, name, first ? editor.picture.edges.find((edge) => edge.source === name)?.target : undefined, {
    title: `Add a layer after ${first ? name : `the ${port} of ${name}`}`,
    port,
    ways: [...(first ? [{ name: "After it", onPick: after }] : []), { name: "As a branch", onPick: branch }],
    way: shift && first ? 1 : 0,
    carries: { outputs, now: port, onPick: (other) => pickAfter(editor, name, anchor, { shift, port: other }) },
    inputs: true,
  });
}

/** Before a layer: on its wire, or one of its wires; into its free port where it has none. */
export function pickBefore(editor, name = editor.world.chosen, at = 0) {
  const anchor = editor.world.cards.get(name)?.card;
  const arriving = editor.picture.edges.filter((edge) => edge.target === name);
  if (!anchor || !editor.picture.editable) return;
  if (arriving.length === 0) return pickInto(editor, name, anchor);
  const names = arriving.map(({ source, target_port }) => (arriving.some((edge) => edge.source === source && edge.target_port !== target_port) ? `${source} (${target_port})` : source));
  const wires = arriving.length > 1 ? { now: at, names, onPick: (next) => pickBefore(editor, name, next) } : undefined;
  pickOn(editor, arriving[at], anchor, { wires });
}

function pickInto(editor, name, anchor) {
  const port = editor.types[editor.picture.nodes.find((node) => node.name === name)?.layer]?.ports[0]?.name;
  if (!port) return;
  const onPick = ({ name: layer }, params) => editor.edit({ kind: "feed", target: name, target_port: port, layer, params });
  open(editor, anchor, undefined, name, { title: `Add a layer before ${name}`, ways: [{ name: "Before it", onPick }], inputs: true });
}

/** At a point of the ground, for a wire that was drawn to it from an output: what is picked branches off there. Returns whether it opened. */
export function pickBranch(editor, source, port, { clientX, clientY }, onClose) {
  if (!editor.picture.editable) return false;
  const onPick = ({ name: layer }, params) => editor.edit({ kind: "branch", source, source_port: port, layer, params });
  const anchor = { getBoundingClientRect: () => new DOMRect(clientX, clientY, 0, 0) };
  open(editor, anchor, source, undefined, { title: `Add a branch after ${port === "output" ? source : `the ${port} of ${source}`}`, port, ways: [{ name: "As a branch", onPick }], onClose });
  return true;
}

/** Into a network without layers. */
function pickFirst(editor) {
  const onPick = ({ name: layer }, params) => editor.edit({ kind: "add", layer, params });
  open(editor, editor.extra, undefined, undefined, { title: "Add a first layer", ways: [{ name: "First", onPick }], inputs: true });
}
