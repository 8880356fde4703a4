// Arrays of any rank as rows and columns: the numbers that numpy cuts out, and from each cell back to its number.
import assert from "node:assert/strict";
import test from "node:test";

import { blankIn, field, slice } from "../../assets/draw/fields.js";
import { cases } from "./cases.js";

for (const { shape, values, channels } of cases) {
  test(`(${shape.join(", ")}) is cut into channels as numpy cuts it`, () => {
    const layout = field(shape);
    assert.equal(layout.channels, channels.length);
    channels.forEach((rows, channel) => {
      const found = [...slice(values, layout, channel)];
      const flat = rows.flat();
      assert.deepEqual(found.slice(0, flat.length), flat.map(Math.fround));
      assert.ok(found.slice(flat.length).every(Number.isNaN));
      if (shape.length > 1) assert.deepEqual([layout.rows, layout.columns], [rows.length, rows[0].length]);
    });
  });

  test(`(${shape.join(", ")}): a cell leads to its number and back`, () => {
    const layout = field(shape);
    for (let at = 0; at < values.length; at += 1) {
      const { row, column, channel } = layout.place(at);
      assert.equal(layout.index(row, column, channel), at);
      assert.ok(!blankIn(layout)(row, column));
    }
  });
}

test("a block of units is at most 64 wide, and its last row may have cells without a number", () => {
  const layout = field([5000]);
  assert.ok(layout.columns <= 64 && layout.rows * layout.columns >= 5000);
  const blanks = Array.from({ length: layout.rows * layout.columns }, (_, at) => blankIn(layout)(Math.floor(at / layout.columns), at % layout.columns));
  assert.equal(blanks.filter(Boolean).length, layout.rows * layout.columns - 5000);
});
