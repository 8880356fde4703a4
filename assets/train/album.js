// Cache of a run's pictures as they come: which epochs have one, and each one's arrays, asked for once; at most 60, the oldest go.
import { decoded } from "./pictures/arrays.js";

const MOST = 60; // pictures kept here

export class Album {
  run; epochs; about; kept;

  constructor(run) {
    this.run = run;
    this.epochs = [];
    this.about = null; // { kinds, dataset, fixed }
    this.kept = new Map(); // epoch: { kind: arrays }
  }

  #address(rest = "") {
    return new URL(`/api/runs/${encodeURIComponent(this.run)}/pictures${rest}`, document.baseURI);
  }

  async #ask(rest) {
    const answer = await fetch(this.#address(rest), { signal: AbortSignal.timeout(60_000) });
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.error?.message ?? `status ${answer.status}`);
    return body;
  }

  /** Look for epochs that are new; answers whether there are. */
  async more() {
    const { epochs, newest, about } = await this.#ask(`?after=${this.epochs.at(-1) ?? -1}`);
    if (about) this.about = { ...about, fixed: Object.fromEntries(Object.entries(about.fixed).map(([kind, arrays]) => [kind, decoded(arrays)])) };
    if (newest) this.#keep(newest);
    this.epochs.push(...epochs);
    return epochs.length > 0;
  }

  /** The arrays of an epoch, by kind. */
  async picture(epoch) {
    if (!this.kept.has(epoch)) this.#keep(await this.#ask(`/${epoch}`));
    return this.kept.get(epoch);
  }

  check(epoch) {
    return this.#ask(`/${epoch}/check`);
  }

  numbers(epoch) {
    return this.#address(`/${epoch}/numbers.npz`).href;
  }

  #keep({ epoch, kinds }) {
    this.kept.set(epoch, Object.fromEntries(Object.entries(kinds).map(([kind, arrays]) => [kind, decoded(arrays)])));
    if (this.kept.size > MOST) this.kept.delete(this.kept.keys().next().value);
  }
}
