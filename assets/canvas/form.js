// The form beside the canvas as one Tab stop (WAI-ARIA: a composite that is entered): Enter goes in, Escape and F6 lead out, inside
// Tab goes from field to field, and so do arrows. Its fields are Streamlit's: whoever is outside finds them closed to Tab.

const BOX = ".st-key-form";
const STOPS = "a[href], button, input, textarea, select, summary, [tabindex]";
const OPEN = "[role=listbox], [data-baseweb=popover]"; // what Escape closes first
const HELP = "[aria-label=Help]"; // Streamlit's, beside a field's name: Tab stops there, arrows go past
const OWN_ARROWS = "[role=radio], [type=radio], [role=combobox], [aria-haspopup=listbox], [autocomplete=off], textarea, select"; // choices, numbers, long texts

const PRESSES = ["keydown", "pointerdown"]; // what a person does next
const MOVES = ["focusin", "focusout"];

const shown = (element) => !element.disabled && element.getClientRects().length > 0;

export class FormStop {
  shut; held; wanted; instead; host; place; watch;

  /** `host`: the canvas's element, which stands on the page beside the form. */
  constructor(host) {
    this.shut = new WeakMap(); // fields that are closed to Tab, with the tabindex that they had
    this.held = null; // the field that has the focus
    this.wanted = null; // the layer whose form was asked for: until the next press, its fields may still come, and come anew
    this.instead = null; // what got the focus because none of those fields was there yet
    this.host = host;
    this.place = host.closest(".st-key-build") ?? document.body;
    this.watch = new MutationObserver(() => this.settle());
    this.watch.observe(this.place, { childList: true, subtree: true, attributeFilter: ["tabindex"] });
    for (const kind of MOVES) this.place.addEventListener(kind, this);
    for (const kind of PRESSES) window.addEventListener(kind, this, true); // before a press is acted on
    this.settle();
  }

  stop() {
    this.watch.disconnect();
    for (const kind of MOVES) this.place.removeEventListener(kind, this);
    for (const kind of PRESSES) window.removeEventListener(kind, this, true);
    for (const field of this.fields) this.opened(field);
  }

  get box() {
    return document.querySelector(BOX);
  }

  handleEvent({ type, target }) {
    if (PRESSES.includes(type)) return void (this.wanted = null);
    if (type === "focusin") this.held = this.within(target) ? target : null;
    if (type === "focusin") this.settle();
    else setTimeout(() => this.settle()); // where the focus goes is not known yet
  }

  /** Whether this is something in the form. */
  within(element) {
    return Boolean(element) && element !== this.box && Boolean(this.box?.contains(element));
  }

  /** Open the fields to Tab where one of them has the focus, else close them; a focus that went with its field goes to the form. */
  settle() {
    const { box } = this;
    if (!box) return;
    const lost = this.held && !this.held.isConnected;
    if (lost) this.held = null;
    this.named(box);
    if (document.activeElement === document.body && (lost || this.wanted)) box.focus({ preventScroll: true });
    if (this.wanted && this.wanted === this.layer && [box, this.host, this.instead].includes(document.activeElement)) this.reach();
    const open = this.within(document.activeElement);
    for (const field of box.querySelectorAll(STOPS)) {
      if (open) this.opened(field);
      else this.closed(field);
    }
  }

  named(box) {
    const label = `${this.layer ? `Settings of ${this.layer}` : "Settings"}: Enter goes in, Escape leads back`;
    if (box.getAttribute("aria-label") === label) return;
    for (const [name, value] of Object.entries({ role: "group", tabindex: "0", "aria-label": label })) box.setAttribute(name, value);
  }

  closed(field) {
    if (field.tabIndex < 0) return;
    this.shut.set(field, field.getAttribute("tabindex"));
    field.tabIndex = -1;
  }

  opened(field) {
    if (!this.shut.has(field)) return;
    const before = this.shut.get(field);
    if (before === null) field.removeAttribute("tabindex");
    else field.setAttribute("tabindex", before);
    this.shut.delete(field);
  }

  get fields() {
    return [...(this.box?.querySelectorAll(STOPS) ?? [])].filter((field) => shown(field) && (field.tabIndex >= 0 || this.shut.has(field)));
  }

  /** The layer that the form is about, which may still be the one before; undefined where it is about none. */
  get layer() {
    return this.box?.querySelector(".layer-title span")?.textContent;
  }

  /** To the first field of the form, to its first button where it has none; not before it is about the layer that is meant. */
  enter(layer = this.layer) {
    this.wanted = layer;
    if (layer !== this.layer && this.layer) this.box.focus();
    else this.reach();
  }

  reach() {
    const { fields } = this;
    const first = fields.find((field) => field.matches("input:not([type=radio]), textarea"));
    this.instead = first ? null : fields[0];
    (first ?? this.instead)?.focus();
  }

  /** Take a key press in the form; whether it was one that leads from field to field, or in. */
  takes(event) {
    const at = event.composedPath()[0];
    if (at === this.box && ["Enter", "ArrowDown"].includes(event.key)) {
      this.enter();
      return true;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !this.within(at) || event.ctrlKey || event.metaKey || event.shiftKey) return false;
    if (!event.altKey && at.closest(OWN_ARROWS)) return false;
    const fields = this.fields.filter((field) => field === at || !field.matches(HELP));
    const next = fields[fields.indexOf(at) + step] ?? (step < 0 ? this.box : at);
    next.focus();
    return true;
  }

  /** Whether a key press is Escape in the form, with nothing open there that it would close. */
  leaves(event) {
    return event.key === "Escape" && Boolean(event.composedPath()[0].closest?.(BOX)) && !document.querySelector(OPEN);
  }
}
