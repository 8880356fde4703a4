// Touch gestures on the stage: two fingers zoom (pinch), a finger that stays on a card selects it (long press).
// One finger scrolls the stage, and the page beyond its ends: that is the browser's own, which `touch-action` leaves to it.

import { toggle } from "./selecting.js";

const HOLD = 500; // ms that a finger stays until its card is selected
const SLACK = 10; // px that it may move meanwhile
const ECHO = 400; // ms within which a click after a long press belongs to it

/** Two fingers: how far apart they are, and where their middle is (px of the window). */
export function spread([[x1, y1], [x2, y2]]) {
  return { apart: Math.hypot(x2 - x1, y2 - y1), middle: [(x1 + x2) / 2, (y1 + y2) / 2] };
}

/** Listen on an editor's stage; returns how to stop. */
export function listenToTouch(editor) {
  const { stage } = editor;
  const fingers = new Map(); // those on the stage by their pointers: [x, y]
  let pinch = null; // the two as they were drawn last
  let hold = null; // { timer, at, done } of a finger on a card
  const release = () => {
    clearTimeout(hold?.timer);
    hold = null;
  };
  const down = (event) => {
    if (event.pointerType !== "touch") return;
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    release();
    pinch = fingers.size === 2 && editor.mode === "cards" ? spread([...fingers.values()]) : null;
    const card = event.target.closest?.(".card");
    if (fingers.size > 1 || !card || event.target.closest("button, input")) return;
    const selected = () => {
      hold.done = true;
      toggle(editor, card.dataset.name);
    };
    hold = { at: [event.clientX, event.clientY], timer: setTimeout(selected, HOLD) };
  };
  const move = (event) => {
    if (!fingers.has(event.pointerId)) return;
    const at = [event.clientX, event.clientY];
    fingers.set(event.pointerId, at);
    if (hold && !hold.done && Math.hypot(at[0] - hold.at[0], at[1] - hold.at[1]) > SLACK) release();
    if (pinch) pinch = pinched(editor, pinch, spread([...fingers.values()]));
  };
  const up = (event) => {
    if (!fingers.delete(event.pointerId)) return;
    pinch = null;
    if (hold?.done) swallowClick();
    release();
  };
  const onlyZoom = (event) => event.touches.length > 1 && event.cancelable && event.preventDefault(); // two fingers do not scroll too
  stage.addEventListener("pointerdown", down);
  stage.addEventListener("pointermove", move);
  stage.addEventListener("touchmove", onlyZoom, { passive: false });
  stage.addEventListener("contextmenu", (event) => fingers.size && event.preventDefault());
  for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, up);
  return () => {
    release();
    for (const end of ["pointerup", "pointercancel"]) window.removeEventListener(end, up);
  };
}

/** Zoom about the fingers' middle, which carries the ground along. */
function pinched(editor, before, now) {
  if (!before.apart || !now.apart) return now;
  editor.zoomBy(now.apart / before.apart, before.middle);
  editor.stage.scrollBy({ left: before.middle[0] - now.middle[0], top: before.middle[1] - now.middle[1], behavior: "instant" });
  return now;
}

/** What the browser makes of the finger that leaves is no press of the card. */
function swallowClick() {
  const swallow = (event) => event.stopPropagation();
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), ECHO);
}
