// The toolbar below the canvas: totals (parameters, memory) at the left, buttons at the right.

import { count, grouped, inBytes, inUnits, noun } from "../draw/data.js";
import { h, icon } from "../draw/dom.js";
import { begun } from "./guide.js";

/** Builds the bar. `acts`: undo, redo, list, help, train, problem. */
export function makeBar(acts) {
  const button = (name, sign, label, act) => {
    const made = h("button", { class: `tool ${name}`, title: label, "aria-label": label, onclick: act }, icon(sign));
    return made;
  };
  const parts = {
    totals: h("div", { class: "totals", role: "status", "aria-label": "Totals" }),
    undo: button("undo", "undo", "Undo (Ctrl+Z)", acts.undo),
    redo: button("redo", "redo", "Redo (Ctrl+Shift+Z)", acts.redo),
    list: button("list", "list", "List view", acts.list),
    help: button("help", "help", "Keyboard and mouse (?)", acts.help),
    train: h("button", { class: "train", onclick: acts.train }, "Train"),
  };
  const tools = h("div", { class: "tools" }, parts.undo, parts.redo, parts.list, parts.help, parts.train);
  return { ...parts, acts, tools, element: h("div", { class: "bar", "aria-label": "Totals and tools" }, parts.totals, tools) };
}

/** Write a picture's totals; `device` is where the computing happens. */
export function fillBar(bar, picture, device) {
  const { totals, problems } = picture;
  const [megas, unit] = inBytes(totals.weight_bytes);
  const [macs, times] = inUnits(totals.macs);
  const [memory, memoryUnit] = inBytes(totals.activation_bytes);
  const loading = h("span", { class: "figure" }, "Keras is still loading; shapes and counts follow in a moment");
  if (picture.pending) bar.totals.replaceChildren(loading);
  else bar.totals.replaceChildren(
    figure(grouped(totals.params), noun(totals.params, "parameter"), trainableHint(totals)),
    figure(megas, unit, "The weights' size, 4 bytes for each"),
    figure(`${macs}${times && ` ${times}`}`, "multiply-accumulates", "For one example, forwards", "wide"),
    figure(memory, `${memoryUnit} activations`, `The layers' outputs for a batch of ${totals.batch_size}`, "wide"),
    ...(begun(picture) ? [problemButton(problems, bar.acts.problem)] : []),
    ...(device ? [h("span", { class: "device wide", title: "Where training and probes compute" }, icon("memory"), device)] : []),
  );
  able(bar.undo, picture.editable && picture.can_undo);
  able(bar.redo, picture.editable && picture.can_redo);
  bar.undo.title = picture.undo ? `Undo: ${picture.undo} (Ctrl+Z)` : "Undo (Ctrl+Z)";
  bar.redo.title = picture.redo ? `Redo: ${picture.redo} (Ctrl+Shift+Z)` : "Redo (Ctrl+Shift+Z)";
  bar.train.hidden = !picture.editable;
}

/** A button that can do nothing now says so and keeps the focus, which a disabled one would lose. */
export const able = (button, can) => button.setAttribute("aria-disabled", String(!can));

const trainableHint = (totals) =>
  totals.trainable === totals.params ? "All of them are trained" : `${grouped(totals.trainable)} of them are trained`;

const figure = (value, words, title, kind = "") => h("span", { class: `figure ${kind}`, title }, h("b", {}, value), ` ${words}`);

function problemButton(problems, jump) {
  if (problems.length === 0) return h("span", { class: "figure fine" }, "No problems");
  const errors = problems.filter((problem) => problem.severity === "error").length;
  const sign = errors ? "error" : "warning";
  const words = errors ? count(problems.length, "problem") : count(problems.length, "warning");
  return h("button", { class: `figure problems ${sign}`, title: problems[0].message, onclick: jump }, icon(sign), words);
}
