// Query parameters say what is on the screen: what the server has chosen, then what drawings change, by replaceState (no history step).

let written = {}; // which page's address the server wrote last, and when it had chosen that
const waiting = []; // what was changed on a page that the server had not written yet

const listeners = new Set(); // to whatever the address says

/** Hear of every change of the address; gives what ends it. */
export function followed(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const page = () => window.location.pathname;

function apply(changes) {
  const url = new URL(window.location.href);
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined || value === null) url.searchParams.delete(key);
    else url.searchParams.set(key, value);
  }
  if (url.href === window.location.href) return;
  window.history.replaceState(window.history.state, "", url);
  listeners.forEach((each) => each());
}

/** Write what the server has chosen at a time; `keys` that the query leaves out are removed. Said again, or older, it is no news. */
export function write({ query, keys, at }) {
  if (written.at >= at && written.page === page()) return;
  written = { at, page: page() };
  apply(Object.fromEntries(keys.map((key) => [key, query[key]])));
  for (const { here, changes } of waiting.splice(0)) if (here === written.page) apply(changes);
}

/** A drawing has changed some keys (null: removed); what the server chose before comes first, however late its script is loaded. */
export function change(changes) {
  if (written.page === page()) apply(changes);
  else waiting.push({ here: page(), changes });
}
