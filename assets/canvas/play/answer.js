// Prediction of the network that plays for the chosen sample: the class and its chance, or the numbers, beside the truth.

import { Chances } from "../../draw/chances.js";
import { number } from "../../draw/data.js";
import { h } from "../../draw/dom.js";
import { percent } from "../../train/pictures/arrays.js";

export class Answer {
  said; bars; element;

  constructor() {
    this.said = h("b", { class: "answer-words" });
    this.bars = h("span", { class: "answer-bars", "aria-hidden": "true" });
    this.element = h("div", { class: "play-answer" }, this.said, this.bars);
  }

  clear() {
    this.said.textContent = "";
    this.bars.replaceChildren();
  }

  /** Show an answer, null where there is none to say; `truth` is the right one in words, "" where it is no single one. */
  show(answer, { dataset, truth, theme }) {
    if (!answer) return void this.said.replaceChildren();
    if (answer.kind === "numbers") this.#numbers(answer.values, dataset, truth);
    else this.#classes(answer.values, dataset, truth, theme);
  }

  #numbers(values, { target_names }, truth) {
    const numbers = values.map((value) => (value === null ? "not a number" : number(value)));
    this.said.textContent = `${numbers.slice(0, 3).join(", ")}${truth && ` · truth ${truth}`}`;
    this.said.title = target_names.join(", ");
  }

  #classes(found, { classes }, truth, theme) {
    const values = found.map((value) => value ?? NaN);
    const best = values.reduce((most, value, at) => (value > values[most] ? at : most), 0);
    const name = classes[best] ?? String(best);
    this.said.textContent = `${name} ${percent(values[best])}${truth && (truth === name ? " ✓" : ` ✗ ${truth}`)}`;
    const panel = new Chances({ name: "", values, names: classes, tall: 38, widest: 30, quiet: true });
    panel.canvas.tabIndex = -1;
    panel.draw(this.bars.clientWidth || 160, theme);
    this.bars.replaceChildren(panel.canvas);
  }
}
