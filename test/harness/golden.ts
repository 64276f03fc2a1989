import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { repo } from "./repo.js";

/** Compares with a file of the repository, such as `test/cli/golden/help.txt`; `UPDATE=1` writes it instead. */
export function checkGolden(name: string, actual: string): void {
  const file = repo(name);
  if (process.env["UPDATE"] === "1") writeFileSync(file, actual);
  else assert.equal(actual, readFileSync(file, "utf8"), `UPDATE=1 npm test rewrites ${file}`);
}
