// Places of loose cards: what no Input leads to yet stands where it was dropped, or where it stood when its wire was cut.

/** The groups of layers that hang together, each a set of names. */
export function groupsOf({ nodes, edges }) {
  const group = new Map(nodes.map(({ name }) => [name, new Set([name])]));
  for (const { source, target } of edges) {
    const [one, other] = [group.get(source), group.get(target)];
    if (!one || !other || one === other) continue;
    for (const name of other) group.set(name, one.add(name));
  }
  return [...new Set(group.values())];
}

/** The groups that are not wired: no Input with readers is among them. The only group of a network is none of them, unless it is one card of several. */
export function looseGroups(picture) {
  const read = new Set(picture.edges.map(({ source }) => source));
  const fed = new Set(picture.nodes.filter(({ name, layer }) => layer === "Input" && read.has(name)).map(({ name }) => name));
  return groupsOf(picture).filter((group) => ![...group].some((name) => fed.has(name)));
}

/** The names of the layers that are not wired yet, whatever else is drawn; in a network of one layer none is missed. */
export const looseNames = (picture) => new Set(picture.nodes.length < 2 ? [] : looseGroups(picture).flatMap((group) => [...group]));

/**
 * The nodes where they are drawn: a loose group with a place is moved there as a whole, and further right where a card stands.
 * `places`: Map from a layer's name to its column and row.
 */
export function settled(picture, places) {
  if (places.size === 0) return picture.nodes;
  const known = looseGroups(picture).map((group) => [group, [...group].find((name) => places.has(name))]).filter(([, name]) => name);
  if (known.length === 0) return picture.nodes;
  const moving = new Set(known.flatMap(([group]) => [...group]));
  const at = new Map(picture.nodes.map((node) => [node.name, [node.x, node.y]]));
  const taken = new Set(picture.nodes.filter(({ name }) => !moving.has(name)).map(({ x, y }) => `${x} ${y}`));
  for (const [group, name] of known) {
    const [x, y] = places.get(name);
    const cells = (dx, dy) => [...group].map((each) => [each, at.get(each)[0] + dx, at.get(each)[1] + dy]);
    const down = Math.max(y - at.get(name)[1], -Math.min(...[...group].map((each) => at.get(each)[1])));
    let right = x - at.get(name)[0];
    while (cells(right, down).some(([, column, row]) => taken.has(`${column} ${row}`))) right += 1;
    for (const [each, column, row] of cells(right, down)) {
      at.set(each, [column, row]);
      taken.add(`${column} ${row}`);
    }
  }
  return picture.nodes.map((node) => (moving.has(node.name) ? { ...node, x: at.get(node.name)[0], y: at.get(node.name)[1] } : node));
}

/** The places of one network's loose cards, kept by the browser tab. */
export class Places {
  key; found;

  constructor() {
    this.key = "";
    this.found = new Map();
  }

  /** What is known of the network of a picture, whose `loose` layers these are; places of layers that are wired now, or gone, are forgotten. */
  of(picture, loose) {
    const key = `places ${picture.project} ${picture.network}`;
    if (key !== this.key) this.#open(key);
    const over = [...this.found.keys()].filter((name) => !loose.has(name));
    for (const name of over) this.found.delete(name);
    if (over.length) this.#keep();
    return this.found;
  }

  set(name, place) {
    this.found.set(name, place);
    this.#keep();
  }

  #open(key) {
    this.key = key;
    try {
      this.found = new Map(JSON.parse(sessionStorage.getItem(key) ?? "[]"));
    } catch {
      this.found = new Map(); // no storage, or something else in it
    }
  }

  #keep() {
    try {
      if (this.found.size) sessionStorage.setItem(this.key, JSON.stringify([...this.found]));
      else sessionStorage.removeItem(this.key);
    } catch {
      // a full or forbidden storage: the places last as long as the page
    }
  }
}
