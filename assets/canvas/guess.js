// What an edit will most likely draw, so that a press is answered at once; the server's picture follows and replaces it.

const LETTERS = 80; // of a name, at most
const ANY = [{ name: "inputs", many: true, optional: true }]; // ports of a type that the catalogue does not know

/** The picture after an edit, or null where guessing is not worth it; `types`: the catalogue's layers by their names. */
export function guess(picture, edit, types) {
  const change = { add_after: addAfter, insert, delete: remove, move, duplicate }[edit.kind];
  return change ? change(structuredClone(picture), edit, types) : null;
}

const find = (picture, name) => picture.nodes.find((node) => node.name === name);
const portsOf = (layer, types) => types[layer]?.ports ?? ANY;

/** The first free one of `base`, `base_1`, `base_2`... above a number, as builder/network/names.py finds it. */
function free(picture, base, number = 0) {
  let name = number ? `${base}_${number}` : base;
  while (find(picture, name)) {
    number += 1;
    name = `${base.slice(0, LETTERS - String(number).length - 1)}_${number}`;
  }
  return name;
}

/** A free name like another's: `conv_3` after `conv_1` where `conv_2` is taken. */
function nextName(picture, name) {
  const [, base, number] = name.match(/^(.+)_(\d{1,5})$/s) ?? [null, name, 0];
  return free(picture, base, Number(number));
}

function blank(name, layer, family, y, x) {
  return { name, layer, family, settings: "", trainable: true, x, y, shape: null, axes: [], params: 0, macs: 0, heavy: 0, problem: null, guessed: true };
}

const fresh = (picture, { layer }, types, y, x) => blank(free(picture, types[layer].base), layer, types[layer].family, y, x);

/** Wires from one layer to every port that must not stay open; null where there is no port. */
function wiresInto({ name, layer }, source, types, source_port = "output") {
  const ports = portsOf(layer, types);
  const needed = ports.filter((port) => !port.optional);
  return ports.length ? (needed.length ? needed : ports.slice(0, 1)).map((port) => ({ source, source_port, target: name, target_port: port.name, route: null })) : null;
}

function makeRoom(picture, y) {
  for (const node of picture.nodes) if (node.y >= y) node.y += 1;
}

/** A layer right after another: it reads that one's output, and all who read it now read the new one. */
function placeAfter(picture, before, node, types, wires = wiresInto(node, before.name, types)) {
  if (!wires) return null;
  makeRoom(picture, before.y + 1);
  for (const edge of picture.edges) if (edge.source === before.name && edge.source_port === "output") edge.source = node.name;
  picture.nodes.push({ ...node, x: before.x, y: before.y + 1 });
  picture.edges = unlike([...picture.edges, ...wires]);
  return picture;
}

function addAfter(picture, edit, types) {
  const before = find(picture, edit.after);
  return before && placeAfter(picture, before, fresh(picture, edit, types), types);
}

function insert(picture, edit, types) {
  const [from, to] = [find(picture, edit.source), find(picture, edit.target)];
  const edge = picture.edges.find((each) => each.source === edit.source && each.target === edit.target && (!edit.target_port || each.target_port === edit.target_port) && (!edit.source_port || each.source_port === edit.source_port));
  if (!from || !to || !edge) return null;
  const node = fresh(picture, edit, types, to.y, to.x);
  const wires = wiresInto(node, edit.source, types, edge.source_port);
  if (!wires) return null;
  makeRoom(picture, to.y);
  picture.nodes.push(node);
  Object.assign(edge, { source: node.name, source_port: "output" });
  picture.edges.push(...wires);
  return picture;
}

function remove(picture, { name }, types) {
  const gone = find(picture, name);
  if (!gone) return null;
  heal(picture, gone, types);
  picture.nodes = picture.nodes.filter((node) => node !== gone);
  if (!picture.nodes.some((node) => node.y === gone.y)) for (const node of picture.nodes) if (node.y > gone.y) node.y -= 1;
  return picture;
}

/** A layer's readers read what it read: all of it where both take many wires, else what goes on through it. */
function heal(picture, gone, types) {
  const takesMany = ({ target, target_port }) => portsOf(find(picture, target).layer, types).some((port) => port.name === target_port && port.many);
  const feeds = picture.edges.filter((edge) => edge.target === gone.name);
  const main = mainWire(picture, gone, types);
  const many = main && takesMany(main);
  const heirs = (edge) => (many && takesMany(edge) ? feeds : main ? [main] : []).map(({ source, source_port }) => ({ ...edge, source, source_port }));
  const rest = picture.edges.filter((edge) => edge.target !== gone.name);
  picture.edges = unlike(rest.flatMap((edge) => (edge.source === gone.name ? heirs(edge) : [edge])));
}

/** The wire that goes on through a layer: of those at its first port the one from furthest down. */
function mainWire(picture, { name, layer }, types) {
  const [first] = portsOf(layer, types);
  const rank = ({ source, target_port }) => [target_port === first?.name ? 1 : 0, find(picture, source).y, picture.nodes.indexOf(find(picture, source))];
  const before = (one, other) => one.map((each, place) => each - other[place]).find((gap) => gap !== 0) ?? 0;
  return picture.edges.filter((edge) => edge.target === name).reduce((best, edge) => (best && before(rank(best), rank(edge)) >= 0 ? best : edge), null);
}

/** Wires, each once. */
const unlike = (edges) => [...new Map(edges.map((edge) => [[edge.source, edge.source_port, edge.target, edge.target_port].join(" "), edge])).values()];

/** A second layer like this one, right after it; a second Input stands beside the first. */
function duplicate(picture, { name }, types) {
  const original = find(picture, name);
  if (!original) return null;
  const copy = blank(nextName(picture, name), original.layer, original.family);
  if (original.layer !== "Input") return placeAfter(picture, original, copy, types);
  picture.nodes.push({ ...copy, x: original.x + 1, y: original.y });
  return picture;
}

/** A layer at another place: the gap heals, wires from elsewhere stay with it. */
function move(picture, { name, after }, types) {
  const moved = find(picture, name);
  if (!moved || moved.layer === "Input" || name === after) return null;
  const main = mainWire(picture, moved, types)?.source;
  if (main === after && picture.edges.every((edge) => edge.source !== after || edge.target === name)) return null;
  const feeds = picture.edges.filter((edge) => edge.target === name);
  const own = feeds.filter(({ source }) => source === main).map((edge) => ({ ...edge, source: after, source_port: "output" }));
  const without = remove(picture, { name }, types);
  const before = find(without, after);
  if (!before) return null;
  const wires = [...(own.length ? own : (wiresInto(moved, after, types) ?? [])), ...feeds.filter(({ source }) => source !== main)];
  return placeAfter(without, before, { ...moved, guessed: true }, types, wires);
}
