// What fits at a place of the network (ranking): by the rank of the shape that arrives there, and by what stands there in known networks.

const SUFFIX = /(\d)D(Transpose)?$/;
const SEQUENCES = new Set(["recurrent", "attention"]);
const MOST = 6; // layers that are proposed

/** The rank of the tensors, without the batch, that a type needs; undefined where it takes several. */
export function rankOf({ name, family }) {
  const [, sides] = name.match(SUFFIX) ?? [];
  return sides ? Number(sides) + 1 : SEQUENCES.has(family) ? 2 : undefined;
}

/** How well a layer fits: below 0 not at all, 0 perhaps, up to 1. `place`: { shape, before, after }, the types that stand around it. */
export function fit(layer, { shape, before, after }) {
  const rank = rankOf(layer);
  if (shape && rank !== undefined && rank !== shape.length) return -0.5;
  if (shape?.length === 1 && layer.name === "Flatten") return -0.5; // it would change nothing
  const known = (layer.after?.[before] ?? 0) + 0.5 * (after?.after?.[layer.name] ?? 0);
  const apt = shape && (rank === shape.length || (layer.name === "Dense" && shape.length === 1)) ? 0.05 : 0;
  return Math.min(0.95, known / (known + 2) + apt);
}

/** The layers that fit best, a few, in an order that does not change while the place is the same. */
export function proposed(layers, place) {
  const scored = layers.map((layer) => [fit(layer, place), layer]).filter(([points]) => points > 0.1);
  return scored.sort((a, b) => b[0] - a[0]).slice(0, MOST).map(([, layer]) => layer);
}

/** The place after a layer, or on a wire from it to `target`; `port`: its output that is meant. */
export function placeAt(picture, types, source, target, port) {
  const find = (name) => picture?.nodes.find((node) => node.name === name);
  const output = find(source)?.outputs?.find(({ name }) => name === port);
  return { shape: (output ?? find(source))?.shape ?? null, before: find(source)?.layer, after: types[find(target)?.layer] };
}
