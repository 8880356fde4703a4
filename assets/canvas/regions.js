// Keyboard focus between the page's regions: palette, play, network, form, bar and the page's menu; and focus that is never lost.

const first = (selector, within) => {
  const found = [...document.querySelectorAll(selector)].flatMap((box) => [...box.querySelectorAll(within)]);
  return found.find((each) => !each.disabled && each.tabIndex >= 0 && each.getClientRects().length > 0);
};

/** What the network's Tab stop is: the chosen card, or its row in the list, else what stands where no card is. */
export const stop = (editor) => (editor.mode === "cards" && editor.world.cards.get(editor.world.chosen)?.card) || editor.extra.querySelector(".chosen .link, .guide button") || editor.stage;

const NETWORK = 3; // its place among these

const regions = (editor) => [
  { has: () => document.activeElement?.closest(".st-key-top"), go: () => first(".st-key-top", "a, button") },
  { has: () => editor.palette.element.contains(editor.root.activeElement), go: () => !editor.palette.element.inert && editor.palette.input },
  { has: () => editor.strip.contains(editor.root.activeElement), go: () => editor.strip.querySelector("button:not(:disabled)") },
  { has: () => editor.stage.contains(editor.root.activeElement), go: () => stop(editor) },
  { has: () => editor.form.box?.contains(document.activeElement), go: () => editor.form.box },
  { has: () => editor.bar.element.contains(editor.root.activeElement), go: () => editor.bar.element.querySelector("button[tabindex='0']") },
];

/** To the next region, or the one before (F6, Shift F6); from nowhere to the network. */
export function cycle(editor, step) {
  const all = regions(editor);
  const here = all.findIndex(({ has }) => has());
  for (let tried = 1; tried <= all.length; tried += 1) {
    const next = here < 0 && tried === 1 ? NETWORK : (here + step * tried + all.length * tried) % all.length;
    const goal = all[next].go();
    if (!goal?.getClientRects().length) continue;
    return goal.focus();
  }
}

export const toNetwork = (editor) => stop(editor).focus({ preventScroll: false });

/** Do what redraws the network; where that takes away what had the focus, its Tab stop gets it. */
export function keeping(editor, redraw) {
  const held = editor.root.activeElement;
  const within = held && editor.stage.contains(held);
  redraw();
  if (within && !held.isConnected && !editor.root.activeElement) stop(editor).focus({ preventScroll: true });
}
