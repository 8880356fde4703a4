// What a drawing's colours and marks mean: beside it on the page, and above it in the file that it is saved to.
import { h } from "./dom.js";
import { short } from "./data.js";
import { css } from "./theme.js";

const BAR = { width: 72, height: 8, step: 2 };
const MARK = 16; // pixels of a mark with the room after it
const APART = 16;
export const LINE = 18;

/** @typedef {{ name: string, draw: (context: CanvasRenderingContext2D, x: number, y: number) => void }} Mark drawn around a place */
/** @typedef {string | Mark | import("./theme.js").Scale} Meaning */

/**
 * A meaning is a sentence, a scale { low, high, stops, name? }, or a mark { name, draw(context, x, y) } around a place.
 * `legend` shows a scale on the page, `keys` marks; `lines` and `painted` write meanings of every kind into a file.
 */
export function legend(scale, theme) {
  const bar = h("i");
  bar.style.background = `linear-gradient(90deg, ${theme.stops[scale.stops].join(", ")})`;
  const [low, high] = ends(scale);
  return h("span", { class: "inspect-legend" }, low, bar, high);
}

export function keys(marks) {
  const items = marks.map(({ name, draw }) => {
    const canvas = h("canvas", { width: 28, height: 28, "aria-hidden": "true" });
    const context = canvas.getContext("2d");
    context.scale(2, 2);
    draw(context, 7, 7);
    return h("span", {}, canvas, name);
  });
  return h("div", { class: "inspect-key" }, ...items);
}

/** A colour's swatch. */
export const swatch = (name, ink) => ({ name, draw: (context, x, y) => (Object.assign(context, { fillStyle: ink }), context.fillRect(x - 5, y - 5, 10, 10)) });

const ends = ({ low, high }) => [low, high].map(short);

/** How wide a meaning is written. */
export function wide(context, meaning) {
  const width = (words) => context.measureText(words).width;
  if (typeof meaning === "string") return width(meaning);
  if (meaning.draw) return MARK + width(meaning.name);
  return (meaning.name ? width(meaning.name) + 8 : 0) + ends(meaning).reduce((all, end) => all + width(end), BAR.width + 12);
}

/** Meanings in lines that fit into a room: [{ row: [{ meaning, x }, ...], width }, ...]. */
export function lines(context, meanings, room) {
  const found = [];
  for (const meaning of meanings) {
    const [width, last] = [wide(context, meaning), found.at(-1)];
    const fits = last && last.width + APART + width <= room;
    const line = fits ? last : { row: [], width: -APART };
    if (!fits) found.push(line);
    line.row.push({ meaning, x: line.width + APART });
    line.width += APART + width;
  }
  return found;
}

/** A meaning at x, in the middle of a line at y. */
export function painted(context, theme, meaning, x, y) {
  Object.assign(context, { textAlign: "left", textBaseline: "middle", fillStyle: theme.faint });
  if (typeof meaning === "string") return context.fillText(meaning, x, y);
  if (!meaning.draw) return scale(context, theme, meaning, x, y);
  meaning.draw(context, x + 5, y);
  context.fillStyle = theme.faint;
  return context.fillText(meaning.name, x + MARK, y);
}

function scale(context, theme, meaning, x, y) {
  const { name } = meaning;
  const write = (words) => {
    context.fillStyle = theme.faint;
    context.fillText(words, x, y);
    x += context.measureText(words).width;
  };
  if (name) {
    write(name);
    x += 8;
  }
  const [low, high] = ends(meaning);
  write(low);
  x += 6;
  for (let at = 0; at < BAR.width; at += BAR.step) {
    context.fillStyle = css(theme.lookup[meaning.stops], at, { low: 0, high: BAR.width - BAR.step });
    context.fillRect(x + at, y - BAR.height / 2, Math.min(BAR.step + 0.5, BAR.width - at), BAR.height);
  }
  x += BAR.width + 6;
  write(high);
}
