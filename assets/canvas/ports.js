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
