// A histogram: how many numbers lie in each stretch from the smallest to the largest.
import { grouped, number } from "./data.js";
import { Panel } from "./panel.js";

const FOOT = 18; // pixels below the bars

/**
 * Bars beside each other, those of several kinds on top of each other; each one that counts anything can be seen.
 * @param {CanvasRenderingContext2D} context
 * @param {object} bars
 * @param {ArrayLike<number>[]} bars.stacks one row of heights for each kind
 * @param {number} bars.most what the tallest stack stands for
 * @param {number} bars.left pixels
 * @param {number} bars.floor
 * @param {number} bars.tall
 * @param {number} bars.across of one bar with the gap after it
 * @param {(bin: number, kind: number) => string} bars.ink
 */
export function bars(context, { stacks, most, left, floor, tall, across, ink }) {
  for (let bin = 0; bin < stacks[0].length; bin += 1) {
    let top = floor;
    stacks.forEach((values, kind) => {
      const high = values[bin] > 0 ? Math.max((values[bin] / most) * tall, 1) : 0;
      context.fillStyle = ink(bin, kind);
      context.fillRect(left + bin * across + 0.5, top - high, Math.max(across - 1, 0.8), high);
      top -= high;
    });
  }
}

export class Counts extends Panel {
  /** @type {ArrayLike<number>[]} */ stacks; // counts of each kind
  /** @type {number} */ low; // where the first bin begins
  /** @type {number} */ high; // where the last one ends
  /** @type {number} */ bins;
  /** @type {number} */ most; // in the tallest bar
  /** @type {number} */ total;
  /** @type {number} */ widest;
  /** @type {number} */ tall;
  /** @type {number} */ across = 1; // pixels of a bar

  /** @param {import("./panel.js").Options & { stacks: ArrayLike<number>[], low: number, high: number, widest?: number, tall?: number }} options */
  constructor({ stacks, low, high, widest = 420, tall = 84, ...rest }) {
    super(rest);
    const all = Array.from(stacks[0], (_, bin) => stacks.reduce((sum, counts) => sum + counts[bin], 0));
    const total = all.reduce((sum, each) => sum + each, 0);
    Object.assign(this, { stacks, low, high: high > low ? high : low + 1, widest, tall, bins: all.length, most: Math.max(...all) || 1, total });
  }

  size(room) {
    this.across = Math.min(room, this.widest) / this.bins;
    return { width: Math.floor(this.across * this.bins), height: this.tall + FOOT };
  }

  /** From a number to pixels. */
  x(value) {
    return ((value - this.low) / (this.high - this.low)) * this.width;
  }

  /** A bar's colour. */
  ink(theme, bin, _kind) {
    return this.place?.bin === bin ? theme.ink : theme.accent;
  }

  paint(context, theme) {
    const { stacks, most, tall, across } = this;
    bars(context, { stacks, most, left: 0, floor: tall, tall: tall - 4, across, ink: (bin, kind) => this.ink(theme, bin, kind) });
    context.fillStyle = theme.line;
    context.fillRect(0, tall, this.width, 1);
    context.font = `12px ${theme.family}`;
    context.fillStyle = theme.faint;
    context.textBaseline = "top";
    const ends = [["left", 0, this.low], ["right", this.width, this.high]];
    const zero = this.x(0);
    if (zero > 0 && zero < this.width) context.fillRect(zero, tall - 4, 1, 8);
    if (zero > 46 && zero < this.width - 46) ends.push(["center", zero, 0]);
    for (const [align, x, value] of ends) {
      context.textAlign = align;
      context.fillText(value ? number(value) : "0", x, tall + 4);
    }
  }

  at(x, _y) {
    const bin = Math.floor((x / this.width) * this.bins);
    return bin >= 0 && bin < this.bins ? { bin } : null;
  }

  step(place, _down, across) {
    return { bin: Math.min(Math.max((place?.bin ?? -1) + across, 0), this.bins - 1) };
  }

  /** A bin's two ends, in words. */
  range(bin) {
    const edge = (at) => number(this.low + ((this.high - this.low) * at) / this.bins);
    return `${edge(bin)} to ${edge(bin + 1)}`;
  }

  words({ bin }) {
    return `${this.range(bin)}: ${grouped(this.stacks[0][bin])} of ${grouped(this.total)}`;
  }
}
