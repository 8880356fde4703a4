// A histogram: how many of a layer's numbers lie in each stretch from its smallest to its largest.
import { grouped } from "./dom.js";
import { number } from "./data.js";
import { Panel } from "./panel.js";

const TALL = 84;

export class Counts extends Panel {
  constructor({ counts, low, high, ...rest }) {
    super(rest);
    Object.assign(this, { counts, low, high: high > low ? high : low + 1 });
  }

  size(room) {
    this.across = Math.min(room, 420) / this.counts.length;
    return { width: Math.floor(this.across * this.counts.length), height: TALL + 18 };
  }

  paint(context, theme) {
    const most = Math.max(...this.counts) || 1;
    this.counts.forEach((count, place) => {
      const tall = count ? Math.max((count / most) * (TALL - 4), 1) : 0;
      context.fillStyle = this.place?.column === place ? theme.ink : theme.accent;
      context.fillRect(place * this.across, TALL - tall, Math.max(this.across - 1, 0.8), tall);
    });
    context.fillStyle = theme.line;
    context.fillRect(0, TALL, this.width, 1);
    context.font = `12px ${theme.family}`;
    context.fillStyle = theme.faint;
    context.textBaseline = "top";
    const zero = (-this.low / (this.high - this.low)) * this.width;
    [[0, "left", number(this.low)], [this.width, "right", number(this.high)]].forEach(([x, align, words]) => {
      context.textAlign = align;
      context.fillText(words, x, TALL + 4);
    });
    if (zero <= 40 || zero >= this.width - 40) return;
    context.textAlign = "center";
    context.fillText("0", zero, TALL + 4);
  }

  at(x) {
    const column = Math.floor(x / this.across);
    return column >= 0 && column < this.counts.length ? { column } : null;
  }

  step(place, _, across) {
    return { column: Math.min(Math.max((place?.column ?? -1) + across, 0), this.counts.length - 1) };
  }

  words({ column }) {
    const edge = (at) => number(this.low + ((this.high - this.low) * at) / this.counts.length);
    const count = this.counts[column];
    return `${grouped(count)} number${count === 1 ? "" : "s"} from ${edge(column)} to ${edge(column + 1)}`;
  }
}
