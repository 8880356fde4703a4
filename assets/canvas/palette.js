// The palette: every layer type by family, with search; and the small picker (popup) that opens on a wire.

import { h, icon } from "../draw/dom.js";
import { shapeShort } from "./card.js";

/** Search with typo tolerance: layers in which every word is found, by name, terms, family or summary; the best match first. */
export function search(layers, words) {
  const wanted = words.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const phrase = wanted.join(" ");
  const score = (layer) => {
    const points = wanted.map((word) => matched(layer, word));
    if (points.includes(0)) return -1;
    return points.reduce((sum, each) => sum + each, 0) + (layer.terms?.includes(phrase) ? 10 : 0);
  };
  const scored = layers.map((layer) => [score(layer), layer]).filter(([points]) => points >= 0);
  const exact = scored.filter(([points]) => points >= 2 * wanted.length);
  return (exact.length ? exact : scored).sort((a, b) => b[0] - a[0]).map(([, layer]) => layer); // slips count where nothing else is found
}

/** How well a layer matches one word: 0 not at all, below 2 with a slip, 20 for its name. */
function matched({ name, family, summary, terms = [] }, word) {
  const own = name.toLowerCase();
  const known = terms.flatMap((term) => [term, ...term.split(/[ -]/)]);
  if (own === word) return 20; // more than any term of another layer
  if (own.startsWith(word)) return 8;
  if (known.includes(word)) return 7;
  if (own.includes(word)) return 6;
  if (known.some((each) => each.startsWith(word))) return 5;
  if (family.includes(word)) return 3;
  if (summary.toLowerCase().includes(word)) return 2;
  const slips = word.length > 7 ? 2 : word.length > 3 ? 1 : 0;
  const near = (each) => slips > 0 && distance(each, word) <= slips;
  return near(own) ? 1.5 : known.some(near) ? 1 : 0;
}

/** Damerau-Levenshtein distance: how many letters are missing, extra, wrong or swapped with their neighbour. */
export function distance(one, other) {
  const rows = [Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= one.length; i += 1) {
    rows.push([i]);
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1] ? rows[i - 2][j - 2] + 1 : Infinity;
      rows[i].push(Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + same, swapped));
    }
  }
  return rows[one.length][other.length];
}

/** The palette at the left. `handlers`: onPick(layer), onGrab(layer, event). */
export function makePalette({ families, layers }, handlers) {
  const input = h("input", { type: "search", placeholder: "Search layers", "aria-label": "Search layers", autocomplete: "off", spellcheck: "false" });
  const list = h("div", { class: "groups" });
  const show = () => list.replaceChildren(...groups(families, search(layers, input.value), handlers, input.value));
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") list.querySelector(".kind")?.click();
    if (event.key === "ArrowDown") list.querySelector(".kind")?.focus();
    if (event.key === "Escape") clear();
    if (["Enter", "ArrowDown", "Escape"].includes(event.key)) event.preventDefault();
  });
  list.addEventListener("keydown", (event) => walk(event, [...list.querySelectorAll(".kind")], input));
  show();
  const clear = () => {
    if (input.value === "") return;
    input.value = "";
    show();
  };
  const field = h("label", { class: "search" }, icon("search"), input, h("kbd", {}, "/"));
  return { element: h("nav", { class: "palette", "aria-label": "Layers to add" }, h("div", { class: "finder" }, field), list), input, clear };
}

function groups(families, found, handlers, words) {
  if (found.length === 0) return [h("p", { class: "none" }, `No layer is found for “${words}”.`)];
  const of = (layer) => families.find((family) => family.name === layer.family);
  if (words.trim()) return found.map((layer) => kindButton(layer, of(layer), handlers)); // the best match first
  return families
    .map((family) => [family, found.filter((layer) => layer.family === family.name)])
    .filter(([, members]) => members.length > 0)
    .map(([family, members]) =>
      h("section", {}, h("h3", {}, heading(family.name)), ...members.map((layer) => kindButton(layer, family, handlers))),
    );
}

export const heading = (name) => name[0].toUpperCase() + name.slice(1);

function kindButton(layer, family, { onPick, onGrab }) {
  const button = h("button", { class: "kind family", title: layer.summary, onclick: () => onPick(layer) }, icon(family.icon), h("span", {}, layer.name));
  button.style.setProperty("--light", family.light);
  button.style.setProperty("--dark", family.dark);
  if (onGrab) button.addEventListener("pointerdown", (event) => onGrab(layer, event));
  return button;
}

function walk(event, buttons, input) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const at = buttons.indexOf(event.target) + step;
  (at < 0 ? input : (buttons[at] ?? buttons.at(-1))).focus();
}

/**
 * A searchable list beside `anchor`; `onPick(layer)` once, then it closes. `remove` adds a way to cut the wire, `carries`
 * { outputs, now, onPick(port) } the outputs that it may carry, where its source has several.
 */
export function openPicker({ families, layers }, anchor, host, { onPick, remove, carries, title }) {
  closePicker(host);
  const back = host.getRootNode().activeElement;
  const close = () => {
    picker.remove();
    back?.focus?.({ preventScroll: true });
  };
  const pick = (layer) => {
    close();
    onPick(layer);
  };
  const palette = makePalette({ families, layers: layers.filter((layer) => layer.name !== "Input") }, { onPick: pick });
  const cut = remove && h("button", { class: "cut", onclick: () => (close(), remove()) }, icon("content_cut"), "Remove this connection");
  const picker = h("div", { class: "picker", role: "dialog", "aria-label": title }, ...choices(carries, close), palette.element, ...(cut ? [cut] : []));
  picker.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    event.stopPropagation();
  });
  picker.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !picker.contains(event.relatedTarget)) picker.remove();
  });
  host.append(picker);
  place(picker, anchor.getBoundingClientRect());
  palette.input.focus({ preventScroll: true });
}

function choices(carries, close) {
  if (!carries?.outputs.length) return [];
  const { outputs, now, onPick } = carries;
  const choice = ({ name, shape }) => h("button", { class: "carry", "aria-pressed": String(name === now), title: shape ? shapeShort({ shape }) : "no shape yet", onclick: () => (close(), name !== now && onPick(name)) }, name);
  return [h("div", { class: "carried", role: "group", "aria-label": "Which output it carries" }, "Carries", ...outputs.map(choice))];
}

export const closePicker = (host) => host.querySelector(".picker")?.remove();

function place(picker, anchor) {
  const { offsetWidth: width, offsetHeight: height } = picker;
  const left = Math.min(Math.max(8, anchor.left + anchor.width / 2 - width / 2), window.innerWidth - width - 8);
  const below = anchor.bottom + 6;
  const top = below + height < window.innerHeight - 8 ? below : Math.max(8, anchor.top - height - 6);
  picker.style.left = `${left}px`;
  picker.style.top = `${top}px`;
}
