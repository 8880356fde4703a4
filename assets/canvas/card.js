// A node's card: a layer's type, output shape, costs and problems.

import { count, grouped } from "../draw/data.js";
import { h, icon } from "../draw/dom.js";
import { dotAt, outputsOf } from "./ports.js";
import { volume } from "./volume.js";

/** The shape in words: "height 26 · width 26 · channels 32". */
export const shapeWords = (node) => node.shape.map((side, axis) => `${node.axes[axis] ?? "axis"} ${side === null ? "any" : grouped(side)}`).join(" · ");

/** The shape in short: "26 × 26 × 32". */
export const shapeShort = (node) => node.shape.map((side) => (side === null ? "any" : grouped(side))).join(" × ");

/** What a screen reader says of a card. */
function spoken(node) {
  const parts = [`${node.layer} ${node.name}`, node.settings];
  if (node.shape) parts.push(`output ${shapeWords(node)}`, count(node.params, "parameter"));
  if (node.problem) parts.push(`${node.problem.severity}: ${node.problem.message}`);
  return parts.filter(Boolean).join(", ");
}

/** Fill a card anew; `look` holds the family's colours and icon, `largest` the scale, `onFix(edit)` answers a fix button. */
export function fillCard(card, node, look, { largest, editable, onFix }) {
  card.className = ["card", "family", node.problem && `has-${node.problem.severity}`, node.guessed && "guessed", node.heavy && "heavy"].filter(Boolean).join(" ");
  card.style.setProperty("--light", look.light);
  card.style.setProperty("--dark", look.dark);
  card.style.setProperty("--heavy", `${Math.round(6 + 18 * (node.heavy || 0))}%`);
  card.setAttribute("aria-label", spoken(node));
  card.replaceChildren(
    h("span", { class: "drawing" }, node.shape ? volume(node.shape, largest) : icon(node.guessed ? "more_horiz" : look.icon)),
    h("div", { class: "what" }, title(node, look), node.problem ? problemText(node) : h("div", { class: "settings" }, node.settings)),
    node.problem && !node.shape ? h("div", { class: "fixes" }, ...fixButtons(node, editable, onFix)) : figures(node, editable, onFix),
    ...(editable ? dots(node) : []),
  );
}

/** A dot for each output: a wire that is drawn from it carries that one. */
function dots(node) {
  const outputs = outputsOf(node);
  return outputs.map(({ name }, place) => {
    const which = outputs.length > 1 ? `${name}: ` : "";
    const label = `Connect ${outputs.length > 1 ? `the ${name} of ` : ""}${node.name} to another layer`;
    const title = `${which}drag to another layer to connect (C), or press to add one`;
    return h("button", { class: "handle", tabindex: "-1", dataset: { port: name }, style: `left: calc(50% + ${dotAt(place)}px)`, title: title[0].toUpperCase() + title.slice(1), "aria-label": label });
  });
}

function title(node, look) {
  return h(
    "div",
    { class: "title" },
    icon(look.icon),
    h("b", {}, node.layer),
    h("span", { class: "name", title: node.name }, node.name),
    node.trainable ? null : h("span", { class: "frozen", title: "Frozen: training leaves its weights as they are" }, icon("ac_unit")),
  );
}

function problemText(node) {
  return h("div", { class: "problem", title: node.problem.message }, icon(node.problem.severity === "error" ? "error" : "warning"), h("span", {}, node.problem.message));
}

function fixButtons(node, editable, onFix) {
  if (!editable) return [];
  const press = (fix) => (event) => {
    event.stopPropagation();
    onFix(fix.edit);
  };
  return node.problem.fixes.slice(0, 2).map((fix) => h("button", { class: "fix", onclick: press(fix) }, fix.label));
}

/** The outputs beside the first: "also hidden 32, cell 32". */
const also = ({ outputs }) => (outputs?.length ? `also ${outputs.slice(1).map(({ name, shape }) => (shape ? `${name} ${shapeShort({ shape })}` : name)).join(", ")}` : "");

/** Why a layer has no shape. */
const unknown = (node) => (node.guessed || node.pending ? "Keras is asked what comes out of it" : "What comes in is not known, or has a problem: then nothing is known of what comes out");

/** What a card's second line says, in whole words. */
function cost({ params, trainable, heavy, outputs }) {
  const heaviest = heavy ? `, ${Math.round(100 * heavy)} % of the network's, which its colour shows` : "";
  const further = outputs?.length ? "; it has further outputs beside its first, each with a dot of its own" : "";
  return `${count(params, "number")} that it ${trainable ? "learns" : "keeps as they are"}${heaviest}${further}`;
}

function figures(node, editable, onFix) {
  if (!node.shape) return h("div", { class: "figures" }, h("div", { class: "cost", title: unknown(node) }, node.guessed || node.pending ? "…" : "no shape yet"));
  const fixes = node.problem ? fixButtons(node, editable, onFix) : [];
  return h(
    "div",
    { class: "figures" },
    h("div", { class: "shape long" }, shapeWords(node)),
    h("div", { class: "shape brief", title: shapeWords(node) }, shapeShort(node)),
    fixes.length ? h("div", { class: "fixes" }, ...fixes) : h("div", { class: "cost", title: cost(node) }, [count(node.params, "parameter"), also(node)].filter(Boolean).join(" · ")),
  );
}
