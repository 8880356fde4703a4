// A pointer that is held and moved (drag): from the press to the drop, with the stage scrolled along at its edges.

const SLACK = 6; // px that a press may move before it counts as a drag
const EDGE = 36; // px from the stage's edge from which it scrolls
const STEP = 12; // px that it scrolls at a time
const PULSE = 30; // ms between two of these steps

/** Call `onStart` once the pointer has left the press's spot, `onMove` from then on, and `onDrop` or nothing at its end; `scrolls`: the stage. */
export function follow(event, { onStart, onMove, onDrop, onEnd, scrolls }) {
  const begun = [event.clientX, event.clientY];
  let last = null; // the pointer, once it drags
  const move = (moved) => {
    if (!last && Math.hypot(moved.clientX - begun[0], moved.clientY - begun[1]) < SLACK) return;
    if (!last) onStart?.(moved);
    last = moved;
    onMove(moved);
  };
  const pulse = scrolls && setInterval(() => last && scrollAlong(scrolls, last) && onMove(last), PULSE);
  const stop = (ended) => {
    clearInterval(pulse);
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", stop);
    window.removeEventListener("pointercancel", stop);
    window.removeEventListener("keydown", escape, true);
    if (last && ended?.type === "pointerup") {
      window.addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
      onMove(ended); // it is dropped where it is let go
      onDrop?.(ended);
    }
    if (last) onEnd?.();
  };
  const escape = (key) => {
    if (key.key !== "Escape") return;
    key.stopPropagation();
    stop(null);
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", stop);
  window.addEventListener("pointercancel", stop);
  window.addEventListener("keydown", escape, true);
}

const swallow = (event) => event.stopPropagation();

/** Scroll while the pointer is held near an edge; whether anything moved. */
function scrollAlong(stage, { clientX, clientY }) {
  const box = stage.getBoundingClientRect();
  const floor = Math.min(box.bottom, window.innerHeight - 50); // the bar lies over the stage
  if (clientX < box.left) return false; // still over the palette
  const pull = (at, low, high) => (at < low + EDGE ? -STEP : at > high - EDGE ? STEP : 0);
  const [left, top] = [pull(clientX, box.left, box.right), pull(clientY, box.top, floor)];
  const before = [stage.scrollLeft, stage.scrollTop];
  if (left || top) stage.scrollBy({ left, top, behavior: "instant" });
  return before[0] !== stage.scrollLeft || before[1] !== stage.scrollTop;
}
