// The palette: every layer type by family, with search; one Tab stop, arrows inside.

import { h, icon } from "../draw/dom.js";
import { fit, proposed } from "./fits.js";
import { asked, settingWords } from "./search.js";

/**
 * A searchable list. `handlers`: onPick(layer, params, shift), onGrab(layer, params, event). `place()` says where a layer would go: among
 * equal matches what fits there comes first; with `proposes` the best stand above all others, once and for all.
 */
export function makePalette({ families, layers }, handlers, { place = () => null, proposes = false } = {}) {
  const input = h("input", { type: "search", placeholder: "Search layers", "aria-label": "Search layers", autocomplete: "off", spellcheck: "false" });
  const list = h("div", { class: "groups" });
  const lead = proposes ? proposed(layers, place()) : [];
  const show = () => {
    const at = place();
    const found = asked(layers, input.value, at ? (layer) => fit(layer, at) : undefined);
    list.replaceChildren(...groups({ families, found, lead, words: input.value }, handlers));
  };
  const clear = () => {
    if (input.value === "") return;
    input.value = "";
    show();
  };
  const buttons = () => [...list.querySelectorAll(".kind")];
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") buttons()[0]?.dispatchEvent(new MouseEvent("click", { shiftKey: event.shiftKey }));
    if (event.key === "ArrowDown") buttons()[0]?.focus();
    if (event.key === "Escape") clear();
    if (["Enter", "ArrowDown", "Escape"].includes(event.key)) event.preventDefault();
  });
  list.addEventListener("keydown", (event) => walk(event, buttons(), input));
  show();
  const field = h("label", { class: "search" }, icon("search"), input, h("kbd", {}, "/"));
  return { element: h("nav", { class: "palette", "aria-label": proposes ? "Layers that can be added here" : "Layers to add" }, h("div", { class: "finder" }, field), list), input, clear };
}

function groups({ families, found, lead, words }, handlers) {
  if (found.length === 0) return [h("p", { class: "none" }, `No layer is found for “${words}”.`)];
  const button = ({ layer, params }) => kindButton(layer, params, families.find((family) => family.name === layer.family), handlers);
  if (words.trim()) return found.map(button); // the best match first
  const section = (title, members) => h("section", {}, h("h2", {}, title), ...members.map(button));
  const fitting = lead.length ? [section("Fits here", lead.map((layer) => ({ layer, params: {} })))] : [];
  const grouped = families.map((family) => [family, found.filter(({ layer }) => layer.family === family.name)]).filter(([, members]) => members.length > 0);
  return [...fitting, ...grouped.map(([family, members]) => section(heading(family.name), members))];
}

export const heading = (name) => name[0].toUpperCase() + name.slice(1);

function kindButton(layer, params, family, { onPick, onGrab }) {
  const words = settingWords(params);
  const told = h("span", {}, layer.name, words && h("small", {}, ` ${words}`));
  const press = (event) => onPick(layer, params, event.shiftKey);
  const button = h("button", { class: "kind family", tabindex: "-1", title: layer.summary, onclick: press }, icon(family.icon), told);
  button.style.setProperty("--light", family.light);
  button.style.setProperty("--dark", family.dark);
  if (onGrab) button.addEventListener("pointerdown", (event) => onGrab(layer, params, event));
  return button;
}

/** Arrows go from entry to entry, sideways from family to family; a letter goes on with the search. */
function walk(event, buttons, input) {
  const at = buttons.indexOf(event.target);
  const first = (button) => button === button.parentElement.querySelector(".kind");
  const moves = {
    ArrowDown: () => buttons[at + 1] ?? buttons.at(-1),
    ArrowUp: () => buttons[at - 1] ?? input,
    ArrowRight: () => buttons.slice(at + 1).find(first) ?? buttons.at(-1),
    ArrowLeft: () => buttons.slice(0, at).findLast(first) ?? input,
    Home: () => buttons[0],
    End: () => buttons.at(-1),
    Escape: () => input,
  };
  if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) return input.focus(); // where it is written
  if (!moves[event.key]) return;
  event.preventDefault();
  event.stopPropagation();
  moves[event.key]().focus();
}
