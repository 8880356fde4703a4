// The way to the truth: edits go out one after another, each with the revision it was based on.

import { CANVAS } from "./news.js";

const WAITS = [300, 600, 1200, 2500, 5000]; // ms between two tries while the server is away

const AWAY = new Set([502, 503, 504]); // what a proxy says while nothing answers behind it

const root = () => new URL("/", window.location.href);

/** What the palette lists; asked for once. */
export const catalogue = fetch(new URL("api/catalogue", root())).then((answer) => answer.json());

export class Server {
  /** `hears`: onPicture(picture, edit), onStale(picture), onRefused(message), onAway(why), onBack(). */
  constructor(hears) {
    this.hears = hears;
    this.queue = [];
    this.busy = false;
  }

  /** The network that edits are for, and the newest revision known of it. */
  follow({ project, network, revision }) {
    if (project === this.project && network === this.network && revision < this.revision) return;
    Object.assign(this, { project, network, revision });
  }

  /** The picture after the longer look, which finds what the quick one lets pass; null where it cannot be had now. */
  async lookDeep() {
    const address = new URL(`api/projects/${encodeURIComponent(this.project)}/picture`, root());
    address.search = new URLSearchParams({ network: this.network, deep: "1" });
    const answer = await fetch(address).catch(() => null);
    return answer?.ok ? answer.json() : null;
  }

  get waiting() {
    return this.queue.length > 0;
  }

  send(edit) {
    this.queue.push(edit);
    if (!this.busy) this.work();
  }

  async work() {
    this.busy = true;
    while (this.queue.length > 0) {
      const edit = this.queue[0];
      const { status, body } = await this.post({ network: this.network, revision: this.revision, edit });
      if (status === 200) this.queue.shift();
      else this.queue.length = 0; // what was pressed on top of a refused edit meant another network
      if (status === 200 || status === 409) this.follow(status === 200 ? body : body.picture);
      if (status === 200) this.hears.onPicture(body, edit);
      else if (status === 409) this.hears.onStale(body.picture);
      else this.hears.onRefused(body.error?.message ?? "This could not be changed: the server met an error of its own.");
    }
    this.busy = false;
  }

  /** One POST, tried until the server answers: nothing that was pressed is lost while it restarts. */
  async post(data) {
    const address = new URL(`api/projects/${encodeURIComponent(this.project)}/edits`, root());
    for (let tried = 0; ; tried += 1) {
      let why; // undefined: nothing answers
      try {
        const answer = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json", "X-Canvas": CANVAS }, body: JSON.stringify(data) });
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
