// One layer's card: what it is, what comes out of it, what it costs, and what is wrong with it.

import { count, grouped } from "../draw/data.js";
import { h, icon } from "../draw/dom.js";
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
    ...(editable ? [h("button", { class: "handle", tabindex: "-1", title: "Drag to another layer to connect (C)", "aria-label": `Connect ${node.name} to another layer` })] : []),
  );
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

function figures(node, editable, onFix) {
  if (!node.shape) return h("div", { class: "figures" }, h("div", { class: "cost" }, node.guessed || node.pending ? "…" : "no shape yet"));
  const fixes = node.problem ? fixButtons(node, editable, onFix) : [];
  return h(
    "div",
    { class: "figures" },
    h("div", { class: "shape long" }, shapeWords(node)),
    h("div", { class: "shape brief", title: shapeWords(node) }, shapeShort(node)),
    fixes.length ? h("div", { class: "fixes" }, ...fixes) : h("div", { class: "cost" }, [count(node.params, "parameter"), also(node)].filter(Boolean).join(" · ")),
  );
}
