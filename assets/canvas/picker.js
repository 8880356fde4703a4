// The picker (popup): the layers that can be added at one place of the network, what fits there first.

import { h, icon } from "../draw/dom.js";
import { shapeShort } from "./card.js";
import { makePalette } from "./palette.js";

/**
 * A searchable list beside `anchor`; a press closes it. What is asked: `title`, `place` { shape, before, after }, and `ways`, each
 * { name, onPick(layer, params) }: how a layer can be added there, the first unless another is chosen; Shift means the second.
 * Further: `way`, the one that is chosen at first; `remove` cuts the wire; `carries` { outputs, now, onPick(port) }, the outputs that the
 * wire may carry; `wires` { now, names, onPick(at) }, which of several wires is meant; `home()`, what gets the focus afterwards
 * where nothing had it; `onClose`.
 */
export function openPicker({ families, layers }, anchor, host, { title, place, ways, way = 0, remove, carries, wires, inputs = false, home, onClose }) {
  closePicker(host);
  const back = host.getRootNode().activeElement;
  let chosen = way;
  const dismiss = () => {
    if (!picker.isConnected) return;
    picker.remove();
    onClose?.();
  };
  const close = () => {
    dismiss();
    (back?.isConnected ? back : home()).focus({ preventScroll: true });
  };
  const pick = (layer, params, shift) => {
    close();
    ways[shift && chosen === 0 && ways.length > 1 ? 1 : chosen].onPick(layer, params);
  };
  const palette = makePalette({ families, layers: inputs ? layers : layers.filter((layer) => layer.name !== "Input") }, { onPick: pick }, { place: () => place, proposes: true });
  const cut = remove && h("button", { class: "cut", onclick: () => (close(), remove()) }, icon("content_cut"), "Remove this connection");
  const methods = ways.length > 1 && options("How it is added", "", ways.map(({ name }) => ({ name })), () => chosen, (at) => {
    chosen = at;
    palette.input.focus();
  });
  const rows = [wires && wireChoice(wires, close), methods, carries?.outputs.length && outputChoice(carries, close)].filter(Boolean);
  const picker = h("div", { class: "picker", role: "dialog", "aria-label": title }, ...rows, palette.element, ...(cut ? [cut] : []));
  picker.dismiss = dismiss;
  picker.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    event.stopPropagation();
  });
  picker.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !picker.contains(event.relatedTarget)) dismiss();
  });
  host.append(picker);
  stand(picker, anchor.getBoundingClientRect());
  palette.input.focus({ preventScroll: true });
}

/** A row of buttons of which one is pressed. */
function options(label, words, each, now, onPick) {
  const made = each.map(({ name, title }, at) => h("button", { class: "carry", title, onclick: () => (onPick(at), mark()) }, name));
  const mark = () => made.forEach((button, at) => button.setAttribute("aria-pressed", String(at === now())));
  mark();
  return h("div", { class: "carried", role: "group", "aria-label": label }, words, ...made);
}

const wireChoice = ({ now, names, onPick }, close) => options("Which wire", "From", names.map((name) => ({ name })), () => now, (at) => at !== now && (close(), onPick(at)));

function outputChoice({ outputs, now, onPick }, close) {
  const each = outputs.map(({ name, shape }) => ({ name, title: shape ? shapeShort({ shape }) : "no shape yet" }));
  const at = outputs.findIndex(({ name }) => name === now);
  return options("Which output it carries", "Carries", each, () => at, (next) => (close(), next !== at && onPick(outputs[next].name)));
}

export const closePicker = (host) => host.querySelector(".picker")?.dismiss();

function stand(picker, anchor) {
  const { offsetWidth: width, offsetHeight: height } = picker;
  const left = Math.min(Math.max(8, anchor.left + anchor.width / 2 - width / 2), window.innerWidth - width - 8);
  const below = anchor.bottom + 6;
  const top = below + height < window.innerHeight - 8 ? below : Math.max(8, anchor.top - height - 6);
  picker.style.left = `${left}px`;
  picker.style.top = `${top}px`;
}
