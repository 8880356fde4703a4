// List view and help: the two other faces of the canvas.

import { grouped } from "../draw/data.js";
import { h, icon } from "../draw/dom.js";
import { shapeShort } from "./card.js";

const TITLES = ["Layer", "Name", "Settings", "Output", "Parameters", "Multiply-accumulates"];

/** The network as a table, one row a layer; a press on a row chooses it. */
export function listView(picture, looks, chosen, choose) {
  const rows = [...picture.nodes].sort((a, b) => a.y - b.y || a.x - b.x).map((node) => {
    const name = h("button", { class: "link", tabindex: node.name === chosen ? "0" : "-1", onclick: () => choose(node.name) }, node.name);
    const look = looks[node.family] ?? looks.block;
    const kind = h("td", { class: "family" }, icon(look.icon), node.layer);
    kind.style.setProperty("--light", look.light);
    kind.style.setProperty("--dark", look.dark);
    const output = node.shape ? shapeShort(node) : (node.problem?.message ?? "no shape yet");
    const cells = [node.settings, output, grouped(node.params), grouped(node.macs)].map((text, at) => h("td", { class: at > 1 ? "number" : "" }, text));
    return h("tr", { class: node.name === chosen ? "chosen" : "", "aria-current": node.name === chosen ? "true" : null }, kind, h("td", {}, name), ...cells);
  });
  const head = h("tr", {}, ...TITLES.map((title, at) => h("th", { scope: "col", class: at > 3 ? "number" : "" }, title)));
  return h("table", { class: "listing" }, h("caption", {}, `Layers of ${picture.network}`), h("thead", {}, head), h("tbody", {}, ...rows));
}

const SHORTCUTS = [
  ["↑ ↓", "Go to the layer above or below"],
  ["← →", "Go to the layer beside"],
  ["Shift ↑ ↓", "Select the next layer too; Ctrl A selects all"],
  ["Enter", "Edit the layer's settings, or go into the form; Escape comes back"],
  ["Tab", "From part to part, and within the form from field to field"],
  ["Alt ↑ ↓", "In the form: the field above or below"],
  ["A", "Add a layer after this one; “conv 6 5 tanh” sets it too"],
  ["Shift A", "Add a layer that branches off this one"],
  ["I", "Insert a layer before this one, or cut its wire"],
  ["/", "Search the layers to add"],
  ["Ctrl F", "Find a layer in the network"],
  ["Delete", "Delete what is selected; its neighbours are joined"],
  ["Ctrl D", "Duplicate what is selected"],
  ["Ctrl C", "Copy; Ctrl X cuts, Ctrl V pastes after this layer, in any network"],
  ["Alt ↑ ↓", "On the canvas: move the layer up or down"],
  ["C", "Connect: press the layer to feed, or go there and Enter"],
  ["F2", "Rename the layer"],
  ["Ctrl Z", "Undo"],
  ["Ctrl Shift Z", "Redo, also Ctrl Y"],
  ["− + 0", "Zoom out, in, and back"],
  ["F", "Fit the whole network"],
  ["F6", "Go to the next part of the page: list, play, network, form, bar, menu"],
  ["Escape", "Close what is open, select nothing"],
];

const GESTURES = [
  "Press a layer in the palette to add it after the chosen one, or drag it: onto any part of a wire it goes into that wire, onto a card after it or, at its top, into its free input, onto the ground it stays loose.",
  "Press the + on a wire, or the wire, to insert a layer there or to remove the connection; with Shift the layer stands beside the wire. The + below a last layer adds one.",
  "Drag a card to another wire or card to move its layer. Drag a dot below a card, one for each of its outputs, to another card to connect them, or to the ground to branch off; a press on it does the same.",
  "Press cards with Shift to select several, or draw a frame on the ground with Shift.",
  "Drag the ground to look around; Ctrl and the wheel zoom.",
  "On a touch screen one finger looks around and two fingers zoom. A finger that stays on a card selects it too, and taps then add others; a tap on a card's dot adds a layer there. At the canvas's left and right edge a finger scrolls the page.",
];

/** The help, as a dialog. */
export function helpDialog() {
  const close = h("button", { class: "tool", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"));
  const keys = SHORTCUTS.map(([key, what]) => h("div", { class: "shortcut" }, h("dt", {}, ...key.split(" ").map((each) => h("kbd", {}, each))), h("dd", {}, what)));
  const dialog = h(
    "dialog",
    { class: "sheet", "aria-label": "Keyboard and mouse" },
    h("header", {}, h("h2", {}, "Keyboard and mouse"), close),
    h("dl", {}, ...keys),
    h("ul", {}, ...GESTURES.map((words) => h("li", {}, words))),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  return dialog;
}
