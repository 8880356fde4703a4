// What a module of the browser finds in its page, as far as tests need it, and servers on this machine that it talks to.
import { createHash } from "node:crypto";
import { createServer } from "node:http";

/** A server that answers `reply({ url, body })` { status, ...answer } as JSON; the page is one of its own. Gives what it was asked. */
export async function served(t, reply) {
  const asked = [];
  const http = createServer(async (request, response) => {
    const parts = await Array.fromAsync(request);
    const body = parts.length ? JSON.parse(Buffer.concat(parts).toString()) : null;
    asked.push({ url: request.url, body });
    const { status = 200, ...answer } = await reply({ url: request.url, body });
    response.writeHead(status, { "Content-Type": "application/json", Connection: "close" }).end(JSON.stringify(answer));
  });
  await listening(t, http);
  return asked;
}

/** A server of WebSockets: `met(send, close)` for each that connects, `send(text)`, `close(code)`; null refuses it. Gives the addresses asked for. */
export async function watched(t, met) {
  const asked = [];
  const http = createServer();
  http.on("upgrade", (request, socket) => {
    asked.push(request.url);
    const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    const frame = (kind, bytes) => socket.write(Buffer.concat([Buffer.from([0x80 | kind, bytes.length]), bytes]));
    socket.on("error", () => {});
    socket.on("data", (bytes) => (bytes[0] & 15) === 8 && socket.end()); // the other end closes
    met({ send: (text) => frame(1, Buffer.from(text)), close: (code) => frame(8, Buffer.from([code >> 8, code & 255])), drop: () => socket.destroy() });
  });
  await listening(t, http);
  return asked;
}

async function listening(t, http) {
  await new Promise((ready) => http.listen(0, "127.0.0.1", ready));
  const href = `http://127.0.0.1:${http.address().port}/`;
  globalThis.window = { location: { href } };
  globalThis.document = Object.assign(new EventTarget(), { hidden: false, baseURI: href });
  const own = globalThis.fetch;
  globalThis.fetch = (address, more) => own(new URL(address, href), more); // a browser takes addresses without a host
  t.after(() => {
    globalThis.fetch = own;
    http.closeAllConnections();
    http.close();
  });
}

/** Until something is true, or for five seconds. */
export async function until(done) {
  for (let tried = 0; tried < 500 && !done(); tried += 1) await new Promise((later) => setTimeout(later, 10));
  return done();
}

/** Elements that keep what they are given; a canvas has a context that measures text and makes small pictures. */
export function paper() {
  class Element extends EventTarget {
    constructor(tag) {
      super();
      Object.assign(this, { tag, children: [], attributes: {}, dataset: {}, style: {}, textContent: "" });
      this.classList = { toggle: () => {}, add: () => {}, remove: () => {} };
    }
    get options() {
      return this.children;
    }
    append(...children) {
      this.children.push(...children);
    }
    replaceChildren(...children) {
      this.children = children;
    }
    setAttribute(name, value) {
      this.attributes[name] = String(value);
    }
    toggleAttribute(name, there) {
      if (there) this.attributes[name] = "";
      else delete this.attributes[name];
    }
    getContext() {
      const known = { font: "", measureText: (text) => ({ width: 6 * String(text).length }), putImageData: (image) => (this.image = image) };
      return new Proxy(known, { get: (target, name) => target[name] ?? (() => {}) });
    }
    querySelector() {
      return this.children[0] ?? null;
    }
    get firstChild() {
      return this.children[0] ?? null;
    }
    toDataURL() {
      return "data:image/png;base64,";
    }
  }
  const made = [];
  const make = (tag) => (made.push(new Element(tag)), made.at(-1));
  globalThis.document = Object.assign(globalThis.document ?? {}, { createElement: make, createElementNS: (_, tag) => make(tag) });
  globalThis.ImageData = class {
    constructor(data, width, height = data.length / 4 / width) {
      if (typeof data === "number") Object.assign(this, { data: new Uint8ClampedArray(4 * data * width), width: data, height: width });
      else Object.assign(this, { data, width, height });
    }
  };
  return made;
}

/** The colours that the pages send, in light. */
export async function inks() {
  const { lookup } = await import("../../assets/draw/theme.js");
  const stops = { signed: ["#0072B2", "#67A9CF", "#FFFFFF", "#F4A261", "#D55E00"], rising: ["#FFFFFF", "#F4A261", "#D55E00"], grey: ["#000000", "#ffffff"] };
  const tables = Object.fromEntries(Object.entries(stops).map(([name, each]) => [name, lookup(each)]));
  return { dark: false, ground: "#ffffff", ink: "#111111", faint: "#222222", line: "#333333", accent: "#444444", family: "sans-serif", grow: 1, stops, lookup: tables };
}

/** A module of a component that is drawn into a page: gives `draw(data)`, as Streamlit calls it, and what the page holds. */
export async function mounted(module) {
  const made = paper();
  globalThis.window = { ...globalThis.window, devicePixelRatio: 1 };
  globalThis.getComputedStyle = () => ({ getPropertyValue: () => "" });
  globalThis.ResizeObserver = class {
    observe() {}
    disconnect() {}
  };
  const parent = document.createElement("div");
  const root = Object.assign(document.createElement("div"), { clientWidth: 600, parentNode: parent });
  parent.append(root);
  const { stops } = await inks();
  const { draw, leave } = await import(`../../assets/${module}`);
  return { made, draw: (data, asked = () => {}) => draw({ parentElement: parent, data: { scales: { light: stops, dark: stops }, ...data }, setStateValue() {}, setTriggerValue: asked }), leave: () => leave(parent) };
}

/** An array as Python sends it. */
export const sent = (shape, values) => ({ shape, data: Buffer.from(Float32Array.from(values).buffer).toString("base64") });
