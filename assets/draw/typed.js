// Numbers as people type them, read as builder/typed.py reads them: with one meaning, or not at all.

const LONGEST = 60; // signs of a number
const NUMBER = /^([+-]?)([\d .,'_]*\d[\d.,]*)(e[+-]?\d{1,4})?$/i;
const PARTED = /^\d{1,3}(?:([ '_])\d{3})(?:\1\d{3})*(?:[.,]\d*)?$/;
const GROUPED = [
  [/,/g, ".", /^\d{1,3}(?:,\d{3})+(?:\.\d*)?$/],
  [/\./g, ",", /^\d{1,3}(?:\.\d{3})+(?:,\d*)?$/],
];

/** Digits with at most one decimal point; null where it cannot be told what the signs among them mean. */
function digits(text, whole) {
  if (/[ '_]/.test(text)) return PARTED.test(text) ? text.replace(/[ '_]/g, "").replace(",", ".") : null;
  const [commas, points] = [",", "."].map((sign) => text.split(sign).length - 1);
  if (commas > 1 || points > 1 || (commas && points)) {
    const found = GROUPED.find(([, , pattern]) => pattern.test(text));
    return found ? text.replace(found[0], "").replace(found[1], ".") : null;
  }
  if (/^[1-9]\d{0,2},\d{3}$/.test(text)) return whole ? text.replace(",", "") : null;
  if (whole && /^[1-9]\d{0,2}\.\d{3}$/.test(text)) return null;
  return text.replace(",", ".");
}

/** The number in a person's text; null where there is none, or where it may be two. */
export function readNumber(text, { whole = false } = {}) {
  const plain = text.normalize("NFKC").replace(/[−–]/g, "-").replaceAll("’", "'").trim();
  const found = plain.length <= LONGEST ? plain.match(NUMBER) : null;
  const exact = found ? digits(found[2], whole) : null;
  const value = exact === null ? NaN : Number(`${found[1]}${exact}${found[3] ?? ""}`);
  return Number.isFinite(value) && (!whole || Number.isInteger(value)) ? value : null;
}
