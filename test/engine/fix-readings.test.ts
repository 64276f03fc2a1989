import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Lexer } from "yaml";
import { analyse, root } from "../harness/workspace.js";

/** How many characters the YAML library reads while something is done. */
function charactersRead(work: () => void): number {
  const { lex } = Lexer.prototype;
  let count = 0;
  Lexer.prototype.lex = function (source, ...more) {
    count += source.length;
    return lex.call(this, source, ...more);
  };
  try {
    work();
  } finally {
    Lexer.prototype.lex = lex;
  }
  return count;
}

function set(pod: string): string {
  return `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
${pod}`;
}

function times(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("");
}

const container = (index: number) => `      - name: c${index}
        image: x:1
        volumeMounts:
        - { name: data${index}, mountPath: /data }
`;

/** Manifests with as many findings as is said, each of which has fixes. */
const manifests: Readonly<Record<string, (count: number) => string>> = {
  "mounts of unknown volumes, without volumes": (count) => set(`      containers:\n${times(count, container)}`),
  "mounts of unknown volumes, with other volumes": (count) =>
    set(
      `      volumes:\n${times(count, (index) => `      - name: v${index}\n        emptyDir: {}\n`)}      containers:\n${times(count, container)}`,
    ),
  "unknown fields of containers": (count) =>
    set(`      containers:\n${times(count, (index) => `      - name: c${index}\n        imagee: x:1\n`)}`),
  "items of a list in block style": (count) =>
    set(
      `      containers:\n      - name: c\n        image: x:1\n        env:\n${times(count, (index) => `        - name: A${index}\n          value: ${index}\n`)}`,
    ),
  "items of a list in flow style": (count) =>
    set(
      `      containers:\n      - name: c\n        image: x:1\n        env: [${times(count, (index) => `{ name: A${index}, value: ${index} }, `)}]\n`,
    ),
  "a file of JSON": (count) =>
    `{"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db"}, "spec": {"template": {"spec": {"containers": [{"name": "c", "env": [{}${times(count, (index) => `, {"name": "A${index}", "value": ${index}}`)}]}]}}}}`,
  "objects of a List": (count) =>
    `apiVersion: v1\nkind: List\nitems:\n${times(
      count,
      (index) =>
        `- ${set(`      containers:\n${container(index)}`)
          .replaceAll("\n", "\n  ")
          .trimEnd()}\n`,
    )}`,
  documents: (count) => times(count, (index) => `---\n${set(`      containers:\n${container(index)}`)}`),
};

describe("the fixes and comments of all findings read a file a fixed number of times", () => {
  for (const [title, manifest] of Object.entries(manifests)) {
    test(title, () => {
      const rates = [10, 40].map((count) => {
        const text = manifest(count);
        const uri = `${root}main.yaml`;
        const analysis = analyse(text);
        const all = { start: 0, end: text.length };
        // What rules read is not counted: they read once, whatever is asked.
        analysis.findings(uri);
        let found = 0;
        const read = charactersRead(() => {
          found = analysis.fixes(uri, all).length;
          analysis.silences(uri, all);
        });
        assert.ok(found >= count, `${found} fixes`);
        return read / text.length;
      });
      const [small = 0, large = 0] = rates;
      assert.ok(large < 1.5 * small + 2, `the text was read ${small.toFixed(1)} times, then ${large.toFixed(1)} times`);
    });
  }
});
