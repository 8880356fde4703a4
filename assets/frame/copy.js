// A button that puts a text on the clipboard; where the browser does not allow that, the text is marked to be copied by hand.
import { h } from "../draw/dom.js";

/** Called by Streamlit: `data` is { text, label }. */
export function draw({ parentElement, data }) {
  const told = h("span", { role: "status" });
  const press = async () => {
    told.textContent = (await copied(data.text)) ? "Copied" : "Mark the link above and copy it";
    setTimeout(() => (told.textContent = ""), 3000);
  };
  const style = h("style", {}, "button { font: 14px var(--st-font); color: inherit; background: none; border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius, 8px); padding: 5px 12px; cursor: pointer; } button:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); } button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; } span { font: 14px var(--st-font); margin-left: 10px; }");
  parentElement.querySelector("div").replaceChildren(style, h("button", { type: "button", onclick: press }, data.label), told);
}

export function leave() {}

/** Whether the text is on the clipboard now: only a page with a secure address may write there. */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
