// Whether the project is still there, on a page that asks the server for nothing by itself: Build and Train hear of it from their networks.

import { News } from "../canvas/news.js";
import { redraw } from "./frame.js";

let news = null;
let revision = 0;

/** Listen for the network that a page is about; null for a page that listens by itself. */
export function listen(network) {
  if (!network) return void news?.stop();
  ({ revision } = network);
  news ??= new News({ onPicture: () => {}, shown: () => revision, onGone: redraw });
  news.follow(network);
}
