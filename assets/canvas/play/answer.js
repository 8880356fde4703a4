// Prediction of the network that plays for the chosen sample, beside what is right: one way to show it for each kind of answer.

import { Chances } from "../../draw/chances.js";
import { array, number } from "../../draw/data.js";
import { h } from "../../draw/dom.js";
import { joined, visible } from "../../draw/tokens.js";
import { percent } from "../../train/pictures/arrays.js";
import { axes, likeliest, rows, tiles } from "./answer_drawings.js";
import { sizeOf } from "./sized.js";

const TALL = 38; // pixels below the words
const SHOWN = 6; // letters of what a token follows

export class Answer {
  said; bars; element; size;

  constructor() {
    this.said = h("b", { class: "answer-words" });
    this.bars = h("span", { class: "answer-bars", "aria-hidden": "true" });
    this.element = h("div", { class: "play-answer" }, this.said, this.bars);
    this.size = sizeOf(this.bars);
  }

  clear() {
    this.said.textContent = "";
    this.bars.replaceChildren();
  }

  /** Show an answer, null where there is none to say; `targets` are those of the strip's samples, { shape, values }. */
  show(answer, { dataset, targets, theme }) {
    const way = answer && WAYS[answer.kind];
    if (!way) return void this.clear();
    const { words, title = words, drawn } = way(answer, { dataset, targets, theme, room: this.size()[0] || 180 });
    if (this.said.textContent !== words) this.said.textContent = words;
    this.said.title = title;
    this.bars.replaceChildren(...(drawn ? [drawn] : []));
  }
}

const WAYS = { classes, numbers, next, steps, again };
const known = (values) => values.map((value) => value ?? NaN);
const beside = (right, same) => (right === null ? "" : same ? " ✓" : ` ✗ ${right}`);
const largest = (values) => values.reduce((most, value, at) => (value > values[most] ? at : most), 0);
const lost = "not a number";

function bars(values, names, { room, theme }) {
  const panel = new Chances({ name: "", values, names, tall: TALL, widest: Math.max(30, room / Math.max(values.length, 5)), quiet: true });
  panel.canvas.tabIndex = -1;
  panel.draw(room, theme);
  return panel.canvas;
}

/** A class and its chance. */
function classes({ values, places, right }, look) {
  const found = known(values);
  const names = (places ?? found.map((_, at) => at)).map((place) => look.dataset.classes[place] ?? String(place));
  const best = largest(found);
  const truth = right === null ? null : look.dataset.classes[right] ?? String(right);
  const words = Number.isNaN(found[best]) ? lost : `${names[best]} ${percent(found[best])}${beside(truth, truth === names[best])}`;
  return { words, drawn: bars(found, names, look) };
}

/** Predicted numbers, and the right ones. */
function numbers({ values, right }, { dataset, targets, theme, room }) {
  const said = values.map((value) => (value === null ? lost : number(value)));
  const named = said.map((value, at) => `${dataset.target_names[at] ?? `number ${at}`}: ${value}${right ? `, right is ${number(right[at])}` : ""}`);
  const words = `${said.slice(0, 3).join(", ")}${right ? ` · right is ${right.slice(0, 3).map(number).join(", ")}` : ""}`;
  return { words, title: named.join("\n"), drawn: axes(known(values), right, targets, room, TALL, theme) };
}

/** The likeliest next tokens. */
function next({ places, values, tail, right }, look) {
  const { vocabulary, classes: answers } = look.dataset;
  const names = places.map((place) => visible(answers[place] ?? String(place)));
  const truth = right === null ? null : visible(answers[right] ?? String(right));
  const text = joined(tail, vocabulary);
  const end = text.length > SHOWN ? `…${text.slice(-SHOWN)}` : text;
  const [best] = values;
  const words = best === null ? lost : `${end} → ${names[0]} ${percent(best)}${beside(truth, truth === names[0])}`;
  const each = names.map((name, at) => `${name} ${values[at] === null ? lost : percent(values[at])}`);
  return { words, title: `After “${text}”: ${each.join(", ")}`, drawn: likeliest(names, known(values), look.room, TALL, look.theme) };
}

/** A class at each step, the right ones below. */
function steps({ answer, right, forced, wrong }, { dataset, theme, room }) {
  const spelled = (numbers) => numbers.map((each) => visible(dataset.classes[each] ?? String(each)));
  const count = right?.filter((each, at) => each === answer[at]).length;
  const words = wrong ? lost : right ? `${count} of ${right.length} steps right` : "Its own answer";
  const how = forced ? "Each step is said after the right ones before it." : "";
  const title = [spelled(answer).join(" "), right && `right is ${spelled(right).join(" ")}`, how].filter(Boolean).join("\n");
  return { words, title, drawn: rows(spelled(answer), right && spelled(right), room, TALL, theme) };
}

/** The input given again. */
function again({ error, input, output, right }, { dataset, theme, room }) {
  const words = error === null ? lost : `mean squared error ${number(error)}`;
  const parts = [["input", input], ["given again", output], ...(right ? [["without noise", right]] : [])];
  const title = `${words}; from left to right: ${parts.map(([name]) => name).join(", ")}`;
  return { words, title, drawn: tiles(parts.map(([, sent]) => array(sent)), dataset, room, TALL, theme) };
}
