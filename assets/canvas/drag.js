// Drag and drop: a palette entry, a card, a card's dot, or the ground; what lights up is where a drop lands.

import { h, svg } from "../draw/dom.js";
import { cardTarget, kindTarget } from "./drops.js";
import { follow } from "./follow.js";
import { landing } from "./landing.js";
import { pickBranch } from "./picking.js";

const draggable = (editor, event) => event.button === 0 && event.pointerType !== "touch" && editor.picture?.editable;

/** Whether the pointer is over the part of the stage that can be seen, and over nothing that lies on it. */
function overStage(editor, { clientX, clientY }) {
  const at = editor.root.elementFromPoint(clientX, clientY);
  return Boolean(at) && editor.stage.contains(at);
}

/** Drag a label along; `targetOf(landing)` gives { mark, drop(event) } for what may be dropped there, or null. */
function carry(editor, label, event, { except, targetOf }) {
  const ghost = h("div", { class: "ghost" }, label);
  const scene = editor.world.scene();
  let [target, unmark] = [null, () => {}];
  follow(event, {
    scrolls: editor.stage,
    onStart: () => editor.element.append(ghost),
    onMove: (moved) => {
      ghost.style.transform = `translate(${moved.clientX + 12}px, ${moved.clientY + 8}px)`;
      unmark();
      target = overStage(editor, moved) ? targetOf(landing(editor.world.pointAt(moved), scene, except)) : null;
      unmark = target ? target.mark() : () => {};
      ghost.classList.toggle("nowhere", !target);
    },
    onDrop: (dropped) => target?.drop(dropped),
    onEnd: () => {
      unmark();
      ghost.remove();
    },
  });
}

/** A palette entry: into a wire, after a card or into its free port, or loose onto the ground. */
export function dragKind(editor, layer, params, event) {
  if (!draggable(editor, event) || editor.mode === "list") return;
  carry(editor, layer.name, event, { targetOf: (at) => kindTarget(editor, layer, params, at) });
}

/** A card, with all that are selected with it: onto another wire or after another card; a loose one to another place. */
export function dragCard(editor, name, event) {
  if (!draggable(editor, event)) return;
  const names = editor.selected.has(name) ? [...editor.selected] : [name];
  const label = names.length > 1 ? `${names.length} layers` : name;
  carry(editor, label, event, { except: new Set(names), targetOf: (at) => cardTarget(editor, names, name, at) });
}

/** The dot of a card's output: dropped on another card it feeds that card too, on the ground a layer is picked that branches off. */
export function dragHandle(editor, name, port, event) {
  event.stopPropagation();
  event.preventDefault();
  const line = svg("path", { class: "wire target loose" });
  const start = editor.world.pointAt(event);
  let [over, keeps] = [null, false];
  follow(event, {
    scrolls: editor.stage,
    onStart: () => editor.world.over.append(line),
    onMove: (moved) => {
      const [x, y] = editor.world.pointAt(moved);
      line.setAttribute("d", `M${start.join(" ")}C${start[0]} ${start[1] + 40} ${x} ${y - 40} ${x} ${y}`);
      over?.classList.remove("target");
      over = editor.root.elementFromPoint(moved.clientX, moved.clientY)?.closest?.(".card") ?? null;
      if (over?.dataset.name === name) over = null;
      over?.classList.add("target");
    },
    onDrop: (dropped) => {
      if (over) editor.connect(name, over.dataset.name, port);
      else if (overStage(editor, dropped)) keeps = pickBranch(editor, name, port, dropped, () => line.remove());
    },
    onEnd: () => {
      over?.classList.remove("target");
      if (!keeps) line.remove();
    },
  });
}

/** The empty ground: drags the view; with Shift it draws a rubber band around cards. */
export function dragGround(editor, event) {
  if (event.button !== 0 || event.pointerType === "touch") return;
  if (event.shiftKey) return band(editor, event);
  const { scrollLeft, scrollTop } = editor.stage;
  follow(event, {
    onStart: () => editor.stage.classList.add("held"),
    onMove: (moved) => editor.stage.scrollTo(scrollLeft - (moved.clientX - event.clientX), scrollTop - (moved.clientY - event.clientY)),
    onEnd: () => editor.stage.classList.remove("held"),
  });
}

function band(editor, event) {
  const box = h("div", { class: "band" });
  const [x, y] = editor.world.pointAt(event);
  let found = [];
  event.preventDefault(); // no text is selected
  follow(event, {
    scrolls: editor.stage,
    onStart: () => editor.world.element.append(box),
    onMove: (moved) => {
      const [atX, atY] = editor.world.pointAt(moved);
      const [left, top, right, bottom] = [Math.min(x, atX), Math.min(y, atY), Math.max(x, atX), Math.max(y, atY)];
      Object.assign(box.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` });
      const met = (card) => card.left < right && card.left + card.width > left && card.top < bottom && card.top + card.height > top;
      found = editor.world.scene().cards.filter(met).map(({ name }) => name);
      editor.world.mark(new Set(found));
    },
    onDrop: () => editor.select(found),
    onEnd: () => {
      box.remove();
      editor.world.mark(editor.selected);
    },
  });
}
