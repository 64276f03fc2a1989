import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { repo } from "../harness/repo.js";

/** Compares with a file in test/cli/golden; `UPDATE=1` writes it instead. */
export function checkGolden(name: string, actual: string): void {
  const file = repo("test/cli/golden", name);
  if (process.env["UPDATE"] === "1") writeFileSync(file, actual);
  else assert.equal(actual, readFileSync(file, "utf8"), `UPDATE=1 npm test rewrites ${file}`);
}
