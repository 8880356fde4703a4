// Activations in a card's strip: as many maps as fit, all steps of a sequence, all units of a row.
import { array } from "../../draw/data.js";
import { Chances } from "../../draw/chances.js";
import { Maps } from "../../draw/maps.js";

const WIDEST = 2.4; // a map's width at most, in heights
const CELL = 18; // pixels of a unit at most

export class Strip extends Maps {
  size(room) {
    const [count, rows, columns] = this.maps.shape;
    this.gap = this.kind === "maps" ? 4 : 0;
    if (this.kind === "maps") {
      this.cell = this.tall = Math.min(this.side / rows, (WIDEST * this.side) / columns, room / columns);
      this.shown = Math.min(count, Math.max(Math.floor((room + this.gap) / (columns * this.cell + this.gap)), 1));
    } else if (this.kind === "steps") {
      Object.assign(this, { cell: Math.min(room / columns, 40), tall: Math.min(this.side / count, CELL), shown: count });
    } else {
      this.cell = CELL;
      while (this.cell > 3 && Math.ceil(count / Math.floor(room / this.cell)) * this.cell > this.side) this.cell -= 1;
      this.tall = this.cell;
      this.shown = Math.min(count, Math.floor(room / this.cell) * Math.max(Math.floor(this.side / this.cell), 1));
    }
    return this.laid(room);
  }

  draw(width, theme) {
    if (this.room !== width || this.theme?.dark !== theme.dark) this.picture = null;
    this.room = width;
    super.draw(width, theme);
  }
}

/** The strip of a layer's block, `tall` pixels high. */
export function strip(node, tall, handlers) {
  const maps = array(node.numbers);
  const name = `What ${title(node)} makes of the input`;
  const panel = node.classes
    ? new Chances({ name, values: maps.values, names: node.classes, tall, quiet: true, ...handlers })
    : new Strip({ name, maps, strides: node.strides, kind: node.kind, heads: node.heads, side: tall, extents: array(node.extents).values, lengths: node.shape, quiet: true, ...handlers });
  panel.canvas.tabIndex = -1; // the card is what the keyboard reaches
  return panel;
}

/** What is shown of a layer: its name, and that of an output other than the first. */
export const title = ({ name, of, port }) => (of ? `${of} ${port}` : name);

/** A layer's outputs as blocks, the first one first. */
export const outputs = (node) => [node, ...(node.further ?? [])];

export const FIRST = "output";

/** A strip's or a layer's scale: "map", "layer" or "network". */
export function scale(panel, node, mode, network) {
  panel.scaled(mode === "map" ? null : mode === "layer" || node.layer === "Input" ? node.extent : network);
}

/** Where a place of one layer lies in another: a part of each of its maps, one of its units, or nowhere. */
export function same(place, from, to) {
  if (!place) return null;
  const [, rows, columns] = from.numbers.shape;
  const count = (node) => node.shape.reduce((all, each) => all * each, 1);
  const part = { down: [place.row / rows, (place.row + 1) / rows], across: [place.column / columns, (place.column + 1) / columns] };
  if (from.kind === to.kind && from.kind !== "units") return part;
  const whole = { down: [0, 1], across: [0, 1] };
  if (from.kind === "units" && to.kind === "units") return count(from) === count(to) ? { ...whole, map: place.map } : null;
  if (count(from) !== count(to)) return null;
  if (to.kind === "units") return { ...whole, map: flat(place, from) };
  return from.kind === "units" ? unflat(place.map, to) : null;
}

/** A number's place among all of its layer, one after the other. */
function flat({ map, row, column }, { kind, strides, shape }) {
  const [down, across] = strides;
  if (kind === "steps") return column * across * shape[1] + map;
  return (row * down * shape.at(-2) + column * across) * shape.at(-1) + map;
}

function unflat(at, { kind, strides, shape, numbers }) {
  const [, rows, columns] = numbers.shape;
  const [down, across] = strides;
  const cell = Math.floor(at / shape.at(-1));
  const [row, column] = kind === "steps" ? [0, cell] : [Math.floor(cell / shape.at(-2)), cell % shape.at(-2)];
  const part = (place, count) => [place / count, (place + 1) / count];
  return { map: at % shape.at(-1), down: part(Math.floor(row / down), rows), across: part(Math.floor(column / across), columns) };
}
