// Every module loads without a page: nothing is asked of the document or the window before something is drawn.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import test from "node:test";

const assets = new URL("../../assets/", import.meta.url);
const modules = readdirSync(assets, { recursive: true }).filter((name) => name.endsWith(".js"));

test("there are modules to load", () => assert.ok(modules.length > 80));

for (const name of modules) {
  test(`${name} loads`, async () => {
    const found = await import(new URL(name, assets));
    assert.ok(Object.keys(found).length > 0, "it exports nothing");
  });
}
