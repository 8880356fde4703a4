// What can be done with several selected layers, as a bar above the network.

import { h, icon } from "../draw/dom.js";
import { rove, settle } from "./roving.js";
import { duplicate, remove } from "./selecting.js";

/** The bar: { element, count }, hidden while no two layers are selected. */
export function makeSelectionBar(editor) {
  const button = (label, sign, act) => h("button", { class: "tool", title: label, "aria-label": label, onclick: act }, icon(sign));
  const clip = (what) => () => {
    editor.toNetwork(); // the browser asks who has the focus what is to be copied
    document.execCommand(what);
  };
  const count = h("span", { class: "count", role: "status" });
  const buttons = [
    button("Copy (Ctrl+C)", "content_copy", clip("copy")),
    button("Cut (Ctrl+X)", "content_cut", clip("cut")),
    button("Duplicate (Ctrl+D)", "control_point_duplicate", () => duplicate(editor)),
    button("Delete (Delete)", "delete", () => remove(editor)),
    button("Select none (Escape)", "close", () => (editor.select([]), editor.toNetwork())),
  ];
  const element = h("div", { class: "chosen-bar", "aria-label": "Selected layers", hidden: true }, count, ...buttons);
  rove(element);
  settle(element);
  return { element, count };
}
