// A layer's name becomes a field on its card: Enter keeps what was typed, Escape doesn't.

import { h } from "../draw/dom.js";

/** Let the name on a card be typed anew; `onName(to)` where it was. */
export function renameOn(card, name, onName) {
  const place = card.querySelector(".name");
  const field = h("input", { class: "rename", value: name, "aria-label": "Name of the layer", maxlength: 60, spellcheck: "false" });
  let open = true;
  const done = (keep) => {
    if (!open) return;
    open = false; // taking the field away is a blur of its own
    const typed = field.value.trim();
    field.replaceWith(place);
    card.focus({ preventScroll: true });
    if (keep && typed && typed !== name) onName(typed);
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === "Escape") done(event.key === "Enter");
    event.stopPropagation();
  });
  field.addEventListener("blur", () => done(true));
  place.replaceWith(field);
  field.select();
}
