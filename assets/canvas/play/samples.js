// A strip of samples that nothing is learned from, to choose one of: small pictures, points of a plane, rows of numbers, words.

import { extent, number, signed } from "../../draw/data.js";
import { h } from "../../draw/dom.js";
import { painted } from "../../draw/pictures.js";
import { css } from "../../draw/theme.js";
import { numbers, row } from "../../train/pictures/arrays.js";

const SIDE = 34; // pixels of a sample's picture
const ROW = 54; // and of what is wider than high

export class Samples {
  dataset; x; y; theme; chosen; at; buttons; list; next; element;

  /** `chosen(place)` hears of a press. */
  constructor(chosen) {
    this.chosen = chosen;
    this.at = 0;
    this.buttons = [];
    this.list = h("div", { class: "samples", role: "radiogroup", "aria-label": "Sample", onkeydown: (event) => this.#key(event) });
    this.next = h("button", { class: "tool", title: "Next sample", "aria-label": "Next sample", onclick: () => this.choose((this.at + 1) % Math.max(this.buttons.length, 1)) }, h("span", { class: "icon", "aria-hidden": "true" }, "navigate_next"));
    this.element = h("div", { class: "play-samples" }, this.list, this.next);
  }

  /** Take a dataset's samples: `sent` {x, y}. */
  take(dataset, sent, theme) {
    Object.assign(this, { dataset, x: numbers(sent.x), y: numbers(sent.y), at: 0 });
    this.buttons = Array.from({ length: this.x.shape[0] }, (_, place) => this.#button(place));
    this.list.replaceChildren(...this.buttons);
    this.paint(theme);
    this.#mark();
  }

  empty(words) {
    this.buttons = [];
    this.list.replaceChildren(h("span", { class: "quiet" }, words));
  }

  #button(place) {
    const words = this.words(place);
    const said = h("button", { class: "sample", role: "radio", title: words, "aria-label": `Sample ${place}: ${words}`, onclick: () => this.choose(place) });
    said.append(this.dataset.kind === "tokens" ? h("span", { class: "tokens" }, this.#text(place)) : h("canvas", {}));
    return said;
  }

  /** What a sample is, in words. */
  words(place) {
    const { kind, features } = this.dataset;
    const truth = this.truth(place);
    const values = row(this.x, place).values;
    if (kind === "tokens") return `${this.#text(place)}${truth && `: ${truth}`}`;
    if (features.length === values.length) return `${features.map((name, at) => `${name} ${number(values[at])}`).slice(0, 4).join(", ")}${truth && `: ${truth}`}`;
    return truth || `number ${place}`;
  }

  /** The right answer of a sample of the strip; "" of one that is not on it. */
  truthOf(place) {
    return place < this.buttons.length ? this.truth(place) : "";
  }

  /** The right answer in words, "" where it is no single one. */
  truth(place) {
    const { classes, per_step, task } = this.dataset;
    const target = row(this.y, place).values;
    if (per_step || target.length > 3) return "";
    if (task === "classification" && classes.length) return classes[target[0]] ?? String(target[0]);
    return Array.from(target, number).join(", ");
  }

  #text(place) {
    return Array.from(row(this.x, place).values, (token) => this.dataset.vocabulary[token] ?? token).join(" ").trim();
  }

  choose(place) {
    if (!this.buttons.length) return;
    this.at = place;
    this.#mark();
    this.buttons[place].scrollIntoView({ block: "nearest", inline: "nearest" });
    this.chosen(place);
  }

  #mark() {
    this.buttons.forEach((button, place) => {
      button.setAttribute("aria-checked", String(place === this.at));
      button.tabIndex = place === this.at ? 0 : -1;
    });
  }

  #key(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    this.choose((this.at + step + this.buttons.length) % this.buttons.length);
    this.buttons[this.at].focus();
  }

  paint(theme) {
    this.theme = theme;
    const draw = { image: image, points: points, table: cells, sequence: spark }[this.dataset?.kind];
    if (draw) this.buttons.forEach((button, place) => draw(button.firstChild, this, place, theme));
  }
}

/** A canvas of so many CSS pixels, and its context. */
function sized(canvas, width, height = SIDE) {
  const sharp = window.devicePixelRatio || 1;
  Object.assign(canvas, { width: width * sharp, height: height * sharp });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const context = canvas.getContext("2d");
  context.scale(sharp, sharp);
  return context;
}

function image(canvas, { x, dataset }, place) {
  const sample = row(x, place);
  const [low, high] = x.values instanceof Uint8Array ? [0, 255] : [dataset.low, dataset.high];
  const context = sized(canvas, SIDE);
  context.imageSmoothingEnabled = false;
  context.drawImage(painted(sample, low, high), 0, 0, SIDE, SIDE);
}

/** Where a point lies among the others. */
function points(canvas, { x, y }, place, theme) {
  const context = sized(canvas, SIDE);
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
  const context = sized(canvas, ROW);
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
  const context = sized(canvas, ROW);
  const { high } = signed(sample.values);
  context.strokeStyle = theme.accent;
  context.beginPath();
  for (let step = 0; step < steps; step += 1) context[step ? "lineTo" : "moveTo"]((step / Math.max(steps - 1, 1)) * ROW, SIDE / 2 - (sample.values[step * features] / high) * (SIDE / 2 - 2));
  context.stroke();
}
