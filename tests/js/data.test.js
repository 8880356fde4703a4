// Arrays arrive bit for bit, and numbers are read as they are.
import assert from "node:assert/strict";
import test from "node:test";

import { added, equals, multiplied, array, count, duration, ends, exact, extent, grouped, inBytes, inUnits, metric, number, part, rough, short, signed, when } from "../../assets/draw/data.js";
import { decoded, largest, numbers, percent, row } from "../../assets/train/pictures/arrays.js";
import { cases } from "./cases.js";

test("an array that Python sends has the same bits here", () => {
  for (const { bits, ...sent } of cases.arrays) {
    const { shape, values } = array(sent);
    assert.deepEqual(shape, sent.shape);
    assert.deepEqual([...new Uint32Array(values.slice().buffer)], bits);
  }
});

test("pixels arrive as bytes, other numbers as floats", () => {
  const { image, values } = decoded({ image: { shape: [2, 2], bytes: true, data: btoa(String.fromCharCode(0, 127, 128, 255)) }, values: cases.arrays[0] });
  assert.deepEqual([...image.values], [0, 127, 128, 255]);
  assert.ok(values.values instanceof Float32Array);
  assert.deepEqual(numbers({ shape: [0], data: "" }).values.length, 0);
});

test("a part along the first axis is that row, and shares its numbers", () => {
  const whole = array(cases.arrays[0]);
  const second = part(whole, 1);
  assert.deepEqual([second.shape, [...second.values]], [[3, 4], [...whole.values.slice(12)]]);
  assert.equal(second.values.buffer, whole.values.buffer);
  assert.deepEqual(row(whole, 1), second);
});

test("a float32 is written with as few digits as tell it from every other, as numpy does", () => {
  for (const [value, numpy] of cases.exact) {
    const told = exact(value).replaceAll("−", "-");
    assert.equal(Math.fround(Number(told)), Math.fround(value));
    const digits = (text) => text.replace(/e.*/, "").replace(/[-.]/g, "").replace(/^0+|0+$/g, "").length;
    assert.ok(digits(told) <= digits(numpy) || digits(told) <= 3, `${told}, by numpy ${numpy}`);
  }
});

test("counts are grouped as Python groups them", () => {
  for (const [value, python] of cases.grouped) assert.equal(grouped(value), python);
});

test("three digits, with a minus as wide as a plus", () => {
  const told = [0, 1, -1, 0.12345, 9.9999, 12.346, 123.456, 99999, 1e5, -1e-4, 1e-30, NaN, Infinity, -Infinity].map(number);
  assert.deepEqual(told, ["0.000", "1.000", "−1.000", "0.123", "10.000", "12.35", "123.5", "99999.0", "1.0e+5", "−1.0e−4", "1.0e−30", "not a number", "∞", "−∞"]);
});

test("whole numbers stay whole in a cell", () => assert.deepEqual([3, -2, 0.5].map(short), ["3", "−2", "0.500"]));

test("how far two computations are apart takes one digit", () => assert.deepEqual([3.4e-7, 0.96, 1e-4].map(rough), ["3e−7", "1e+0", "1e−4"]));

test("a metric keeps three decimals, or the digits that it has", () => assert.deepEqual([0.12345, 0.00512, 12.345, 12345, 0, -0.5, -12345].map(metric), ["0.123", "0.00512", "12.3", "12,345", "0.000", "−0.500", "−12,345"]));

test("sizes change their unit before they get long", () => {
  assert.deepEqual([0, 999, 1000, 2_603_072, 9_970_000, 999_600, 1e15].map((value) => inUnits(value).join(" ")), ["0 ", "999 ", "1.0 K", "2.6 M", "10 M", "1.0 M", "1000 T"]);
  assert.deepEqual([0, 900, 1024, 900_136, 5 * 2 ** 20, 2 ** 40].map((value) => inBytes(value).join(" ")), ["0 B", "900 B", "1.00 KiB", "0.86 MiB", "5.00 MiB", "1.00 TiB"]);
});

test("counts have their nouns as Python has them", () => {
  for (const [value, word, text] of cases.counts) assert.equal(count(value, word), text);
});

test("time is told as a person says it", () => {
  assert.deepEqual([0.2, 89, 90, 3600, 5400, 7500].map(duration), ["1 s", "89 s", "2 min", "60 min", "1 h 30 min", "2 h 5 min"]);
  const now = new Date(2024, 4, 17, 12, 0);
  assert.equal(when(new Date(2024, 4, 17, 9, 5) / 1000, now), "09:05");
  assert.equal(when(new Date(2024, 3, 2, 9, 5) / 1000, now), "2 Apr");
});

test("what is no number neither stretches a scale nor hides one", () => {
  const values = [NaN, -3, Infinity, 2, -Infinity];
  assert.equal(extent(values), 3);
  assert.deepEqual(ends(values), [-3, 2]);
  assert.deepEqual([extent([NaN]), ends([NaN]), ends([])], [0, [0, 0], [0, 0]]);
  assert.deepEqual(signed([0, 0]), { low: -1, high: 1, stops: "signed" });
});

test("a share is never told as nothing or all where it is not", () => {
  assert.deepEqual([0, 0.004, 0.5, 0.996, 1].map(percent), ["0 %", "under 1 %", "50 %", "over 99 %", "100 %"]);
  assert.equal(largest([0.1, 0.7, 0.7]), 1);
});

test("rounded numbers that do not give the rounded result are joined by about, never by equals", () => {
  assert.equal(equals(added, 0.1584, 0.1287, 0.0297), "≈"); // read 0.129 + 0.030 and 0.158
  assert.equal(equals(added, 0.158, 0.128, 0.03), "=");
  assert.equal(equals(multiplied, -0.125, 0.5, -0.25), "=");
  assert.equal(equals(multiplied, 1.2344 * 2.3454, 1.2344, 2.3454), "≈"); // 1.234 × 2.345 reads 2.894 where 2.895 stands
  for (let tried = 0; tried < 500; tried += 1) {
    const [one, other] = [Math.sin(tried) * 3, Math.cos(7 * tried)];
    const read = [one, other, one + other].map((value) => Number(number(value).replaceAll("−", "-")));
    const apart = Math.abs(read[0] + read[1] - read[2]);
    if (apart < 1e-9) assert.equal(equals(added, one + other, one, other), "=");
    if (apart > 6e-4) assert.equal(equals(added, one + other, one, other), "≈"); // more than half of the last digit that is seen
  }
});
