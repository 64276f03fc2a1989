import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, test } from "node:test";
import { repo } from "../harness/repo.js";

const sources = new Set(
  ["server/src", "client/src"].flatMap((folder) =>
    readdirSync(repo(folder), { recursive: true, encoding: "utf8" }).map((file) => basename(file)),
  ),
);

describe("what the documents name is there", () => {
  for (const document of ["README.md", "ARCHITECTURE.md", "docs/ci.md", "docs/simulation.md"]) {
    test(document, () => {
      const text = readFileSync(repo(document), "utf8");
      const folder = document.includes("/") ? "docs" : "";
      const linked = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = ""]) => repo(folder, target));
      const named = [...text.matchAll(/`((?:server|client|test|docs|syntaxes|examples)\/[\w./-]*\w)[/`]/g)].map(
        ([, path = ""]) => repo(path),
      );
      const missing = [...linked, ...named].filter((path) => !existsSync(path));
      assert.deepEqual(missing, []);
      const files = [...text.matchAll(/`([\w-]+\.tsx?)`/g)].map(([, file = ""]) => file);
      assert.deepEqual(
        files.filter((file) => !sources.has(file)),
        [],
      );
      assert.ok(linked.length + named.length > 0);
    });
  }
});
