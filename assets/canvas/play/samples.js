// A strip of samples that nothing is learned from, to choose one of: small pictures, points of a plane, rows of numbers, words.

import { extent, number, signed } from "../../draw/data.js";
import { h } from "../../draw/dom.js";
import { painted } from "../../draw/pictures.js";
import { css } from "../../draw/theme.js";
import { characters, joined } from "../../draw/tokens.js";
import { numbers, row } from "../../train/pictures/arrays.js";
import { sized } from "./sized.js";

const SIDE = 34; // pixels of a sample's picture
const ROW = 54; // and of what is wider than high

export const OWN = -1; // the place of a person's own, before the others

export class Samples {
  dataset; x; y; theme; chosen; at; buttons; list; next; element; mine; tile; more;

  /** `chosen(place)` hears of a press. */
  constructor(chosen) {
    this.chosen = chosen;
    this.at = 0;
    this.buttons = [];
    this.mine = this.tile = null;
    this.list = h("div", { class: "samples", role: "radiogroup", "aria-label": "Sample", onkeydown: (event) => this.#key(event) });
    this.next = h("button", { class: "tool", title: "Next sample", "aria-label": "Next sample", onclick: () => this.choose((this.at + 1) % Math.max(this.buttons.length, 1)) }, h("span", { class: "icon", "aria-hidden": "true" }, "navigate_next"));
    this.more = h("span", { class: "samples-more" });
    this.element = h("div", { class: "play-samples" }, this.list, this.more, this.next);
  }

  /** Take a dataset's samples: `sent` {x, y}. */
  take(dataset, sent, theme) {
    Object.assign(this, { dataset, x: numbers(sent.x), y: numbers(sent.y), at: 0, mine: null, tile: null });
    this.buttons = Array.from({ length: this.x.shape[0] }, (_, place) => this.#button(place));
    this.list.replaceChildren(...this.buttons);
    this.paint(theme);
    this.#mark();
  }

  empty(words) {
    Object.assign(this, { buttons: [], mine: null, tile: null, at: 0 });
    this.list.replaceChildren(h("span", { class: "quiet" }, words));
  }

  /** Put a person's own { mark, x } before the others; null for none. */
  give(own) {
    this.mine = own;
    this.tile?.remove();
    this.tile = own && this.#button(OWN);
    if (this.tile) this.list.prepend(this.tile);
    if (this.theme) this.paint(this.theme);
    this.#mark();
  }

  /** What a frame is asked of: a person's own by its mark, else the sample's place. */
  get wanted() {
    return this.at === OWN ? this.mine.mark : this.at;
  }

  #button(place) {
    const words = this.words(place);
    const said = h("button", { class: "sample", role: "radio", title: words, "aria-label": place === OWN ? words : `Sample ${place}: ${words}`, onclick: () => this.choose(place) });
    said.append(this.dataset.kind === "tokens" ? h("span", { class: "tokens" }, this.text(place, true)) : h("canvas", {}));
    return said;
  }

  /** What a sample is, in words. */
  words(place) {
    const { kind, features } = this.dataset;
    const truth = place === OWN ? "" : this.truth(place);
    const { values } = this.row(place);
    const own = place === OWN ? "Your own" : "";
    const told = (words) => [own, words].filter(Boolean).join(": ");
    if (kind === "tokens") return told(`${this.text(place)}${truth && `: ${truth}`}`);
    if (features.length === values.length) return told(`${features.map((name, at) => `${name} ${number(values[at])}`).slice(0, 4).join(", ")}${truth && `: ${truth}`}`);
    return truth || own || `number ${place}`;
  }

  /** The right answer in words, "" where it is no single one. */
  truth(place) {
    const { classes, per_step, task } = this.dataset;
    const target = row(this.y, place).values;
    if (per_step || target.length > 3) return "";
    if (task === "classification" && classes.length) return classes[target[0]] ?? String(target[0]);
    return Array.from(target, number).join(", ");
  }

  /** A sample as the dataset has it, { shape, values }. */
  row(place = this.at) {
    return place === OWN ? row(this.mine.x, 0) : row(this.x, place);
  }

  /** Its tokens as a line without what fills it up; `loose` for the eye: a space is a space. */
  text(place = this.at, loose = false) {
    const { vocabulary, pad, pad_before: before } = this.dataset;
    const tokens = [...this.row(place).values];
    while (pad && tokens.length > 1 && vocabulary[tokens.at(before ? 0 : -1)] === pad) tokens[before ? "shift" : "pop"]();
    if (!loose) return joined(tokens, vocabulary);
    return tokens.map((token) => vocabulary[token] ?? token).join(characters(vocabulary) ? "" : " ").trim();
  }

  choose(place) {
    if (!this.buttons.length) return;
    this.at = place;
    this.#mark();
    this.#tile(place)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.chosen(place);
  }

  #tile(place) {
    return place === OWN ? this.tile : this.buttons[place];
  }

  #mark() {
    if (this.at === OWN && !this.tile) this.at = 0;
    for (const place of [OWN, ...this.buttons.keys()]) {
      const button = this.#tile(place);
      button?.setAttribute("aria-checked", String(place === this.at));
      if (button) button.tabIndex = place === this.at ? 0 : -1;
    }
  }

