// Line chart over time: a few series on one scale, read out at a step.
import { extent, labelled, number } from "./data.js";
import { fitted, Panel } from "./panel.js";

const TALL = 130;
const LINE = 13; // pixels from one name to the next
const SAMPLE = 16; // of a line of dashes before its name
const DECADES = 12; // of a logarithmic scale at most
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * A line: `dashed` is a bound, which may leave the drawing; `dash` tells lines of one colour apart. Where a value is no number, nothing is drawn.
 * @typedef {{ name: string, values: number[], colour: string, dashed?: boolean, dash?: number[] }} Series
 */

export class Curves extends Panel {
  /** @type {Series[]} */ series = [];
  /** @type {string[]} */ steps = []; // their labels
  /** @type {boolean} */ log = false;
  /** @type {number} */ low = 0; // of the scale, a power of ten where it is logarithmic
  /** @type {number} */ high = 1;
  /** @type {number | undefined} */ wide; // pixels at the right for the names
  /** @type {string | undefined} */ axis; // what a step is called
  /** @type {number[][] | undefined} */ bands; // stretches of steps [from, to] that are spoken of
  /** @type {number} */ left = 52;
  /** @type {number} */ right = 70;
  /** @type {number} */ across = 1; // pixels between two steps
  /** @type {number} */ tall = TALL;

  /**
   * @param {Series[]} series
   * @param {string[]} steps
   */
  take(series, steps, log = false) {
    Object.assign(this, { series, steps, log });
    if (log) return void this.#powers();
    const most = Math.max(...series.map(({ values }) => extent(values)), 0) || 1;
    const below = series.some(({ values }) => values.some((value) => value < 0));
    Object.assign(this, { high: most, low: below ? -most : 0 });
  }

