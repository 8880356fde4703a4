// Small helpers: elements made with textContent only, so that a name is never read as HTML.

/** An element: `h("td", { class: "name", onclick }, "text", child)`. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element[name] = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

export const grouped = (number) => Math.round(number).toLocaleString("en-US");

/** Seconds as a person says them: "6 s", "3 min", "2 h 5 min". */
export function duration(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Unix seconds as the time today, or the day. */
export function when(seconds) {
  const date = new Date(1000 * seconds);
  const today = date.toDateString() === new Date().toDateString();
  return date.toLocaleString("en-GB", today ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short" });
}

/** A metric's value: three decimals, or as many digits where it is large or tiny. */
export function value(number) {
  const size = Math.abs(number);
  if (size >= 1000) return grouped(number);
  return size >= 10 || (size < 0.01 && size > 0) ? Number(number.toPrecision(3)).toString() : number.toFixed(3);
}
