// Export of the activations on the graph: every card and wire painted on one sheet, for a file.
import { painted, wide } from "../../draw/legend.js";
import { fitted } from "../../draw/panel.js";
import { scale, title } from "./overview-strip.js";

export const PAD = 12; // pixels between a card's edge and what is in it

/** Paint the whole world of cards, as wide and tall as it is. */
export function paintSheet(context, theme, world) {
  wires(context, theme, world);
  for (const item of world.cards.values()) card(context, theme, world, item);
}

function wires(context, theme, world) {
  context.strokeStyle = theme.line;
  for (const { points } of world.wires) {
    context.beginPath();
    points.forEach(([x, y], place) => (place ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.stroke();
  }
}

function card(context, theme, world, { node, shown, panel }) {
  const { common, look, mode, room, width } = world;
  const [left, top] = world.place(node);
  context.fillStyle = theme.ground;
  context.fillRect(left, top, width, look.card);
  context.strokeRect(left + 0.5, top + 0.5, width - 1, look.card - 1);
  const family = common.families[node.family] ?? common.families.block;
  context.fillStyle = theme.dark ? family.dark : family.light;
  context.fillRect(left, top, 5, look.card);
  words(context, theme, node, shown, left + PAD + 5, top, (look.words || width) - 24);
  scale(panel, shown, mode, common.extent);
  if (panel.scale && mode !== "network") range(context, theme, world, panel.scale, left, top);
  panel.theme = theme;
  Object.assign(panel, panel.size(room / theme.grow));
  context.save();
  context.translate(left + PAD + 5 + look.words, top + (look.words ? 9 : look.card - look.tall - 8));
  context.scale(theme.grow, theme.grow);
  panel.paint(context, theme);
  if (shown.kind === "steps") time(context, theme, room / theme.grow, look.side);
  context.restore();
}

/** Which way time runs, beside a strip of steps. */
function time(context, theme, room, tall) {
  Object.assign(context, { font: `12px ${theme.family}`, fillStyle: theme.faint, textAlign: "left", textBaseline: "middle" });
  context.fillText("step →", room + 6, tall / 2);
}

/** A card's scale: below its words, or with no room there at their right. */
function range(context, theme, { look, width }, scale, left, top) {
  context.font = `12px ${theme.family}`;
  const x = look.words ? PAD + 5 : width - wide(context, scale) - PAD;
  painted(context, theme, scale, left + x, top + (look.words ? 55 : 16));
}

/** A card's title and what its layer is, in so many pixels. */
function words(context, theme, node, shown, left, top, room) {
  Object.assign(context, { textAlign: "left", textBaseline: "top", fillStyle: theme.ink, font: `600 14px ${theme.family}` });
  context.fillText(fitted(context, title(shown), room), left, top + 9);
  Object.assign(context, { font: `12px ${theme.family}`, fillStyle: theme.faint });
  context.fillText(fitted(context, `${node.layer}  ${shown.words}`, room), left, top + 29);
}
