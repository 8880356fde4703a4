// Comparison of one thing in three drawings: this side, the other and their difference; pointed at in one, pointed at in all.
import { h } from "../../draw/dom.js";
import { array, exact, extent } from "../../draw/data.js";
import { legend } from "../../draw/legend.js";
import { Maps } from "../../draw/maps.js";
import { Over, Seen } from "../../draw/pictures.js";

const SIDE = { card: 44, opened: [20, 120] }; // pixels of a map
const LOW = 46; // pixels down that the units of a card may take
const DOWN = 96; // the same for all units of a sequence
const LEAST = 10; // pixels of a unit in one row
const TALL = 460; // pixels that the opened layer's maps should not exceed

/** this - other, number by number. */
export const difference = (one, other) => Float32Array.from(one, (value, place) => value - other[place]);

/** Maps that stay low in a card, and units that stand in one row as long as they fit. */
class Low extends Maps {
  size(room) {
    super.size(room);
    const [count] = this.maps.shape;
    if (this.kind === "steps" && !this.opened) this.tall = Math.min(this.tall, DOWN / count);
    if (this.kind === "units" && room / count >= LEAST) {
      this.cell = Math.min(Math.floor(room / count), 34);
      this.tall = Math.max(this.cell, 22);
    }
    return this.laid(room);
  }
}

class Trio {
  other; title; names; values; output; most; apart; panels;

  /** `names` of the two sides. */
  constructor(title, names, one, other) {
    Object.assign(this, { title, names, values: [one, other, difference(one, other)] });
    this.output = h("output", { class: "cmp-said", "aria-live": "polite" });
    this.most = Math.max(extent(one), extent(other));
    this.apart = extent(this.values[2]);
  }

  /** Three panels of a kind, linked. */
  link(make) {
    const titles = [...this.names, "Difference"];
    this.panels = titles.map((name, which) => {
      const panel = make(which, { name: `${this.title}, ${name}`, quiet: true, hovered: (place) => this.point(place, which) });
      panel.title = `${this.title} · ${name}`;
      return panel;
    });
  }

  point(place, from) {
    this.panels.forEach((panel, which) => which !== from && panel.mark(place));
    this.output.textContent = place ? this.read(place) : "";
  }

  /** An index with both values and the difference, in words. */
  tell(where, [one, other, gap]) {
    return `${where} · ${this.names[0]}: ${one} · ${this.names[1]}: ${other} · difference: ${gap}`;
  }
}

/** A layer, or an input that is laid out like one. */
export class Layers extends Trio {
  told; shape; open;

  constructor(told, names, open) {
    const sides = [array(told.this), array(told.mate)];
    super(told.name, names, sides[0].values, sides[1].values);
    Object.assign(this, { told, open, shape: sides[0].shape });
    this.most = told.largest ?? this.most;
    const { strides, kind } = told;
    this.link((which, rest) => new Low({ ...rest, maps: { shape: this.shape, values: this.values[which] }, strides, kind, lengths: told.shape, pressed: open ? () => open(told.name) : null }));
  }

  read(place) {
    const where = this.told.names?.length ? this.told.names[place.map] : `[${this.panels[0].index(place).join(", ")}]`;
    return this.tell(where, this.panels.map((panel) => exact(panel.value(place))));
  }

  /** Drawn for a width: `most` of the scale of both, `apart` of the difference; `opened`: all maps, beside each other. */
  draw(width, theme, { most, apart, opened, narrow }) {
    const beside = (opened || this.told.kind === "steps") && !narrow;
    const room = beside ? Math.floor((width - 36) / 3) - 8 : width - (narrow ? 0 : 104);
    this.panels.forEach((panel, which) => {
      panel.scaled(which === 2 ? apart : most);
      panel.opened = opened;
      panel.begins = which === 0 || !beside;
      panel.side = opened ? sideFor(this.shape, room) : SIDE.card;
      panel.spread = opened ? TALL / 3 : LOW;
      panel.draw(room, theme);
    });
    const titled = this.panels.flatMap((panel, which) => [h("div", { class: "cmp-side" }, which === 2 ? "difference" : this.names[which]), panel.element]);
    const cells = beside ? [...titled.filter((_, place) => place % 2 === 0), ...titled.filter((_, place) => place % 2)] : titled;
    return [h("div", { class: beside ? "cmp-beside" : "cmp-rows" }, ...cells), this.output];
  }
}

/** As large as all maps of an opened layer have room for. */
function sideFor([count, rows, columns], room) {
  let [low, side] = SIDE.opened;
  const longest = Math.max(rows, columns);
  while (side > low) {
    const across = Math.max(Math.floor(room / (side + 4)), 1);
    if (Math.ceil(count / across) * (side * (rows / longest) + 4) <= TALL) break;
    side -= 4;
  }
  return side;
}

/** Two pictures as they are, and the strongest channel of their difference. */
export class Pictures extends Trio {
  channels; columns; rows; strongest;

  constructor(told, names) {
    const sides = told.pictures.map(array);
    super("Input", names, sides[0].values, sides[1].values);
    const [rows, columns, channels] = sides[0].shape;
    Object.assign(this, { rows, columns, channels });
    const { low, high } = told;
    this.strongest = Float32Array.from({ length: rows * columns }, (_, at) => {
      const all = [...this.values[2].subarray(at * channels, (at + 1) * channels)];
      return all.reduce((best, each) => (Math.abs(each) > Math.abs(best) ? each : best), 0);
    });
    this.link((which, rest) => {
      const drawn = { ...rest, rows, columns, most: [12, 12], tall: 168 };
      const scale = which === 2 ? signed(this.apart) : { low, high, stops: "rising" };
      if (which === 2) return new Over({ ...drawn, values: this.strongest, scale });
      return new Seen({ ...drawn, values: new Float32Array(rows * columns), pixels: sides[which], low, high, scale });
    });
  }

  read({ row, column }) {
    const at = (row * this.columns + column) * this.channels;
    const words = this.values.map((values) => [...values.subarray(at, at + this.channels)].map(exact).join(", "));
    return this.tell(`[${row}, ${column}]`, words);
  }

  draw(width, theme, { apart, narrow }) {
    this.panels[2].show(this.strongest, signed(apart));
    const room = narrow ? Math.floor((width - 24) / 3) : Math.min(Math.floor((width - 36) / 3), 170);
    this.panels[0].begins = true;
    for (const panel of this.panels) panel.draw(room, theme);
    const titles = [...this.names, "difference"].map((name) => h("div", { class: "cmp-side" }, name));
    return [h("div", { class: "cmp-beside" }, ...titles, ...this.panels.map((panel) => panel.element)), this.output, legend(signed(apart), theme)];
  }
}

const signed = (most) => ({ low: -(most || 1), high: most || 1, stops: "signed" });
