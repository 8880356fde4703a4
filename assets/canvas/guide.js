// Onboarding (empty state): what to do next, where a network has no layers to speak of yet.

import { h } from "../draw/dom.js";

/** Whether anything is built: an Input alone is where every network begins, and no mistake. */
export const begun = (picture) => picture.nodes.some((node) => node.layer !== "Input");

const STEPS = [
  "Press the + below the Input and choose a first layer, or pick one from the list of layers.",
  "Go on below the last layer: each card says what comes out of it, and the last one gives the answer.",
  "Press Train and choose a dataset: what the network still needs for it is said there, with a button.",
];

const INPUT = { label: "Add an Input", edit: { kind: "add", layer: "Input" } };

/** The steps, and the first one as buttons; `onFix(edit)` answers them. */
export function guide(picture, onFix) {
  const empty = picture.nodes.length === 0;
  const words = empty ? "This network has no layers yet." : "An Input and nothing else yet.";
  const known = empty ? [INPUT] : picture.problems.flatMap((problem) => problem.fixes); // Keras need not be asked for an Input
  const fixes = picture.editable ? known : [];
  const first = fixes.map((fix) => h("button", { class: "train", onclick: () => onFix(fix.edit) }, fix.label));
  const steps = picture.editable && !empty ? [h("ol", {}, ...STEPS.map((step) => h("li", {}, step)))] : [];
  return h("div", { class: "guide", role: "note" }, h("p", {}, words), ...steps, ...first);
}
