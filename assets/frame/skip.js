// Skip link (WCAG 2.4.1): the first Tab stop of every page leads past its menu, on Build to the network.

const STOPS = "a[href], button:not([disabled]), input:not([disabled]), select, textarea, [tabindex='0']";
const CARD = ".card[tabindex='0'], .guide button";

const shown = (element) => element.tabIndex >= 0 && element.getClientRects().length > 0;

/** Elements of a page in reading order, those inside of components among them. */
function* all(root) {
  for (const element of root.children) {
    yield element;
    if (element.shadowRoot) yield* all(element.shadowRoot);
    yield* all(element);
  }
}

/** What the link leads to: the chosen card of the network, else what can be reached first below the menu. */
export function content(main) {
  const menu = main.querySelector(".st-key-top");
  const below = [...all(main)].filter((element) => !menu?.contains(element) && shown(element));
  return below.find((element) => element.matches(CARD)) ?? below.find((element) => element.matches(STOPS));
}

/** Put the link in front of the page, once a tab. */
export function addSkipLink() {
  const link = Object.assign(document.createElement("button"), { className: "skip", textContent: "Skip to the content" });
  link.addEventListener("click", () => content(document.querySelector("[data-testid=stMain]"))?.focus());
  const nav = document.createElement("nav");
  nav.setAttribute("aria-label", "Past the menu");
  nav.append(link);
  document.body.prepend(nav);
}
