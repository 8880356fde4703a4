// Search among layers by name, terms and summary, with typo tolerance; settings may follow the name: "conv 6 5 tanh".

/**
 * Search with typo tolerance: layers in which every word is found, by name, terms, family or summary; the best match first. Of equal
 * matches the first is the one with the higher `fit(layer)`, below 1, else the one that the palette lists first.
 */
export function search(layers, words, fit = () => 0) {
  const wanted = words.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const phrase = wanted.join(" ");
  const score = (layer) => {
    const points = wanted.map((word) => matched(layer, word));
    if (points.includes(0)) return -1;
    return points.reduce((sum, each) => sum + each, 0) + (layer.terms?.includes(phrase) ? 10 : 0);
  };
  const scored = layers.map((layer) => [score(layer), layer]).filter(([points]) => points >= 0);
  const exact = scored.filter(([points]) => points >= 2 * wanted.length);
  return (exact.length ? exact : scored).sort((a, b) => b[0] + fit(b[1]) - a[0] - fit(a[1])).map(([, layer]) => layer); // slips count where nothing else is found
}

/** How well a layer matches one word: 0 not at all, below 2 with a slip, 20 for its name. */
function matched({ name, family, summary, terms = [] }, word) {
  const own = name.toLowerCase();
  const known = terms.flatMap((term) => [term, ...term.split(/[ -]/)]);
  if (own === word) return 20; // more than any term of another layer
  if (own.startsWith(word)) return 8;
  if (known.includes(word)) return 7;
  if (own.includes(word)) return 6;
  if (known.some((each) => each.startsWith(word))) return 5;
  if (family.includes(word)) return 3;
  if (summary.toLowerCase().includes(word)) return 2;
  const slips = word.length > 7 ? 2 : word.length > 3 ? 1 : 0;
  const near = (each) => slips > 0 && distance(each, word) <= slips;
  return near(own) ? 1.5 : known.some(near) ? 1 : 0;
}

/** Damerau-Levenshtein distance: how many letters are missing, extra, wrong or swapped with their neighbour. */
export function distance(one, other) {
  const rows = [Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= one.length; i += 1) {
    rows.push([i]);
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1] ? rows[i - 2][j - 2] + 1 : Infinity;
      rows[i].push(Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + same, swapped));
    }
  }
  return rows[one.length][other.length];
}

const NUMBER = /^-?\d+(\.\d+)?([x×,]\d+)*$/;

/**
 * What a person asks for with a few words: layers, each with the settings that follow its name, [{ layer, params }], the best first.
 * The first number begins the settings; where nothing is found that way, further words are tried as settings, or all as a name.
 */
export function asked(layers, text, fit) {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const first = words.findIndex((word) => NUMBER.test(word));
  const named = first < 0 ? words.length : first;
  for (const end of [...Array.from({ length: named }, (_, less) => named - less), ...(first === 0 ? [0] : []), words.length]) {
    const found = search(layers, words.slice(0, end).join(" "), fit).map((layer) => ({ layer, params: settings(layer, words.slice(Math.min(1, end)), end - Math.min(1, end)) }));
    const taken = found.filter(({ params }) => params);
    if (taken.length) return taken;
  }
  return [];
}

/** Settings in the order in which the form has them: numbers, words of a choice, name=value; null where a word is none. The first `named` words may be part of a name. */
export function settings({ takes = [] }, words, named = 0) {
  const found = {};
  for (const [at, word] of words.entries()) {
    const set = NUMBER.test(word) ? number(takes, found, word.split(/[x×,]/).map(Number)) : choice(takes, found, word);
    if (!set && at >= named) return null;
  }
  return found;
}

function number(takes, found, values) {
  const [value] = values;
  const open = ({ name, kind, size }) => {
    if (kind === "ints" && !size && values.length === 1) return true; // as many as there are
    if (name in found) return false;
    if (values.length > 1) return kind === "ints" && (!size || size === values.length);
    return kind === "float" || (Number.isInteger(value) && (kind === "int" || kind === "ints"));
  };
  const param = takes.find(open);
  if (!param) return false;
  const { name, kind, size } = param;
  if (kind !== "ints") found[name] = value;
  else if (values.length > 1) found[name] = values;
  else found[name] = size ? Array(size).fill(value) : [...(found[name] ?? []), value];
  return true;
}

/** A word of a choice, or its beginning; or name=value. */
function choice(takes, found, word) {
  const [name, value] = word.split("=");
  if (value) {
    const param = takes.find((each) => each.name === name);
    return Boolean(param) && (NUMBER.test(value) ? number([param], found, value.split(/[x×,]/).map(Number)) : choice([param], found, value));
  }
  if (word.length < 2) return false;
  for (const match of [(each) => each === word, (each) => each.startsWith(word)]) {
    for (const param of takes) {
      const meant = param.choices?.find((each) => typeof each === "string" && match(each.toLowerCase()));
      if (meant === undefined || param.name in found) continue;
      found[param.name] = meant;
      return true;
    }
  }
  return false;
}

/** Settings in words: "filters 6, kernel_size 5 × 5". */
export const settingWords = (params) => Object.entries(params).map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(" × ") : value}`).join(", ");
