// Edge routing: where wires run that can't run straight down, skip connections beside their column, several ports side by side.

const LANE = 14; // px between two skip connections side by side
const APART = 104; // px between two ports' wires
const ROUND = 10; // px: radius of a wire's corners

/** How far a lane lies from the cards' edge. */
export const laneAt = (lane) => 10 + lane * LANE;

/** How wide a number of lanes is. */
const laneRoom = (lanes) => (lanes ? lanes * LANE + 16 : 0);

/** A lane's number beside the last column, as the layout gives it. */
const laneOf = ([x], last) => Math.max(0, Math.round(x - last));

/** What skip connections leave of a width: the room right of the last column, and that between two columns. */
export function roomFor(found) {
  const room = (inner) => laneRoom(Math.max(0, ...[...found.values()].filter((skip) => Boolean(skip.inner) === inner).map((skip) => skip.lane)));
  return { beside: room(false), between: room(true) };
}

/** The right-most column over the rows that a wire passes. */
function widest(rights, from, to) {
  let column = 0;
  for (let y = Math.min(from.y, to.y); y <= Math.max(from.y, to.y); y += 1) column = Math.max(column, rights.get(y) ?? 0);
  return column;
}

/** For each skip connection where it runs: right of which column, in which lane. One that stays in its column runs right beside it. `nodes`: by name. */
export function skips(edges, nodes, last) {
  const found = new Map();
  const rights = new Map(); // each row's right-most column
  for (const { x, y } of nodes.values()) rights.set(y, Math.max(x, rights.get(y) ?? 0));
  const inner = [];
  for (const edge of edges.filter((each) => each.route)) {
    const [from, to] = [nodes.get(edge.source), nodes.get(edge.target)];
    const column = widest(rights, from, to);
    if (from.x === to.x && from.x < column) inner.push({ edge, column: from.x, top: Math.min(from.y, to.y), bottom: Math.max(from.y, to.y) });
    else found.set(edge, { column, lane: laneOf(edge.route[0], last) }); // the lanes keep close to the rows that they pass
  }
  const taken = [];
  for (const { edge, column, top, bottom } of inner.sort((a, b) => a.bottom - a.top - (b.bottom - b.top))) {
    const meets = (lane) => taken.some((other) => other.column === column && other.lane === lane && other.top < bottom && top < other.bottom);
    let lane = 1;
    while (meets(lane)) lane += 1;
    taken.push({ column, lane, top, bottom });
    found.set(edge, { column, lane, inner: true });
  }
  return found;
}

/** The named ports of each layer that has wires at several: how far each one's wire ends from the layer's middle (px). */
export function portOffsets(edges, cardWidth) {
  const ports = new Map();
  for (const { target, target_port } of edges) ports.set(target, (ports.get(target) ?? new Set()).add(target_port));
  const offsets = new Map();
  for (const [target, names] of ports) {
    if (names.size < 2) continue;
    const apart = Math.min(APART, (cardWidth - 40) / names.size);
    [...names].forEach((name, at) => offsets.set(`${target} ${name}`, (at - (names.size - 1) / 2) * apart));
  }
  return offsets;
}

/** A path through points, its corners rounded. */
export function rounded(points) {
  const parts = [`M${points[0].join(" ")}`];
  for (let at = 1; at < points.length - 1; at += 1) {
    const [before, corner, after] = [points[at - 1], points[at], points[at + 1]];
    const [start, end] = [toward(corner, before), toward(corner, after)];
    parts.push(`L${start.join(" ")}Q${corner.join(" ")} ${end.join(" ")}`);
  }
  return `${parts.join("")}L${points.at(-1).join(" ")}`;
}

function toward(from, to) {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const step = length ? Math.min(ROUND, length / 2) / length : 0;
  return [from[0] + (to[0] - from[0]) * step, from[1] + (to[1] - from[1]) * step];
}

/** Where the + of a wire sits; those of neighbouring lanes out of each other's way. */
export function middleOf(points, lane = 1) {
  const at = Math.floor((points.length - 1) / 2);
  const [[x1, y1], [x2, y2]] = points.slice(at);
  return [(x1 + x2) / 2, (y1 + y2) / 2 + [0, 1, -1][(lane - 1) % 3] * Math.min(36, Math.abs(y2 - y1) / 3)];
}
