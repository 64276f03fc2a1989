import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { repo } from "../harness/repo.js";

/** Folders of `test/` that test more than one folder of sources, or none, and why. */
const noMirror: ReadonlyMap<string, string> = new Map([
  ["bench", "measures whole programs"],
  ["editors", "real editors, outside npm test"],
  ["fuzz", "drives the whole server"],
  ["harness", "what tests share"],
  ["package", "what is published, installed and run as its users do"],
  ["project", "tests of the repository itself"],
  ["render", "the real kubectl and helm, installed where outside checks look for them"],
  ["syntaxes", "the grammars of syntaxes/, which are no code"],
  ["truth", "recordings of real clusters, for tests and tools"],
  ["vscode", "the whole extension in a real VS Code"],
  ["web", "the whole extension, and the preview page, in a browser"],
]);

/** What tests compare with, beside them: no tests. */
const data = /(?:^|\/)(?:edges|fixtures|golden)(?:\/|$)/;

describe("a folder of tests has the name and place of the folder that it tests", () => {
  for (const entry of readdirSync(repo("test"), { withFileTypes: true })) {
    if (!entry.isDirectory() || noMirror.has(entry.name)) continue;
    test(`test/${entry.name}`, () => {
      const source = entry.name === "client" ? "client/src" : `server/src/${entry.name}`;
      const folders = readdirSync(repo("test", entry.name), { recursive: true, withFileTypes: true })
        .filter((below) => below.isDirectory())
        .map((below) => path.relative(repo("test", entry.name), path.join(below.parentPath, below.name)))
        .filter((below) => !data.test(below.replaceAll(path.sep, "/")));
      assert.deepEqual(
        ["", ...folders].filter((below) => !existsSync(repo(source, below))),
        [],
        `no such folder in ${source}`,
      );
    });
  }

  test("what is no mirror is there", () => {
    assert.deepEqual(
      [...noMirror.keys()].filter((name) => !existsSync(repo("test", name))),
      [],
    );
  });
});