  #key(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const places = [...(this.tile ? [OWN] : []), ...this.buttons.keys()];
    this.choose(places.at((places.indexOf(this.at) + step) % places.length));
    this.#tile(this.at).focus();
  }

  paint(theme) {
    this.theme = theme;
    const draw = { image: image, points: points, table: cells, sequence: spark }[this.dataset?.kind];
    if (!draw) return;
    this.buttons.forEach((button, place) => draw(button.firstChild, this, place, theme));
    if (this.tile) draw(this.tile.firstChild, this.#withMine(), this.buttons.length, theme);
  }

  /** The samples and a person's own as the last of them. */
  #withMine() {
    const { x, y, dataset, mine } = this;
    const values = new x.values.constructor(x.values.length + mine.x.values.length);
    values.set(x.values);
    values.set(mine.x.values, x.values.length);
    return { dataset, y, x: { shape: [x.shape[0] + 1, ...x.shape.slice(1)], values } };
  }
}

function image(canvas, { x, dataset }, place) {
  const sample = row(x, place);
  const [low, high] = x.values instanceof Uint8Array ? [0, 255] : [dataset.low, dataset.high];
  const context = sized(canvas, SIDE, SIDE);
  context.imageSmoothingEnabled = false;
  context.drawImage(painted(sample, low, high), 0, 0, SIDE, SIDE);
}

/** Where a point lies among the others. */
function points(canvas, { x, y }, place, theme) {
  const context = sized(canvas, SIDE, SIDE);
  const ends = [0, 1].map((axis) => {
    const all = Array.from({ length: x.shape[0] }, (_, at) => x.values[2 * at + axis]);
    return [Math.min(...all), Math.max(...all)];
  });
  const dot = (at, radius, ink) => {
    const [across, up] = ends.map(([low, high], axis) => (x.values[2 * at + axis] - low) / (high - low || 1));
    context.fillStyle = ink;
    context.beginPath();
    context.arc(4 + across * (SIDE - 8), SIDE - 4 - up * (SIDE - 8), radius, 0, 2 * Math.PI);
    context.fill();
  };
  for (let at = 0; at < x.shape[0]; at += 1) dot(at, 1.2, theme.line);
  const { signed: stops } = theme.stops;
  dot(place, 3.4, [stops[0], stops.at(-1)][y.values[place]] ?? theme.accent);
}

/** A row of numbers as a row of cells, each feature on its own scale. */
function cells(canvas, { x }, place, theme) {
  const [count, features] = [x.shape[0], row(x, 0).values.length];
  const context = sized(canvas, ROW, SIDE);
  const mean = (feature) => Array.from({ length: count }, (_, at) => x.values[at * features + feature]).reduce((sum, each) => sum + each, 0) / count;
  const off = Array.from(row(x, place).values, (value, feature) => value - mean(feature));
  const spread = off.map((_, feature) => extent(Array.from({ length: count }, (_, at) => x.values[at * features + feature] - mean(feature))));
  const lines = Math.ceil(Math.sqrt(features / 2));
  const across = Math.ceil(features / lines);
  off.forEach((value, feature) => {
    context.fillStyle = css(theme.lookup.signed, value / (spread[feature] || 1), { low: -1, high: 1 });
    context.fillRect((feature % across) * (ROW / across), Math.floor(feature / across) * (SIDE / lines), ROW / across - 1, SIDE / lines - 1);
  });
}

function spark(canvas, { x }, place, theme) {
  const sample = row(x, place);
  const [steps, features] = [sample.shape[0], sample.shape[1] ?? 1];
  const context = sized(canvas, ROW, SIDE);
  const { high } = signed(sample.values);
  context.strokeStyle = theme.accent;
  context.beginPath();
  for (let step = 0; step < steps; step += 1) context[step ? "lineTo" : "moveTo"]((step / Math.max(steps - 1, 1)) * ROW, SIDE / 2 - (sample.values[step * features] / high) * (SIDE / 2 - 2));
  context.stroke();
}
