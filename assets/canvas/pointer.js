// Pointer events on the stage: a press begins a drag, a click chooses, on a dot it adds, a double click renames, the wheel with Ctrl zooms.

import { dragCard, dragGround, dragHandle } from "./drag.js";
import { linkTo } from "./linking.js";
import { pickAfter } from "./picking.js";
import { toggle } from "./selecting.js";

/** Listen on an editor's stage, which goes with the editor. */
export function listenToPointer(editor) {
  const { stage } = editor;
  stage.addEventListener("pointerdown", (event) => press(editor, event));
  stage.addEventListener("click", (event) => click(editor, event));
  stage.addEventListener("dblclick", (event) => event.target.closest?.(".name") && editor.rename());
  stage.addEventListener("wheel", (event) => wheel(editor, event), { passive: false });
}

function press(editor, event) {
  const card = event.target.closest?.(".card");
  const dot = event.target.closest?.(".handle");
  if (dot) dragHandle(editor, card.dataset.name, dot.dataset.port, event);
  else if (event.target.closest?.("button, input, .touch, table")) return;
  else if (card) dragCard(editor, card.dataset.name, event);
  else dragGround(editor, event);
}

function click(editor, event) {
  const card = event.target.closest?.(".card");
  if (!card) return;
  const dot = event.target.closest(".handle");
  if (dot && !editor.linking) return pickAfter(editor, card.dataset.name, dot, { shift: true, port: dot.dataset.port });
  const adds = event.shiftKey || event.ctrlKey || event.metaKey || (event.pointerType === "touch" && editor.selected.size > 0);
  if (adds) return void toggle(editor, card.dataset.name);
  editor.select([]);
  editor.choose(card.dataset.name, { reveal: false, focus: !event.target.closest("button, input") });
  if (editor.linking && !event.target.closest("button, input")) linkTo(editor, card.dataset.name);
}

function wheel(editor, event) {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  editor.zoomBy(event.deltaY < 0 ? 1.1 : 1 / 1.1, [event.clientX, event.clientY]);
}
