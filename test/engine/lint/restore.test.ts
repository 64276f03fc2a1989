import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createWorkspace, defaultConfig } from "../../../server/src/engine/api.js";
import { applyEdits } from "../../../server/src/engine/text/edit.js";
import { root } from "../../harness/workspace.js";

const uri = `${root}db.yaml`;

const written = `# The database.
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: "db"}
spec:
  serviceName: 'db'   # peers find each other by it
  replicas: 3
  # Pods start together,
  # since they elect a leader.
  podManagementPolicy: "Parallel" # not OrderedReady
  selector:
      matchLabels:   { app: "db" }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [ {name: db, image: db} ] }
  volumeClaimTemplates:
  - metadata: { name: data }
    spec:
      accessModes: [ "ReadWriteOnce" ]
      resources:
        requests:
          storage: "10Gi" # grown twice
`;

/** The text after the first fix at a word of it is made. */
function restored(before: string, after: string, word: string): string {
  const workspace = createWorkspace(defaultConfig);
  workspace.setFile(uri, after);
  workspace.setBase({ title: "HEAD", files: new Map([[uri, before]]) });
  workspace.setComplete(true);
  const start = after.indexOf(word);
  assert.notEqual(start, -1);
  const fix = workspace
    .snapshot()
    .fixes(uri, { start, end: start + word.length })
    .find(({ title }) => /^(?:Restore|Remove)/.test(title));
  assert.ok(fix, "there is a fix");
  return applyEdits(
    after,
    fix.changes.flatMap(({ edits }) => edits),
  );
}

/** An edit of the text, and the word at which it is restored. */
const edits: readonly (readonly [title: string, edit: (text: string) => string, word: string])[] = [
  [
    "a value without its quotes and its comment",
    (text) => text.replace(`'db'   # peers find each other by it`, "web"),
    "web",
  ],
  ["a value with other quotes", (text) => text.replace(`"Parallel" #`, "OrderedReady #"), "OrderedReady #"],
  [
    "a removed line, with the comments above it",
    (text) => text.replace(/ {2}# Pods[^]*?not OrderedReady\n/, ""),
    "spec",
  ],
  ["a quantity", (text) => text.replace(`"10Gi" # grown twice`, "20Gi"), "20Gi"],
  ["line breaks of Windows", (text) => text.replace(`'db'   #`, "web #").replaceAll("\n", "\r\n"), "web #"],
];

describe("what is restored is written as it was:", () => {
  for (const [title, edit, word] of edits) {
    test(title, () => {
      const after = edit(written);
      const expected = after.includes("\r") ? written.replaceAll("\n", "\r\n") : written;
      assert.equal(restored(written, after, word), expected);
    });
  }
});

test("other edits stay, on the next line and in comments of the value", () => {
  const after = written
    .replace(`'db'   # peers find each other by it\n  replicas: 3`, "web # the new name\n  replicas: 5")
    .replace("grown twice", "grown three times");
  assert.equal(restored(written, after, "web #"), after.replace("web #", `'db' #`));
});
