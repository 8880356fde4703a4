// Copy, cut and paste of layers, within a network and across networks and projects: JSON on the clipboard, read as data and held
// against every limit by the server.

import { count } from "../draw/data.js";
import { meant, remove } from "./selecting.js";
import { same } from "./server.js";
import { writing } from "./writing.js";

const MARK = "layers"; // what our JSON says of itself
const MOST_LETTERS = 2 * 2 ** 20; // of a text that is looked at
const MOST_LAYERS = 2000;

/** Some layers of a network with the wires among them, and the ports that something fed which is not among them. */
export function fragment({ version, name, nodes, edges }, names) {
  const wanted = new Set(names);
  const has = (end) => wanted.has(end);
  const open = edges.filter(({ source, target }) => has(target) && !has(source)).map(({ target, target_port }) => ({ node: target, port: target_port }));
  const part = { version, name, nodes: nodes.filter((node) => has(node.name)), edges: edges.filter(({ source, target }) => has(source) && has(target)) };
  return { layerloom: MARK, network: part, open };
}

/** What a text holds: a fragment, or a whole network as Layerloom saves it; null for anything else. */
export function pasted(text) {
  if (text.length > MOST_LETTERS || !text.trimStart().startsWith("{")) return null;
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    return null;
  }
  const { layerloom, network, open } = data.layerloom === undefined ? { layerloom: MARK, network: data, open: [] } : data;
  const sound = layerloom === MARK && Array.isArray(network?.nodes) && Array.isArray(network.edges) && Array.isArray(open);
  return sound && network.nodes.length > 0 && network.nodes.length <= MOST_LAYERS ? { network, open } : null;
}

/** Listen for an editor; returns how to stop. */
export function listenToClipboard(editor) {
  const ours = () => editor.stage.contains(editor.root.activeElement) || document.activeElement === document.body;
  const free = (event) => ours() && !writing(event) && document.getSelection()?.isCollapsed !== false && editor.mode === "cards";
  const copy = (event) => {
    const names = free(event) ? meant(editor) : [];
    if (names.length === 0) return;
    event.preventDefault();
    put(editor, event, names);
    if (event.type === "cut") remove(editor);
  };
  const paste = (event) => {
    if (!free(event) || !editor.picture?.editable) return;
    event.preventDefault();
    putIn(editor, pasted(event.clipboardData.getData("text/plain")));
  };
  const listeners = { copy, cut: copy, paste };
  for (const [name, listener] of Object.entries(listeners)) window.addEventListener(name, listener);
  return () => {
    for (const [name, listener] of Object.entries(listeners)) window.removeEventListener(name, listener);
  };
}

function put(editor, event, names) {
  const { known } = editor.server;
  const said = () => editor.note(`${count(names.length, "layer")} ${event.type === "cut" ? "cut" : "copied"}.`);
  if (known && same(known, editor.truth) && known.revision === editor.truth.revision) {
    event.clipboardData.setData("text/plain", JSON.stringify(fragment(known.definition, names)));
    return said();
  }
  const text = editor.server.define().then((found) => JSON.stringify(fragment(found.definition, names)));
  text.then((words) => navigator.clipboard.writeText(words)).then(said, () => editor.note("The layers could not be copied yet. Try again.", { sign: "error" }));
}

function putIn(editor, found) {
  if (!found) return editor.note("The clipboard holds no layers of a network.", { sign: "error" });
  const chosen = editor.world.nodes.has(editor.world.chosen) ? editor.world.chosen : null;
  editor.edit({ kind: "paste", ...found, after: chosen });
}
