// Between levels: what is opened grows out of its card, what is left shrinks back into it; nothing moves where a person prefers that.
import { calm } from "../../draw/dom.js";

const SPEED = { duration: 520, easing: "cubic-bezier(0.25, 0.7, 0.25, 1)" };

/** Draw the next level, growing out of a place on the screen. */
export function opens(body, rect, draw) {
  draw();
  if (rect && !calm()) body.animate([{ ...into(body, rect), opacity: 0.2 }, { transform: "none", opacity: 1 }], SPEED);
}

/** Draw the level above while the one that is left shrinks into its place there; `where` is asked once it is drawn. */
export function leaves(body, where, draw) {
  const left = calm() ? null : body.firstElementChild;
  const box = body.getBoundingClientRect();
  draw();
  const rect = where();
  if (!left || !rect || left.isConnected) return;
  const ghost = document.createElement("div");
  ghost.className = "ov-ghost";
  Object.assign(ghost.style, { width: `${box.width}px`, height: `${Math.min(box.height, window.innerHeight)}px` });
  ghost.inert = true;
  ghost.append(left);
  body.append(ghost);
  const end = () => ghost.remove();
  const moved = ghost.animate([{ transform: "none", opacity: 1 }, { ...into(body, rect), opacity: 0 }], SPEED);
  moved.onfinish = end;
  moved.oncancel = end;
}

/** The transform that puts a box over a place on the screen. */
function into(body, rect) {
  const box = body.getBoundingClientRect();
  const [across, down] = [rect.width / (box.width || 1), rect.height / (box.height || 1)];
  return { transformOrigin: "0 0", transform: `translate(${rect.left - box.left}px, ${rect.top - box.top}px) scale(${across}, ${down})` };
}
