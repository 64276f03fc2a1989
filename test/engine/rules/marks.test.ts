import { readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { checkMarks } from "../../harness/marks.js";
import { repo } from "../../harness/repo.js";

describe("what is found in the fixtures is what their marks say", () => {
  for (const file of readdirSync(repo("test/engine/rules/fixtures"))) {
    test(file, () => checkMarks(repo("test/engine/rules/fixtures", file)));
  }
});
