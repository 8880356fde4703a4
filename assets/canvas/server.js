// Edit queue with optimistic concurrency: edits go out one after another, each with its network and revision, retried with backoff.

import { CANVAS } from "./news.js";

const WAITS = [300, 600, 1200, 2500, 5000]; // ms between two tries while the server is away

const AWAY = new Set([502, 503, 504]); // what a proxy says while nothing answers behind it, and a server that is busy

const root = () => new URL("/", window.location.href);

/** What is asked for once, and again where that failed. */
export function once(ask) {
  let found = null;
  return () => {
    found ??= ask().catch((error) => {
      found = null;
      throw error;
    });
    return found;
  };
}

async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer;
}

/** What the palette lists. */
export const catalogue = once(async () => (await fetched(new URL("api/catalogue", root()))).json());

/** A style sheet beside the modules, as text. */
export const sheet = once(async () => (await fetched(new URL("canvas.css", import.meta.url))).text());

/** Whether two pictures, edits or wishes are about one network. */
export const same = (one, other) => one.project === other.project && one.network === other.network;

const key = ({ project, network }) => JSON.stringify([project, network]);

export class Server {
  hears; queue; revisions; open; busy; known;

  /** `hears`: onPicture(picture, edit), onStale(picture), onRefused(message), onElsewhere(message), onAway(why), onBack(). */
  constructor(hears) {
    this.hears = hears;
    this.queue = []; // [{ project, network, edit }]
    this.revisions = new Map(); // the newest revision known of each network
    this.open = { project: null, network: null };
    this.busy = false;
  }

  /** The network that is on the screen, and its newest revision. */
  follow(picture) {
    this.open = { project: picture.project, network: picture.network };
    this.#know(picture);
  }

  #know(picture) {
    const { revision } = picture;
    if (!(revision < this.revisions.get(key(picture)))) this.revisions.set(key(picture), revision);
  }

  /** The picture after the longer look, which finds what the quick one lets pass; null where it cannot be had now. */
  async lookDeep() {
    const { open } = this;
    const address = new URL(`api/projects/${encodeURIComponent(open.project)}/picture`, root());
    address.search = new URLSearchParams({ network: open.network, deep: "1" });
    const answer = await fetch(address).catch(() => null);
    const picture = answer?.ok ? await answer.json().catch(() => null) : null;
    return same(open, this.open) ? picture : null;
  }

  /** The open network's `definition`, as it is saved, with its revision, kept as `known`: what copying needs. Asked again only for another revision. */
  async define() {
    const { open } = this;
    if (this.known && same(open, this.known) && this.known.revision === this.revisions.get(key(open))) return this.known;
    const address = new URL(`api/projects/${encodeURIComponent(open.project)}/network`, root());
    address.search = new URLSearchParams({ network: open.network });
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) this.known = { ...(await answer.json()), ...open };
    return this.known;
  }

  /** Whether an edit of the open network has no answer yet. */
  get waiting() {
    return this.queue.some((each) => same(each, this.open));
  }

  send(edit) {
    this.queue.push({ ...this.open, edit });
    if (!this.busy) this.work();
  }

  async work() {
    this.busy = true;
    while (this.queue.length > 0) {
      const sent = this.queue[0];
      const { status, body } = await this.post(sent);
      if (status === 200 && !body.refused) this.#made(sent, body);
      else this.#failed(sent, status, body);
    }
    this.busy = false;
  }

  #made(sent, picture) {
    const open = same(sent, this.open);
    this.queue.shift();
    this.#know(picture);
    for (const each of this.queue) if (same(each, sent)) each.network = picture.network; // going back may go to an earlier name
    if (!open) return; // the person has opened another network meanwhile
    this.follow(picture);
    this.hears.onPicture(picture, sent.edit);
  }

  #failed(sent, status, body) {
    this.queue = this.queue.filter((each) => !same(each, sent)); // what was pressed on top of a refused edit meant another network
    if (status === 409) this.#know(body.picture);
    const refused = body.refused ?? body.error;
    const message = status === 409 ? "it was changed in another place." : (refused?.message ?? "the server met an error of its own.");
    if (!same(sent, this.open)) this.hears.onElsewhere(`Your last edit of ${sent.network} was not made: ${message}`);
    else if (status === 409) this.hears.onStale(body.picture);
    else this.hears.onRefused(refused?.message ?? "This could not be changed: the server met an error of its own.");
  }

  /** One POST, tried until the server answers: nothing that was pressed is lost while it restarts. */
  async post({ project, network, edit }) {
    const address = new URL(`api/projects/${encodeURIComponent(project)}/edits`, root());
    const body = JSON.stringify({ network, revision: this.revisions.get(key({ project, network })), edit });
    for (let tried = 0; ; tried += 1) {
      let why; // undefined: nothing answers
      try {
        const answer = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json", "X-Canvas": CANVAS }, body });
        if (!AWAY.has(answer.status)) {
          if (tried > 0) this.hears.onBack();
          return { status: answer.status, body: await answer.json().catch(() => ({})) };
        }
        why = (await answer.json().catch(() => ({}))).error?.message;
      } catch {
        // no connection: the server restarts, or the network is away
      }
      if (tried >= 2) this.hears.onAway(why);
      await new Promise((later) => setTimeout(later, WAITS[Math.min(tried, WAITS.length - 1)]));
    }
  }
}
