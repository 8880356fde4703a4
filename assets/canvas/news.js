// WebSocket that receives others' edits and the form's: the server tells, the canvas draws; it reconnects with backoff.

const WAITS = [500, 1000, 2000, 5000, 15000]; // ms between two tries while the server is away

const STEADY = 5000; // ms that a connection lasts before the next wait is a short one again

const GONE = 1008; // the code for a project or a network that is no longer there
const LATER = 1013; // the code for a server that cannot say now: it took the call, so an open line is no sign that it is well

/** This canvas, so that the server need not tell it of its own edits. */
export const CANVAS = Math.random().toString(36).slice(2);

export class News {
  onPicture; onGone; shown; tried; project; network; later; steady; socket;

  /** `onPicture(picture)` for every change that did not come from this canvas; `shown()` is the revision on the screen; `onGone()`: nothing comes any more. */
  constructor({ onPicture, shown, onGone = () => {} }) {
    Object.assign(this, { onPicture, onGone, shown });
    this.tried = 0;
  }

  /** Listen for one network; another one ends what was listened for. */
  follow({ project, network }) {
    if (project === this.project && network === this.network) return;
    this.stop();
    Object.assign(this, { project, network });
    this.open();
  }

  stop() {
    clearTimeout(this.later);
    clearTimeout(this.steady);
    this.project = this.network = undefined;
    this.socket?.close();
    this.socket = null;
  }

  open() {
    const address = new URL(`/api/projects/${encodeURIComponent(this.project)}/watch`, window.location.href);
    address.protocol = address.protocol.replace("http", "ws");
    address.search = new URLSearchParams({ network: this.network, canvas: CANVAS, revision: this.shown() });
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.onopen = () => (this.steady = setTimeout(() => (this.tried = 0), STEADY));
    socket.onmessage = ({ data }) => socket === this.socket && this.onPicture(JSON.parse(data));
    socket.onclose = ({ code }) => {
      if (socket !== this.socket) return;
      if (code === GONE) return void this.onGone();
      if (code === LATER) this.tried = Math.max(this.tried, 3);
      this.again();
    };
  }

  again() {
    clearTimeout(this.steady);
    this.later = setTimeout(() => this.open(), WAITS[Math.min(this.tried, WAITS.length - 1)]);
    this.tried += 1;
  }
}
