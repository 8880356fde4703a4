// A probability for each class as bars with names; of many classes the likeliest.
import { exact } from "./data.js";
import { fitted, Panel } from "./panel.js";

const NAMED = 24; // classes that are all shown, in their order
const LIKELIEST = 12;

export class Chances extends Panel {
  /** @type {ArrayLike<number>} */ values;
  /** @type {string[]} */ names;
  /** @type {number} */ tall; // pixels for bars and names
  /** @type {number} */ widest; // pixels of a bar at most
  /** @type {number[]} */ order; // the classes that are shown
  /** @type {number} */ first; // the likeliest
  /** @type {{ map?: number } | null} */ lit = null; // pointed at in a neighbour
  /** @type {number} */ across = 1;

  /** @param {import("./panel.js").Options & { values: ArrayLike<number>, names: string[], tall?: number, widest?: number }} options */
  constructor({ values, names, tall = 52, widest = 46, ...rest }) {
    super(rest);
    Object.assign(this, { values, names, tall, widest });
    const order = Array.from(values, (_, unit) => unit);
    this.order = values.length <= NAMED ? order : order.sort((one, other) => values[other] - values[one]).slice(0, LIKELIEST);
    this.first = this.order.reduce((best, each) => (values[each] > values[best] ? each : best), this.order[0]);
  }

  size(room) {
    this.across = Math.min(room / this.order.length, this.widest);
    return { width: Math.ceil(this.across * this.order.length), height: this.tall };
  }

  paint(context, theme) {
    const ground = this.tall - 16;
    context.font = `12px ${theme.family}`;
    context.textAlign = "center";
    context.textBaseline = "bottom";
    this.order.forEach((unit, place) => {
      const value = Math.min(Math.max(this.values[unit], 0), 1);
      const x = place * this.across;
      const pointed = this.place?.unit === unit || this.lit?.map === unit;
      context.fillStyle = theme.line;
      context.fillRect(x + 1, ground - 1, Math.max(this.across - 3, 1), 1);
      context.fillStyle = pointed ? theme.ink : unit === this.first ? theme.accent : theme.faint;
      context.fillRect(x + 1, ground - value * (ground - 2), Math.max(this.across - 3, 1), value * (ground - 2));
      context.fillStyle = unit === this.first || pointed ? theme.ink : theme.faint;
      context.fillText(fitted(context, this.names[unit], this.across - 2), x + this.across / 2 - 1, this.tall);
    });
  }

  /** Nothing of a picture's scale: chances go from 0 to 1. */
  scaled() {
    this.scale = null;
  }

  light(lit) {
    this.lit = lit;
    if (this.theme) this.redraw();
  }

  at(x) {
    const unit = this.order[Math.floor(x / this.across)];
    return unit === undefined ? null : { unit, map: unit, row: 0, column: 0 };
  }

  step(place, _, across) {
    const at = place ? this.order.indexOf(place.unit) + across : 0;
    return this.at((Math.min(Math.max(at, 0), this.order.length - 1) + 0.5) * this.across);
  }

  value({ unit }) {
    return this.values[unit];
  }

  index({ unit }) {
    return [unit];
  }

  box() {
    return { x: 0, y: 0, width: this.width, height: this.height };
  }

  words({ unit }) {
    return `${this.names[unit]}: [${unit}] = ${exact(this.values[unit])}`;
  }
}
