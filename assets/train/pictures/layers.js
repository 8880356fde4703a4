// Update-to-weight ratio and dead ReLU share of each layer: how far the last step moved it, and how many units output 0 only.
import { count } from "../../draw/data.js";
import { fitted } from "../../draw/panel.js";
import { percent, verdicts } from "./arrays.js";
import { Tiles } from "./tiles.js";

const MOST = 10; // rows
const LINE = 22;
const [LEAST, LARGEST] = [1e-5, 1]; // of the bar, in powers of ten
const DEAD = 0.5; // share of a layer's units from which it is told

export class Layers extends Tiles {
  said; rows; more; count; across; columns; down;

  take() {
    this.said = "update : weight at the last step · dead units";
    this.legends = [this.said];
  }

  show(found) {
    const names = new Set(Object.keys(found).map((name) => name.slice(name.indexOf(":") + 1)));
    const read = (what, name) => found[`${what}:${name}`]?.values[0];
    this.rows = [...names].map((name) => ({ name, moved: read("moved", name), dead: read("dead", name), units: read("units", name) }));
    this.more = Math.max(this.rows.length - MOST, 0);
    this.count = this.rows.length - this.more;
  }

  /** A sentence about the worst layer, empty where all are well. */
  warning() {
    const worst = this.rows.reduce((most, row) => ((row.dead ?? 0) > (most?.dead ?? 0) ? row : most), null);
    if (!worst || worst.dead < DEAD) return ["", ""];
    const revive = "A lower learning rate or a LeakyReLU usually revives them.";
    return [`${percent(worst.dead)} of ${worst.name} is dead.`, ` These units answer 0 to every sample here, so they cannot learn. ${revive}`];
  }

  summary() {
    return "layers";
  }

  lay(room) {
    Object.assign(this, { columns: 1, across: room, down: LINE });
  }

  tile(context, theme, place, x, y) {
    const { name, moved, dead } = this.rows[place];
    const middle = y + LINE / 2;
    context.textBaseline = "middle";
    context.textAlign = "left";
    context.font = `13px ${theme.family}`;
    context.fillStyle = theme.ink;
    const left = Math.min(0.34 * this.across, 110);
    context.fillText(fitted(context, name, left - 8), x, middle);
    const right = this.across - 62;
    if (dead != null) this.#dead(context, theme, dead, middle);
    if (moved == null) return;
    context.font = `12px ${theme.family}`;
    context.fillStyle = theme.faint;
    context.textAlign = "right";
    context.fillText(moved.toExponential(1).replace("-", "−"), right, middle);
    const room = right - 56 - left;
    const share = Math.min(Math.max(Math.log(moved / LEAST) / Math.log(LARGEST / LEAST), 0), 1);
    context.fillStyle = theme.line;
    context.fillRect(x + left, middle - 3, room, 6);
    context.fillStyle = theme.accent;
    context.fillRect(x + left, middle - 3, room * share, 6);
  }

  #dead(context, theme, dead, middle) {
    context.font = `${dead >= DEAD ? "600 " : ""}12px ${theme.family}`;
    context.fillStyle = dead >= DEAD ? verdicts(theme).wrong : theme.faint;
    context.textAlign = "right";
    context.fillText(`${percent(dead)} dead`, this.across, middle);
  }

  words({ tile }) {
    const { name, moved, dead, units } = this.rows[tile];
    const parts = [];
    if (moved != null) parts.push(`its last step was ${moved.toExponential(2).replace("-", "−")} of its weights' size`);
    if (dead != null) parts.push(`${Math.round(dead * units)} of ${count(units, "unit")} answer 0 to every sample`);
    return `${name}: ${parts.join("; ") || "not trained yet"}`;
  }
}
