// An input of a person's own for the network that plays: drawn on Explore's sheet, typed as tokens, or typed as numbers.

import { count, exact } from "../../draw/data.js";
import { h, icon } from "../../draw/dom.js";
import { joined } from "../../draw/tokens.js";
import { Sheet } from "../../explore/input/draw.js";
import { numbers } from "../../train/pictures/arrays.js";

const WAIT = 450; // ms after the last key
const MARGIN = 8; // pixels to the window's edges
const WIDE = 300; // pixels of the panel, as its style has them
const kept = new Map(); // what was given, by dataset, while the page lives

export class Own {
  host; button; panel; said; field; dataset; start; timer; asked; inputs;

  /** `host`: { samples, send({ way, sent }), given(), handed() }: sends it to the server, hears that there is one, and that a run has it. */
  constructor(host) {
    this.host = host;
    this.asked = 0;
    this.said = h("p", { class: "own-said", role: "status" });
    this.field = h("div", { class: "own-field" });
    this.panel = h("div", { class: "play-own", popover: "auto", role: "dialog", onbeforetoggle: () => this.#stand(), ontoggle: (event) => event.newState === "open" && this.field.querySelector("input, textarea, canvas").focus() }, this.field, this.said);
    this.panel.addEventListener("keydown", (event) => event.key !== "Escape" && event.stopPropagation()); // the canvas's keys are not meant here
    this.button = h("button", { class: "tool play-own-open", hidden: true, "aria-haspopup": "dialog" });
    this.button.popoverTargetElement = this.panel;
  }

  /** Another dataset, with the samples of its strip. */
  take(dataset, editable) {
    clearTimeout(this.timer);
    this.dataset = dataset;
    const draws = dataset.kind === "image";
    const label = draws ? "Draw one of your own" : "Type one of your own";
    this.button.hidden = !editable;
    this.button.replaceChildren(icon(draws ? "draw" : "keyboard"));
    for (const [name, value] of [["title", label], ["aria-label", label]]) this.button.setAttribute(name, value);
    this.panel.setAttribute("aria-label", label);
    this.#fill();
    this.host.samples.give(kept.get(dataset.name) ?? null);
  }

  #fill() {
    const { kind, input_shape: shape } = this.dataset;
    this.said.textContent = "";
    if (kind === "image") this.#sheet();
    else if (kind === "tokens") this.#line();
    else if (shape.length === 2) this.#series();
    else this.#row();
  }

  #sheet() {
    const root = h("div", { class: "inspect" });
    this.field.replaceChildren(root);
    new Sheet(root).take({ data: { ...this.dataset.sheet, image: this.#before("drawn") ?? "" }, setStateValue: (_, sent) => this.send("drawn", sent) });
    this.start = () => {};
  }

  #line() {
    const { vocabulary } = this.dataset;
    const input = h("input", { type: "text", autocomplete: "off", spellcheck: "false", "aria-label": "Your own text", oninput: () => this.#later("text", () => input.value) });
    const words = joined(vocabulary.map((_, token) => token), vocabulary);
    this.field.replaceChildren(input, h("p", { class: "own-known" }, `It knows: ${words}`));
    this.start = () => (input.value = this.#before("text") ?? this.host.samples.text());
  }

  #row() {
    const names = this.dataset.features;
    const all = () => [this.inputs.map((input) => input.value)];
    this.inputs = Array.from({ length: this.dataset.input_shape[0] }, () => h("input", { type: "text", inputmode: "decimal", autocomplete: "off", oninput: () => this.#later("numbers", all) }));
    this.field.replaceChildren(h("div", { class: "own-row" }, ...this.inputs.map((input, at) => h("label", {}, names[at] ?? `number ${at}`, input))));
    this.start = () => {
      const now = this.#before("numbers")?.[0] ?? Array.from(this.host.samples.row().values, exact);
      this.inputs.forEach((input, at) => (input.value = now[at]));
    };
  }

  #series() {
    const [steps, features] = this.dataset.input_shape;
    const area = h("textarea", { rows: 10, spellcheck: "false", "aria-label": "Your own numbers", oninput: () => this.#later("numbers", () => inRows(area.value, features)) });
    const names = features > 1 ? `, on each line ${this.dataset.features.join(" and ")}` : "";
    this.field.replaceChildren(area, h("p", { class: "own-known" }, `${count(steps, "step")}${names}; spaces between numbers`));
    this.start = () => (area.value = (this.#before("numbers") ?? inRows(Array.from(this.host.samples.row().values, exact).join(" "), features)).map((line) => line.join(" ")).join("\n"));
  }

  #before(way) {
    const own = kept.get(this.dataset.name);
    return own?.way === way ? own.sent : null;
  }

  /** Below its button, within the window. */
  #stand() {
    this.start();
    this.said.textContent = "";
    const place = this.button.getBoundingClientRect();
    const left = Math.min(place.right, window.innerWidth - MARGIN) - WIDE;
    Object.assign(this.panel.style, { left: `${Math.max(left, MARGIN)}px`, top: `${place.bottom + MARGIN}px` });
  }

  #later(way, sent) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(way, sent()), WAIT);
  }

  /** Give it to the server: it becomes the strip's sample, or the reason why it cannot be one is said. */
  async send(way, sent) {
    const own = await this.#taken(way, sent);
    if (!own) return;
    this.host.samples.give(own);
    this.host.given();
  }

  /** What the server makes of it; null where that is nothing, or was overtaken. */
  async #taken(way, sent) {
    this.asked += 1;
    const [mine, { name }] = [this.asked, this.dataset];
    const answer = await this.host.send({ way, sent });
    if (mine !== this.asked || name !== this.dataset.name) return null;
    this.said.textContent = answer.mark ? "" : answer.error?.message ?? "The server does not answer.";
    if (!answer.mark) return null;
    kept.set(name, { mark: answer.mark, x: numbers(answer.x), way, sent });
    return kept.get(name);
  }

  /** Hand it to another run: the mark is another one where the network takes it in another length. */
  async again() {
    const { way, sent, mark } = kept.get(this.dataset.name);
    const own = await this.#taken(way, sent);
    if (own && own.mark !== mark) this.host.samples.give(own);
    this.host.handed();
  }
}

/** Numbers with spaces, semicolons or line ends between them, as rows of so many. */
export function inRows(text, features) {
  const all = text.split(/[\s;]+/).filter(Boolean);
  return Array.from({ length: Math.ceil(all.length / features) }, (_, step) => all.slice(step * features, (step + 1) * features));
}
