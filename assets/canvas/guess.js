// What an edit will most likely draw, so that a press is answered at once; the server's picture follows and replaces it.

/** The picture after an edit, or null where guessing is not worth it. */
export function guess(picture, edit, looks) {
  const change = { add_after: addAfter, insert, delete: remove, move, duplicate }[edit.kind];
  return change ? change(structuredClone(picture), edit, looks) : null;
}

const find = (picture, name) => picture.nodes.find((node) => node.name === name);

function blank(picture, edit, family, y, x = 0) {
  const base = edit.layer.replace(/([a-z0-9])([A-Z])/g, "$1_$2").replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2").toLowerCase();
  let name = base;
  for (let at = 1; find(picture, name); at += 1) name = `${base}_${at}`;
  return { name, layer: edit.layer, family, settings: "", trainable: true, x, y, shape: null, axes: [], params: 0, macs: 0, heavy: 0, problem: null, guessed: true };
}

function makeRoom(picture, y) {
  for (const node of picture.nodes) if (node.y >= y) node.y += 1;
}

function addAfter(picture, edit, families) {
  const before = find(picture, edit.after);
  if (!before) return null;
  makeRoom(picture, before.y + 1);
  const node = blank(picture, edit, families[edit.layer], before.y + 1, before.x);
  for (const edge of picture.edges) if (edge.source === edit.after && edge.source_port === "output") edge.source = node.name;
  picture.nodes.push(node);
  picture.edges.push({ source: edit.after, target: node.name, target_port: "inputs", source_port: "output", route: null });
  return picture;
}

function insert(picture, edit, families) {
  const [from, to] = [find(picture, edit.source), find(picture, edit.target)];
  const edge = picture.edges.find((each) => each.source === edit.source && each.target === edit.target && (!edit.target_port || each.target_port === edit.target_port) && (!edit.source_port || each.source_port === edit.source_port));
  if (!from || !to || !edge) return null;
  makeRoom(picture, to.y);
  const node = blank(picture, edit, families[edit.layer], to.y - 1, to.x);
  picture.nodes.push(node);
  picture.edges.push({ source: edit.source, target: node.name, target_port: "inputs", source_port: edge.source_port, route: null });
  Object.assign(edge, { source: node.name, source_port: "output" });
  return picture;
}

function remove(picture, edit) {
  const gone = find(picture, edit.name);
  if (!gone) return null;
  const feeds = picture.edges.filter((edge) => edge.target === edit.name).map((edge) => edge.source);
  picture.nodes = picture.nodes.filter((node) => node !== gone);
  picture.edges = picture.edges.filter((edge) => edge.target !== edit.name && (edge.source !== edit.name || feeds.length > 0));
  for (const edge of picture.edges) if (edge.source === edit.name) edge.source = feeds[0];
  if (!picture.nodes.some((node) => node.y === gone.y)) for (const node of picture.nodes) if (node.y > gone.y) node.y -= 1;
  return picture;
}

function duplicate(picture, edit) {
  const original = find(picture, edit.name);
  if (!original) return null;
  return addAfter(picture, { layer: original.layer, after: edit.name }, { [original.layer]: original.family });
}

function move(picture, edit) {
  const moved = { ...find(picture, edit.name), guessed: true };
  const without = remove(picture, edit);
  const before = without && find(without, edit.after);
  if (!before) return null;
  makeRoom(without, before.y + 1);
  for (const edge of without.edges) if (edge.source === edit.after) edge.source = edit.name;
  without.nodes.push({ ...moved, x: before.x, y: before.y + 1 });
  without.edges.push({ source: edit.after, target: edit.name, target_port: "inputs", source_port: "output", route: null });
  return without;
}
