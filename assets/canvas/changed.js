// Where a step of undo or redo has changed the network: the layer that came back, or differs, or stood before one that went.

const own = (node) => JSON.stringify([node.layer, node.settings, node.trainable]);

const wires = (picture, name) =>
  JSON.stringify(picture.edges.filter((edge) => edge.target === name).map(({ source, source_port, target_port }) => [source, source_port, target_port]).sort());

/** The layer to look at after the step from one picture to another; undefined where nothing that is drawn has changed. */
export function changed(before, after) {
  const old = new Map(before.nodes.map((node) => [node.name, node]));
  const kept = after.nodes.filter((node) => old.has(node.name));
  const back = after.nodes.find((node) => !old.has(node.name));
  const other = kept.find((node) => own(node) !== own(old.get(node.name)));
  return (back ?? other)?.name ?? beside(before, after) ?? kept.find((node) => wires(before, node.name) !== wires(after, node.name))?.name;
}

/** The nearest layer before one that went that is still there, else the nearest after it. */
function beside(before, after) {
  const there = new Set(after.nodes.map((node) => node.name));
  const gone = before.nodes.find((node) => !there.has(node.name))?.name;
  if (!gone) return undefined;
  const near = (here, from, to) => {
    const next = before.edges.filter((edge) => edge[from] === here).map((edge) => edge[to]);
    return next.find((name) => there.has(name)) ?? next.map((name) => near(name, from, to)).find(Boolean);
  };
  return near(gone, "target", "source") ?? near(gone, "source", "target") ?? after.nodes[0]?.name;
}
