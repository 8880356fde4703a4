// List view and help: the two other faces of the canvas.

import { grouped } from "../draw/data.js";
import { h, icon } from "../draw/dom.js";
import { shapeShort } from "./card.js";

const TITLES = ["Layer", "Name", "Settings", "Output", "Parameters", "Multiply-accumulates"];

/** The network as a table, one row a layer; a press on a row chooses it. */
export function listView(picture, looks, chosen, choose) {
  const rows = [...picture.nodes].sort((a, b) => a.y - b.y || a.x - b.x).map((node) => {
    const name = h("button", { class: "link", onclick: () => choose(node.name) }, node.name);
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
  ["Enter", "Edit the layer's settings"],
  ["A", "Add a layer after this one"],
  ["/", "Search the layers to add"],
  ["Delete", "Delete the layer; its neighbours are joined"],
  ["Ctrl D", "Duplicate the layer"],
  ["Alt ↑ ↓", "Move the layer up or down"],
  ["C", "Connect: press the layer to feed, or go there and Enter"],
  ["F2", "Rename the layer"],
  ["Ctrl Z", "Undo"],
  ["Ctrl Shift Z", "Redo, also Ctrl Y"],
  ["− + 0", "Zoom out, in, and back"],
  ["Escape", "Close what is open"],
];

const GESTURES = [
  "Press a layer in the palette to add it after the chosen one, or drag it onto a wire.",
  "Press the + on a wire, or the wire, to insert a layer there or to remove the connection; the + below a last layer adds one.",
  "Drag a card to move its layer. Drag the dot below a card to another card to connect them.",
  "Drag the ground to look around; Ctrl and the wheel zoom.",
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
