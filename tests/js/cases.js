// What Python computed for the test that runs: tests/kit/js_oracles.py writes it, the environment says where.
import { readFileSync } from "node:fs";

export const cases = JSON.parse(readFileSync(process.env.CASES, "utf8"));