  /** Whole powers of ten around all values; a bound, which is dashed, may leave the drawing. */
  #powers() {
    const sizes = this.series.filter(({ dashed }) => !dashed).flatMap(({ values }) => values.filter((value) => Number.isFinite(value) && value > 0));
    this.high = Math.ceil(Math.log10(Math.max(...sizes, 1)));
    this.low = Math.max(Math.min(Math.floor(Math.log10(Math.min(...sizes, 1))), this.high - 1), this.high - DECADES);
  }

  size(room) {
    this.right = this.wide ?? 70;
    this.across = (Math.min(room, 900) - this.left - this.right) / Math.max(this.steps.length - 1, 1);
    this.tall = Math.max(TALL, LINE * this.series.length + 6);
    return { width: Math.min(room, 900), height: this.tall + 24 };
  }

  #x(step) {
    return this.left + step * this.across;
  }

  /** A value on the scale; NaN for what has no place on it: no number, infinity, and 0 where each line is ten times the one below. */
  #level(value) {
    if (!Number.isFinite(value)) return NaN;
    return this.log ? (value > 0 ? Math.log10(value) : NaN) : value;
  }

  /** The pixel of a value; NaN where it has none in the drawing. */
  #y(value) {
    const level = this.#level(value);
    return level >= this.low && level <= this.high ? this.#drop(level) : NaN;
  }

  #drop(level) {
    return 6 + (1 - (level - this.low) / (this.high - this.low)) * (this.tall - 12);
  }

  paint(context, theme) {
    context.font = `12px ${theme.family}`;
    this.#shade(context, theme);
    this.#scale(context, theme);
    context.lineWidth = 1.6;
    for (const { values, colour, dashed, dash } of this.series) {
      Object.assign(context, { strokeStyle: colour, fillStyle: colour });
      context.setLineDash(dashed ? [4, 3] : (dash ?? []));
      this.#line(context, values.map((value) => this.#level(value)));
    }
    context.lineWidth = 1;
    context.setLineDash([]);
    this.#names(context);
    if (this.place?.column != null) this.#pointed(context, theme, this.place.column);
  }

  /** A line through levels, open where one has none; a level between two such is a dot. */
  #line(context, levels) {
    context.beginPath();
    let reached = NaN; // the step to which the pen has come
    for (let step = 1; step < levels.length; step += 1) {
      const [from, to] = this.#within(levels[step - 1], levels[step]);
      if (!(from <= to)) continue;
      const at = (/** @type {number} */ share) => [this.#x(step - 1 + share), this.#drop(levels[step - 1] + share * (levels[step] - levels[step - 1]))];
      if (reached !== step - 1 + from) context.moveTo(...at(from));
      context.lineTo(...at(to));
      reached = step - 1 + to;
    }
    context.stroke();
    levels.forEach((level, step) => Number.isNaN(levels[step - 1] ?? NaN) && Number.isNaN(levels[step + 1] ?? NaN) && this.#dot(context, step, this.#drop(level), 2));
  }

  /** From which share of the way between two levels to which one the line is inside the drawing. */
  #within(before, after) {
    if (before === after) return before >= this.low && before <= this.high ? [0, 1] : [1, 0];
    const crossings = [this.low, this.high].map((bound) => (bound - before) / (after - before)).sort((a, b) => a - b);
    return [Math.max(crossings[0], 0), Math.min(crossings[1], 1)];
  }

  #dot(context, step, y, radius) {
    context.beginPath();
    context.arc(this.#x(step), y, radius, 0, 2 * Math.PI);
    context.fill();
  }

  /** Stretches of steps that are spoken of, behind the lines. */
  #shade(context, theme) {
    context.fillStyle = theme.accent;
    context.globalAlpha = 0.14;
    for (const [from, to] of this.bands ?? []) context.fillRect(this.#x(from - 0.5), 0, (to - from + 1) * this.across, this.tall);
    context.globalAlpha = 1;
  }

  #scale(context, theme) {
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.fillStyle = theme.faint;
    context.strokeStyle = theme.line;
    const near = 0.15 * (this.high - this.low);
    for (const value of this.high > near && -this.low > near ? [this.high, 0, this.low] : [this.high, this.low]) {
      const y = Math.round(this.#drop(value)) + 0.5;
      context.fillText(this.log ? power(value) : value ? number(value) : "0", this.left - 8, y);
      context.beginPath();
      context.moveTo(this.left, y);
      context.lineTo(this.width - this.right, y);
      context.stroke();
    }
    context.textAlign = "center";
    context.textBaseline = "top";
    const every = Math.ceil(40 / this.across);
    labelled(this.steps, every).forEach((step, place) => place % every === 0 && context.fillText(step.slice(0, 8), this.#x(place), this.tall + 4));
  }

  /** Names at the ends of the lines, moved apart and back into the drawing. */
  #names(context) {
    const last = (values) => values.map((value) => this.#y(value)).findLast((y) => !Number.isNaN(y));
    const ends = this.series.map((each) => ({ ...each, y: last(each.values) })).filter(({ y }) => y != null).sort((a, b) => a.y - b.y);
    ends.forEach((end, place) => place && (end.y = Math.max(end.y, ends[place - 1].y + LINE)));
    ends.reverse().forEach((end, place) => (end.y = Math.min(end.y, place ? ends[place - 1].y - LINE : this.tall)));
    context.textAlign = "left";
    context.textBaseline = "middle";
    for (const { name, colour, dash, y } of ends) {
      const x = this.width - this.right + 8 + (dash ? SAMPLE + 4 : 0);
      Object.assign(context, { fillStyle: colour, strokeStyle: colour });
      if (dash) this.#sample(context, dash, x - SAMPLE - 4, y);
      context.fillText(fitted(context, name, this.width - x), x, y);
    }
  }

  #sample(context, dash, x, y) {
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + SAMPLE, y);
    context.stroke();
    context.setLineDash([]);
  }

  #pointed(context, theme, step) {
    context.strokeStyle = theme.ink;
    context.globalAlpha = 0.4;
    context.beginPath();
    context.moveTo(this.#x(step), 0);
    context.lineTo(this.#x(step), this.tall);
    context.stroke();
    context.globalAlpha = 1;
    for (const { values, colour } of this.series) {
      context.fillStyle = colour;
      this.#dot(context, step, this.#y(values[step]), 3);
    }
  }

  at(x) {
    const column = Math.round((x - this.left) / this.across);
    return column >= 0 && column < this.steps.length ? { row: null, column } : null;
  }

  step(place, _, across) {
    return { row: null, column: Math.min(Math.max((place?.column ?? -1) + across, 0), this.steps.length - 1) };
  }

  words({ column }) {
    if (column == null) return "";
    const values = this.series.map(({ name, values: each }) => `${name} ${Number.isNaN(each[column]) ? "none" : number(each[column])}`);
    if (this.axis) return [`${this.axis} ${this.steps[column]}`, ...values].join(" · ");
    return [`step ${column}${this.steps[column] === String(column) ? "" : ` (${this.steps[column]})`}`, ...values].join(" · ");
  }
}

/** 10 to a whole power. */
const power = (whole) => `10${whole < 0 ? "⁻" : ""}${[...String(Math.abs(whole))].map((digit) => RAISED[digit]).join("")}`;
