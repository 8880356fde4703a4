// Find in the network (Ctrl+F): the layers whose name, type, settings or problem has the words; Enter goes from one to the next.

import { h, icon } from "../draw/dom.js";

/** The names of the layers in which every word is found, in reading order. */
export function found(nodes, words) {
  const wanted = words.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const text = (node) => [node.name, node.layer, node.family, node.settings, node.problem?.message].filter(Boolean).join(" ").toLowerCase();
  const hits = wanted.length ? nodes.filter((node) => wanted.every((word) => text(node).includes(word))) : [];
  return hits.sort((a, b) => a.y - b.y || a.x - b.x).map(({ name }) => name);
}

/** The place in a list of `length` after a step, round and round. */
export const round = (at, step, length) => (length ? (((at + step) % length) + length) % length : -1);

export class Finder {
  editor; at; hits; input; told; element;

  /** `editor` has world, element and choose(name). */
  constructor(editor) {
    this.editor = editor;
    this.at = -1;
    this.hits = [];
    this.input = h("input", { type: "search", "aria-label": "Find in the network", placeholder: "Find in the network", autocomplete: "off", spellcheck: "false" });
    this.told = h("span", { class: "hits", role: "status" });
    const button = (label, sign, act) => h("button", { class: "tool", title: label, "aria-label": label, onclick: act }, icon(sign));
    const steps = [button("Previous (Shift Enter)", "keyboard_arrow_up", () => this.step(-1)), button("Next (Enter)", "keyboard_arrow_down", () => this.step(1))];
    this.element = h("div", { class: "find", role: "search", "aria-label": "In the network", hidden: true }, icon("search"), this.input, this.told, ...steps, button("Close (Escape)", "close", () => this.close()));
    this.input.addEventListener("input", () => this.look());
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  open() {
    this.element.hidden = false;
    this.input.focus();
    this.input.select();
    this.look();
  }

  /** Close; the layer that was found keeps the focus. */
  close() {
    if (this.element.hidden) return;
    const within = this.element.contains(this.editor.root.activeElement);
    this.element.hidden = true;
    this.mark([]);
    if (within) this.editor.toNetwork();
  }

  key(event) {
    const acts = { Escape: () => this.close(), Enter: () => this.step(event.shiftKey ? -1 : 1), ArrowDown: () => this.step(1), ArrowUp: () => this.step(-1) };
    event.stopPropagation();
    const onButton = event.target.closest("button") && event.key === "Enter";
    if (!acts[event.key] || onButton) return;
    event.preventDefault();
    acts[event.key]();
  }

  /** Look again for what is written: the chosen layer if it is one of them, else the first. */
  look() {
    const { world } = this.editor;
    this.hits = found([...world.nodes.values()], this.input.value);
    this.at = this.hits.length ? Math.max(0, this.hits.indexOf(world.chosen)) : -1;
    this.show();
  }

  step(by) {
    this.hits = found([...this.editor.world.nodes.values()], this.input.value); // the network may have changed
    this.at = round(this.at, by, this.hits.length);
    this.show();
  }

  show() {
    this.mark(this.hits);
    const written = this.input.value.trim() !== "";
    this.told.textContent = this.hits.length ? `${this.at + 1} of ${this.hits.length}` : written ? "none" : "";
    if (this.at >= 0) this.editor.choose(this.hits[this.at], { wait: 150 });
  }

  mark(names) {
    const hits = new Set(names);
    for (const [name, { card }] of this.editor.world.cards) card.classList.toggle("hit", hits.has(name));
  }
}
