// Ports of a new edge: where a new wire begins and ends.

/** The name of the first input of a layer that takes another wire; the first of all where none does, and the server says why. */
export function freePort(listing, picture, target) {
  const node = picture.nodes.find((each) => each.name === target);
  const ports = listing.layers.find((layer) => layer.name === node?.layer)?.ports ?? [];
  const taken = new Set(picture.edges.filter((edge) => edge.target === target).map((edge) => edge.target_port));
  return (ports.find((port) => port.many || !taken.has(port.name)) ?? ports[0])?.name ?? "inputs";
}

/** The name of an input of a layer that is free and must not stay so, with `optional` also of one that may; undefined where none is. */
export function openPort(listing, picture, target, { optional = false } = {}) {
  const node = picture.nodes.find((each) => each.name === target);
  const ports = listing.layers.find((layer) => layer.name === node?.layer)?.ports ?? [];
  const taken = new Set(picture.edges.filter((edge) => edge.target === target).map((edge) => edge.target_port));
  return ports.find((port) => (port.many || !taken.has(port.name)) && (optional || !port.optional))?.name;
}

/** The name of the first output of a layer that does not feed this port yet. */
export function freeOutput(picture, source, target, port) {
  const taken = new Set(picture.edges.filter((edge) => edge.source === source && edge.target === target && edge.target_port === port).map((edge) => edge.source_port));
  const outputs = picture.nodes.find((each) => each.name === source)?.outputs ?? [];
  return outputs.find(({ name }) => !taken.has(name))?.name ?? "output";
}

const ONE = [{ name: "output" }];

/** A layer's outputs: one without a name of its own, or each of several { name, shape }. */
export const outputsOf = (node) => (node?.outputs?.length ? node.outputs : ONE);

/** How far right of a card's middle the dot of its output at a place is (px): beside the wire of the first, clear of it. */
export const dotAt = (place) => 34 + 20 * place;

/** Where a wire leaves its card: that of a further output at its dot, that of the first in the middle. */
export function leavesAt(node, port) {
  const place = outputsOf(node).findIndex(({ name }) => name === port);
  return place > 0 ? dotAt(place) : 0;
}
