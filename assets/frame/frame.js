// Reconnect notice on every page: a server that is away is said calmly, and the page is drawn anew when it is back.

import { watchNumbers } from "./numbers.js";
import { addSkipLink } from "./skip.js";

const AWAY = "The server is away. Reconnecting; nothing is lost.";
const ALARM = "[data-testid=stDialog]:has([data-testid=stErrorCodeBlock])";
const GRACE = 1500; // ms without a connection before it is worth a word
let note = null;
let lost = false;
let back = () => {};
let watching = false;

/** `onBack` draws the page anew: a server that was started again knows nothing of the page, and would ignore its fields. */
export function whenBack(onBack) {
  back = onBack;
  watch();
}

/** Draw the page anew, as a person's reload would: what it shows is not there any more. */
export const redraw = () => back();

function say(text) {
  note ??= document.body.appendChild(Object.assign(document.createElement("div"), { className: "away-note", role: "status" }));
  note.textContent = text;
}

function quiet() {
  note?.remove();
  note = null;
}

function follow(app) {
  const connected = app.dataset.testConnectionState === "CONNECTED";
  if (connected === !lost) return;
  lost = !connected;
  if (lost) return void setTimeout(() => lost && say(AWAY), GRACE);
  back();
  if (note) say("Connected again.");
  setTimeout(() => lost || quiet(), 2500);
}

// Streamlit covers the page with advice for programmers when its server is away; the page can be used meanwhile.
const dismiss = () => document.querySelector(ALARM)?.querySelector("button[aria-label=Close]")?.click();

/** One watcher a tab: a module is loaded once, however often a page is drawn. */
function watch() {
  if (watching) return;
  watching = true;
  watchNumbers();
  addSkipLink();
  new MutationObserver(dismiss).observe(document.body, { childList: true });
  const app = document.querySelector("[data-testid=stApp]");
  new MutationObserver(() => follow(app)).observe(app, { attributeFilter: ["data-test-connection-state"] });
}
