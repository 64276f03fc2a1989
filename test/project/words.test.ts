import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { allRules } from "../../server/src/engine/api.js";
import { repo } from "../harness/repo.js";

/** Phrases that are hard to read, each with what to write instead. */
const phrases: readonly (readonly [phrase: RegExp, instead: string])[] = [
  [/\b(?:is|are|be) told\b(?! apart)/i, "is reported, is shown, gets"],
  [/\bwithout a word\b/i, "silently"],
  [/\bcounts? for nothing\b/i, "has no effect"],
  [/\bis no (?:field|number)\b/i, "unknown field, is not a number"],
  [/\bis none of\b/i, "is not valid. Use ..."],
  [/\b(?:somebody|nobody|everybody|anybody)\b/i, "you, no one, or a passive"],
  [/\bfor ever\b/i, "without end"],
  [/\bwhat pleases\b/i, "the values you like"],
  [/\bmisfortunes?\b/i, "faults"],
  [/\bis there since\b/i, "requires Kubernetes ..."],
  [/\bis wanted\b/i, "is needed"],
  [/\bhangs on\b/i, "depends on"],
  [/\bthe quotes away\b/i, "remove the quotes"],
  [/\bnames no pod\b/i, "does not exist"],
  [/\b(?:is|are) supposed\b/i, "overrides"],
  [/\bscale[ds]?[ -]in\b/i, "scale down"],
  [/\bscale[ds]?[ -]out\b/i, "scale up"],
  [/\b(?:made|make) (?:again|anew)\b/i, "recreate, create again"],
];

/** What people read: sources with their comments, pages, settings. The preview page is being rewritten. */
const read = ["server/src", "client/src", "docs", "ARCHITECTURE.md", "README.md", "package.json"];
const leftOut = [
  "client/src/webview",
  "client/src/rollout-panel.ts",
  "server/src/engine/kubernetes/schema/data",
  // It says which words not to use.
  "docs/glossary.md",
];

test("what people read has no phrase that is hard to read", () => {
  const found = read.flatMap(filesBelow).flatMap((file) =>
    readFileSync(repo(file), "utf8")
      .split("\n")
      .flatMap((line, index) =>
        phrases.flatMap(([phrase, instead]) => {
          const match = phrase.exec(line);
          return match === null ? [] : [`${file}:${index + 1}: "${match[0]}". Write: ${instead}`];
        }),
      ),
  );
  assert.deepEqual(found, []);
});

function filesBelow(file: string): readonly string[] {
  if (leftOut.some((one) => file === one)) return [];
  if (statSync(repo(file)).isDirectory())
    return readdirSync(repo(file)).flatMap((name) => filesBelow(path.posix.join(file, name)));
  return /\.(?:ts|tsx|mjs|md|json)$/.test(file) ? [file] : [];
}

describe("a rule's messages are written alike", () => {
  for (const { id, messages } of allRules) {
    test(id, () => {
      for (const { text } of Object.values(messages)) {
        assert.match(text, /^[A-Z`{]/, `begins with a capital letter, code or a value: ${text}`);
        assert.doesNotMatch(text, /[.;:!]$/, `ends without a full stop: ${text}`);
        assert.doesNotMatch(text, /[.?] [a-z]/, `each sentence begins with a capital letter: ${text}`);
        assert.equal((text.match(/`/g) ?? []).length % 2, 0, `each backtick has its partner: ${text}`);
      }
    });
  }
});
