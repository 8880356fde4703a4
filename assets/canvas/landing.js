// Where a drop lands (hit testing): on a wire, on a card, or on the ground; in the world's own pixels.

export const ON_CARD = 9; // px from a wire within which it is meant although a card lies there
export const ON_GROUND = 34; // px from a wire within which it is meant on free ground
const ASIDE = 8; // on the ground between two cards a wire is meant this many times further sideways, where it runs straight

/** The distance of a point from a polyline; sideways it counts less by `aside`. */
export function distance([x, y], points, aside = 1) {
  let nearest = Infinity;
  for (let at = 0; at + 1 < points.length; at += 1) {
    const [[x1, y1], [x2, y2]] = [points[at], points[at + 1]];
    const [dx, dy] = [x2 - x1, y2 - y1];
    const along = dx || dy ? Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy))) : 0;
    nearest = Math.min(nearest, Math.hypot((x - x1 - along * dx) / aside, y - y1 - along * dy));
  }
  return nearest;
}

const inside = ([x, y], { left, top, width, height }) => x >= left && x <= left + width && y >= top && y <= top + height;

/**
 * What a drop at a point means: { wire }, { card, half: "upper" | "lower" } or { ground: [column, row] }.
 * `wires`: [{ edge, points }]; `cards`: [{ name, left, top, width, height }]; `grid`: { column(x), row(y), within(x) }.
 * What touches a layer of `except` is passed over.
 */
export function landing(point, { wires, cards, grid }, except = new Set()) {
  const card = cards.find((each) => !except.has(each.name) && inside(point, each));
  const over = cards.some((each) => inside(point, each));
  const between = !over && grid.within(point[0]);
  let [best, nearest] = [null, over ? ON_CARD : ON_GROUND];
  for (const wire of wires) {
    if (except.has(wire.edge.source) || except.has(wire.edge.target)) continue;
    const away = distance(point, wire.points, between && wire.points.length === 2 ? ASIDE : 1);
    if (away < nearest) [best, nearest] = [wire, away];
  }
  if (best) return { wire: best };
  if (card) return { card: card.name, half: point[1] < card.top + card.height / 2 ? "upper" : "lower" };
  return { ground: [grid.column(point[0]), grid.row(point[1])] };
}
