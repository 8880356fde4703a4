// Dragging: a palette item onto a wire, a card to another place, a handle to the card it feeds, the ground to look around.

import { h, svg } from "../draw/dom.js";

const SLACK = 6; // px that a press may move before it counts as a drag
const REACH = 70; // px from a wire's middle within which it is meant

/** Call `onStart` once the pointer has left the press's spot, `onMove` from then on, and `onDrop` or nothing at its end. */
function follow(event, { onStart, onMove, onDrop, onEnd }) {
  const begun = [event.clientX, event.clientY];
  let dragging = false;
  const move = (moved) => {
    if (!dragging && Math.hypot(moved.clientX - begun[0], moved.clientY - begun[1]) < SLACK) return;
    if (!dragging) onStart?.(moved);
    dragging = true;
    onMove(moved);
  };
  const stop = (ended) => {
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", stop);
    window.removeEventListener("pointercancel", stop);
    window.removeEventListener("keydown", escape, true);
    if (dragging && ended?.type === "pointerup") {
      onDrop?.(ended);
      window.addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
    }
    if (dragging) onEnd?.();
  };
  const escape = (key) => key.key === "Escape" && stop(null);
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", stop);
  window.addEventListener("pointercancel", stop);
  window.addEventListener("keydown", escape, true);
}

const swallow = (event) => event.stopPropagation();

/** The wire nearest to a pointer, if any is meant. */
function wireAt(editor, event, except) {
  const box = editor.world.element.getBoundingClientRect();
  const [x, y] = [(event.clientX - box.left) / editor.world.zoom, (event.clientY - box.top) / editor.world.zoom];
  let best = null;
  let nearest = REACH;
  for (const item of editor.world.wires.values()) {
    if (except && (item.edge.source === except || item.edge.target === except)) continue;
    const distance = Math.hypot((item.middle[0] - x) / 4, item.middle[1] - y);
    if (distance < nearest) [best, nearest] = [item, distance];
  }
  return best;
}

function cardAt(editor, event) {
  return editor.root.elementFromPoint(event.clientX, event.clientY)?.closest?.(".card") ?? null;
}

function carry(editor, label, event, { except, onDrop }) {
  const ghost = h("div", { class: "ghost" }, label);
  let wire = null;
  const mark = (next) => {
    wire?.plus.classList.remove("target");
    wire?.line.classList.remove("target");
    next?.plus.classList.add("target");
    next?.line.classList.add("target");
    wire = next;
  };
  follow(event, {
    onStart: () => editor.element.append(ghost),
    onMove: (moved) => {
      ghost.style.transform = `translate(${moved.clientX + 12}px, ${moved.clientY + 8}px)`;
      mark(wireAt(editor, moved, except));
    },
    onDrop: (dropped) => onDrop(wire, dropped),
    onEnd: () => {
      mark(null);
      ghost.remove();
    },
  });
}

/** A palette item: dropped on a wire it is inserted there, elsewhere on the stage added after the last card. */
export function dragKind(editor, layer, event) {
  if (event.button !== 0 || event.pointerType === "touch" || !editor.picture?.editable) return;
  carry(editor, layer.name, event, {
    onDrop: (wire, dropped) => {
      if (wire) editor.insert(wire.edge, layer.name);
      else if (editor.stage.contains(editor.root.elementFromPoint(dropped.clientX, dropped.clientY))) editor.add(layer.name);
    },
  });
}

/** A card: dropped on another wire it moves there. */
export function dragCard(editor, name, event) {
  if (event.button !== 0 || event.pointerType === "touch" || !editor.picture?.editable) return;
  carry(editor, name, event, { except: name, onDrop: (wire) => wire && editor.edit({ kind: "move", name, after: wire.edge.source }) });
}

/** A card's handle: dropped on another card it feeds that card too. */
export function dragHandle(editor, name, event) {
  event.stopPropagation();
  event.preventDefault();
  const line = svg("path", { class: "wire target loose" });
  const box = editor.world.element.getBoundingClientRect();
  const at = (moved) => [(moved.clientX - box.left) / editor.world.zoom, (moved.clientY - box.top) / editor.world.zoom];
  const start = at(event);
  let over = null;
  follow(event, {
    onStart: () => editor.world.over.append(line),
    onMove: (moved) => {
      const [x, y] = at(moved);
      line.setAttribute("d", `M${start.join(" ")}C${start[0]} ${start[1] + 40} ${x} ${y - 40} ${x} ${y}`);
      over?.classList.remove("target");
      over = cardAt(editor, moved);
      over?.classList.add("target");
    },
    onDrop: () => over && over.dataset.name !== name && editor.connect(name, over.dataset.name),
    onEnd: () => {
      over?.classList.remove("target");
      line.remove();
    },
  });
}

/** The empty ground: drags the view. */
export function dragGround(editor, event) {
  if (event.button !== 0 || event.pointerType === "touch") return;
  const { scrollLeft, scrollTop } = editor.stage;
  follow(event, {
    onStart: () => editor.stage.classList.add("held"),
    onMove: (moved) => editor.stage.scrollTo(scrollLeft - (moved.clientX - event.clientX), scrollTop - (moved.clientY - event.clientY)),
    onEnd: () => editor.stage.classList.remove("held"),
  });
}
