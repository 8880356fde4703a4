// Lifecycle of every component of this folder: mount, take new data, resize with the room and the theme, unmount.
import { growth, theme } from "./theme.js";

/** `make(root)` gives an object with `take(component)`, `draw(width, theme)` and optionally `leave()`. */
export function mounted(make) {
  const views = new WeakMap();
  return {
    draw(component) {
      const { parentElement } = component;
      if (!views.has(parentElement)) views.set(parentElement, frame(parentElement, make));
      views.get(parentElement).take(component);
    },
    leave(parentElement) {
      views.get(parentElement)?.leave();
      views.delete(parentElement);
    },
  };
}

function frame(parent, make) {
  const root = parent.querySelector(".inspect");
  const view = make(root);
  let scales = null;
  let about = "";
  let last = "";
  const room = () => `${root.clientWidth} ${growth(root)}`;
  const draw = () => {
    if (!scales || !root.clientWidth) return;
    last = room();
    view.draw(root.clientWidth, { ...theme(root, scales), about });
  };
  const watcher = new ResizeObserver(() => room() !== last && draw());
  watcher.observe(root);
  return {
    take(component) {
      scales = component.data.scales;
      about = component.data.about ?? "";
      view.take(component);
      draw();
    },
    leave() {
      watcher.disconnect();
      view.leave?.();
    },
  };
}
