// Sampled text: the prompt in grey, then what the network generates by itself, token after token.
import { count } from "../../draw/data.js";
import { Panel } from "../../draw/panel.js";
import { percent } from "./arrays.js";

const LINE = 19;
const LETTER = 7.9; // pixels of one in 13 px of a monospaced face
const sign = (word) => word.replaceAll("\n", "↵");

export class Text extends Panel {
  highest; dataset; prompt; between; said; chances; tokens; places;

  take({ dataset, fixed }) {
    Object.assign(this, { dataset, prompt: [...fixed.prompt.values], highest: 0 });
    this.between = dataset.vocabulary.some((word) => word.length > 1) ? 1 : 0; // words need a space, characters have their own
    const [temperature] = fixed.temperature.values;
    this.said = `goes on from the grey text, temperature ${Number(temperature.toFixed(2))}`;
  }

  show({ tokens, chances }) {
    Object.assign(this, { tokens: [...tokens.values], chances: chances.values });
  }

  summary() {
    const all = this.chances.reduce((sum, each) => sum + Math.log2(Math.max(each, 1e-30)), 0);
    return `${count(this.tokens.length, "token")}, ${(-all / this.tokens.length).toFixed(1)} bits each`;
  }

  word(place) {
    return sign(this.dataset.vocabulary[[...this.prompt, ...this.tokens][place]] ?? "");
  }

  /** Where each token stands: [column, line, letters]. */
  size(room) {
    const columns = Math.max(Math.floor(room / LETTER), 10);
    let [column, line] = [0, 0];
    this.places = [...this.prompt, ...this.tokens].map((_, place) => {
      const length = this.word(place).length;
      if (column + length > columns) [column, line] = [0, line + 1];
      const found = [column, line, length];
      column += length + this.between;
      return found;
    });
    this.highest = Math.max(this.highest, line + 1); // a picture does not shrink from one epoch to the next
    return { width: room, height: this.highest * LINE };
  }

  paint(context, theme) {
    context.font = '13px ui-monospace, "DejaVu Sans Mono", monospace';
    context.textAlign = "left";
    context.textBaseline = "middle";
    this.places.forEach(([column, line], place) => {
      const own = place >= this.prompt.length;
      const [x, y] = [column * LETTER, (line + 0.5) * LINE];
      if (own) this.#ground(context, theme, place, x, line);
      context.fillStyle = own ? theme.ink : theme.faint;
      context.fillText(this.word(place), x, y);
    });
  }

  #ground(context, theme, place, x, line) {
    context.fillStyle = theme.accent;
    context.globalAlpha = this.place?.token === place ? 0.45 : 0.12;
    context.fillRect(x, line * LINE + 1, (this.places[place][2] + this.between) * LETTER, LINE - 2);
    context.globalAlpha = 1;
  }

  at(x, y) {
    const [column, line] = [x / LETTER, Math.floor(y / LINE)];
    const token = this.places.findIndex(([from, own, length]) => own === line && column >= from && column < from + Math.max(length, 1));
    return token < this.prompt.length ? null : { token };
  }

  step(place, down, across) {
    const next = (place?.token ?? this.prompt.length - (across || down)) + (across || down);
    return { token: Math.min(Math.max(next, this.prompt.length), this.places.length - 1) };
  }

  words({ token }) {
    return `“${this.word(token)}” had a chance of ${percent(this.chances[token - this.prompt.length])}`;
  }
}
