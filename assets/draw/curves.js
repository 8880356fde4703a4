// Numbers over time as lines: a few series on one scale, read out at a step.
import { extent, number } from "./data.js";
import { Panel } from "./panel.js";

const TALL = 130;
const DECADES = 12; // of a logarithmic scale at most
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** @typedef {{ name: string, values: number[], colour: string, dashed?: boolean }} Series */

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
    return { width: Math.min(room, 900), height: TALL + 24 };
  }

  #x(step) {
    return this.left + step * this.across;
  }

  #y(value) {
    if (this.log) return this.#drop(Math.min(Math.max(value > 0 ? Math.log10(value) : this.low, this.low), this.high));
    return this.#drop(value);
  }

  #drop(value) {
    return 6 + (1 - (value - this.low) / (this.high - this.low)) * (TALL - 12);
  }

  paint(context, theme) {
    context.font = `12px ${theme.family}`;
    this.#shade(context, theme);
    this.#scale(context, theme);
    context.lineWidth = 1.6;
    for (const { values, colour, dashed } of this.series) {
      context.strokeStyle = colour;
      context.setLineDash(dashed ? [4, 3] : []);
      context.beginPath();
      values.forEach((value, step) => (step ? context.lineTo(this.#x(step), this.#y(value)) : context.moveTo(this.#x(step), this.#y(value))));
      context.stroke();
    }
    context.lineWidth = 1;
    context.setLineDash([]);
    this.#names(context);
    if (this.place?.column != null) this.#pointed(context, theme, this.place.column);
  }

  /** Stretches of steps that are spoken of, behind the lines. */
  #shade(context, theme) {
    context.fillStyle = theme.accent;
    context.globalAlpha = 0.14;
    for (const [from, to] of this.bands ?? []) context.fillRect(this.#x(from - 0.5), 0, (to - from + 1) * this.across, TALL);
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
    this.steps.forEach((step, place) => place % every === 0 && context.fillText(step.slice(0, 8), this.#x(place), TALL + 4));
  }

  /** Names at the ends of the lines, moved apart. */
  #names(context) {
    const ends = this.series.map(({ name, values, colour }) => ({ name, colour, y: this.#y(values[values.length - 1]) })).sort((a, b) => a.y - b.y);
    ends.forEach((end, place) => place && (end.y = Math.max(end.y, ends[place - 1].y + 13)));
    context.textAlign = "left";
    context.textBaseline = "middle";
    for (const { name, colour, y } of ends) {
      context.fillStyle = colour;
      context.fillText(name, this.width - this.right + 8, y);
    }
  }

  #pointed(context, theme, step) {
    context.strokeStyle = theme.ink;
    context.globalAlpha = 0.4;
    context.beginPath();
    context.moveTo(this.#x(step), 0);
    context.lineTo(this.#x(step), TALL);
    context.stroke();
    context.globalAlpha = 1;
    for (const { values, colour } of this.series) {
      context.fillStyle = colour;
      context.beginPath();
      context.arc(this.#x(step), this.#y(values[step]), 3, 0, 2 * Math.PI);
      context.fill();
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
    const values = this.series.map(({ name, values: each }) => `${name} ${number(each[column])}`);
    if (this.axis) return [`${this.axis} ${this.steps[column]}`, ...values].join(" · ");
    return [`step ${column}${this.steps[column] === String(column) ? "" : ` (${this.steps[column]})`}`, ...values].join(" · ");
  }
}

/** 10 to a whole power. */
const power = (whole) => `10${whole < 0 ? "⁻" : ""}${[...String(Math.abs(whole))].map((digit) => RAISED[digit]).join("")}`;
