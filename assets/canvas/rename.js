// Inline renaming: a layer's name becomes a field on its card; Enter keeps what was typed, Escape doesn't.

import { h } from "../draw/dom.js";

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/; // as builder/network/validity.py has it

/** What a person typed as a name: spaces become _. */
export const named = (text) => text.trim().replace(/\s+/g, "_");

/** Why a layer cannot have a name, or "". */
export function wrongName(name, taken) {
  if (!NAME.test(name)) return `A name has the letters a to z, digits, _ . and -, but “${name}” has others.`;
  return taken.includes(name) ? `Another layer is called ${name}.` : "";
}

/** Let the name on a card be typed anew; `onName(to)` where it was. A name that cannot be stays in the field; `onWrong(why)` says so. */
export function renameOn(card, name, onName, { taken, onWrong }) {
  const place = card.querySelector(".name");
  const field = h("input", { class: "rename", value: name, "aria-label": "Name of the layer", maxlength: 60, spellcheck: "false" });
  let open = true;
  const done = (keep, stays = false) => {
    const typed = named(field.value);
    const why = keep && typed ? wrongName(typed, taken) : "";
    if (!open || (why && stays)) return why && onWrong(why);
    open = false; // taking the field away is a blur of its own
    field.replaceWith(place);
    if (stays) card.focus({ preventScroll: true });
    onWrong(why);
    if (keep && typed && typed !== name && !why) onName(typed);
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === "Escape") done(event.key === "Enter", true);
    event.stopPropagation();
  });
  field.addEventListener("blur", () => done(true));
  place.replaceWith(field);
  field.select();
}
