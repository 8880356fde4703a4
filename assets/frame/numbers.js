// Arrow keys in number boxes (spin button): they change the last digit that is written; and a phone shows its keys for numbers.

const BOX = "input[autocomplete=off]"; // pages/frame/number_field.py marks them so
const NUMBER = /^[-−+]?\d+(?:\.(\d+))?$/;

/** The number one step of its last digit further; null for what is no plain number. */
export function stepped(text, direction) {
  const found = text.trim().match(NUMBER);
  if (!found) return null;
  const decimals = found[1]?.length ?? 0;
  const unit = 10n ** BigInt(decimals);
  const value = BigInt(text.trim().replace("−", "-").replace("+", "").replace(".", "")) + BigInt(direction);
  const [sign, size] = value < 0n ? ["-", -value] : ["", value];
  return decimals ? `${sign}${size / unit}.${String(size % unit).padStart(decimals, "0")}` : `${sign}${size}`;
}

const ENTER = { key: "Enter", code: "Enter", keyCode: 13, bubbles: true };

/** React takes a value for typed only when it comes through the element's own setter. */
function type(box, text) {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(box, text);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  for (const kind of ["keydown", "keypress"]) box.dispatchEvent(new KeyboardEvent(kind, ENTER));
}

function press(event) {
  const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  const box = event.target;
  if (!direction || event.altKey || event.ctrlKey || event.metaKey || !box.matches?.(BOX)) return;
  const next = stepped(box.value, direction);
  if (next === null) return;
  event.preventDefault();
  type(box, next);
}

/** Watch the whole page: boxes come and go with every run of it. */
export function watchNumbers() {
  document.addEventListener("keydown", press);
  document.addEventListener("focusin", ({ target }) => target.matches?.(BOX) && target.setAttribute("inputmode", "decimal"));
}
