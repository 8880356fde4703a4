// The two other faces of the canvas: the network as a list, and the help.

import { shapeShort } from "./card.js";
import { el, icon, number } from "./dom.js";

const TITLES = ["Layer", "Name", "Settings", "Output", "Parameters", "Multiply-accumulates"];

/** The network as a table, one row a layer; a press on a row chooses it. */
export function listView(picture, looks, chosen, choose) {
  const rows = [...picture.nodes].sort((a, b) => a.y - b.y || a.x - b.x).map((node) => {
    const name = el("button", { class: "link", onclick: () => choose(node.name) }, node.name);
    const look = looks[node.family] ?? looks.block;
    const kind = el("td", { class: "family" }, icon(look.icon), node.layer);
    kind.style.setProperty("--light", look.light);
    kind.style.setProperty("--dark", look.dark);
    const output = node.shape ? shapeShort(node) : (node.problem?.message ?? "no shape yet");
    const cells = [node.settings, output, number(node.params), number(node.macs)].map((text, at) => el("td", { class: at > 1 ? "number" : "" }, text));
    return el("tr", { class: node.name === chosen ? "chosen" : "", "aria-current": node.name === chosen ? "true" : null }, kind, el("td", {}, name), ...cells);
  });
  const head = el("tr", {}, ...TITLES.map((title, at) => el("th", { scope: "col", class: at > 3 ? "number" : "" }, title)));
  return el("table", { class: "listing" }, el("caption", {}, `Layers of ${picture.network}`), el("thead", {}, head), el("tbody", {}, ...rows));
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
  ["C", "Connect: choose the layer to feed, then Enter"],
  ["F2", "Rename the layer"],
  ["Ctrl Z", "Undo"],
  ["Ctrl Shift Z", "Redo, also Ctrl Y"],
  ["− + 0", "Zoom out, in, and back"],
  ["Escape", "Close what is open"],
];

const GESTURES = [
  "Press a layer in the palette to add it after the chosen one, or drag it onto a wire.",
  "Press the + on a wire, or the wire, to insert a layer there or to remove the connection.",
  "Drag a card to move its layer. Drag the dot below a card to another card to connect them.",
  "Drag the ground to look around; Ctrl and the wheel zoom.",
];

/** The help, as a dialog. */
export function helpDialog() {
  const close = el("button", { class: "tool", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"));
  const keys = SHORTCUTS.map(([key, what]) => el("div", { class: "shortcut" }, el("dt", {}, ...key.split(" ").map((each) => el("kbd", {}, each))), el("dd", {}, what)));
  const dialog = el(
    "dialog",
    { class: "sheet", "aria-label": "Keyboard and mouse" },
    el("header", {}, el("h2", {}, "Keyboard and mouse"), close),
    el("dl", {}, ...keys),
    el("ul", {}, ...GESTURES.map((words) => el("li", {}, words))),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  return dialog;
}
