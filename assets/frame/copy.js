// Share's link: the address, which says all that is looked at, and a button that puts it on the clipboard; where the browser does not allow that, it is marked to be copied by hand.
import { h } from "../draw/dom.js";
import { followed } from "./address.js";

const STYLE = "button { font: 14px var(--st-font); color: inherit; background: none; border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius, 8px); padding: 5px 12px; cursor: pointer; } button:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); } button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; } span { font: 14px var(--st-font); margin-left: 10px; } code { display: block; font: 13px/1.5 var(--st-code-font, monospace); overflow-wrap: anywhere; background: var(--st-secondary-background-color); border-radius: 8px; padding: 10px 12px; margin-bottom: 12px; user-select: all; }";
let forget = () => {}; // the address, which the link of a page that is no longer there follows no more

/** Called by Streamlit: `data` is { label }. */
export function draw({ parentElement, data }) {
  leave();
  const link = h("code", {}, window.location.href);
  forget = followed(() => (link.textContent = window.location.href));
  const told = h("span", { role: "status" });
  const press = async () => {
    told.textContent = (await copied(link)) ? "Copied" : "Copy the marked link";
    setTimeout(() => (told.textContent = ""), 3000);
  };
  parentElement.querySelector("div").replaceChildren(h("style", {}, STYLE), link, h("button", { type: "button", onclick: press }, data.label), told);
}

export const leave = () => forget();

/** Whether the link is on the clipboard now: only a page with a secure address may write there; elsewhere it is marked. */
async function copied(link) {
  try {
    await navigator.clipboard.writeText(link.textContent);
    return true;
  } catch {
    window.getSelection().selectAllChildren(link);
    return false;
  }
}
