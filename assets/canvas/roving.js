// Roving tabindex (WAI-ARIA toolbar pattern): a row of buttons is one Tab stop, arrows go from button to button.

/** The buttons of a bar that can be reached now. */
const reachable = (bar) => [...bar.querySelectorAll("button")].filter((button) => !button.hidden && button.getClientRects().length > 0);

/** Give one of the bar's buttons the Tab stop: the one that has it, else the first. Call it whenever buttons have changed. */
export function settle(bar, wanted) {
  const buttons = reachable(bar);
  const stop = buttons.find((button) => button === wanted) ?? buttons.find((button) => button.tabIndex === 0 && button.dataset.stop) ?? buttons[0];
  for (const button of bar.querySelectorAll("button")) {
    button.tabIndex = button === stop ? 0 : -1;
    if (button === stop) button.dataset.stop = "here";
    else delete button.dataset.stop;
  }
}

/** Make a bar a toolbar. */
export function rove(bar) {
  bar.setAttribute("role", "toolbar");
  bar.addEventListener("focusin", (event) => event.target.matches("button") && settle(bar, event.target));
  bar.addEventListener("keydown", (event) => {
    const buttons = reachable(bar);
    const at = buttons.indexOf(event.target);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1 + buttons.length, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    buttons[next % buttons.length].focus();
  });
}
