import assert from "node:assert/strict";
import { test } from "node:test";
import { highlights } from "../../../server/src/engine/features/highlight/highlight.js";
import { analyse, root } from "../../harness/workspace.js";

const uri = `${root}main.yaml`;

/**
 * Names in brackets are one group: wherever among them the cursor is, they are found, `[!` the definition. Names in
 * parentheses belong to none.
 */
function check(marked: string): void {
  const text = marked.replace(/[[\]()!]/g, "");
  const found = (offset: number) => {
    const analysis = analyse(text);
    const at = analysis.documentAt(uri, offset);
    return at === undefined ? [] : highlights(analysis.documents(uri), at);
  };
  let length = 0;
  const expected: { span: { start: number; end: number }; role: string }[] = [];
  const others: number[] = [];
  for (const [, before = "", open = "", name = ""] of marked.matchAll(/([^[(]*)(?:([[(]!?)([^\])]*)[\])])?/g)) {
    const start = length + before.length;
    length = start + name.length;
    if (open.startsWith("[")) {
      expected.push({ span: { start, end: length }, role: open === "[!" ? "definition" : "reference" });
    } else if (open === "(") others.push(start);
  }
  for (const { span } of expected) {
    assert.deepEqual(found(span.start), expected);
    assert.deepEqual(found(span.end), expected);
  }
  for (const offset of others) assert.deepEqual(found(offset), [], text.slice(offset, offset + 20));
}

test("a claim template's name: mounts and devices of all containers, a volume that it replaces, its claims", () => {
  check(`apiVersion: apps/v1
kind: StatefulSet
metadata: { name: (db), namespace: prod }
spec:
  template:
    spec:
      initContainers:
        - name: init
          volumeMounts:
            - { name: [data], mountPath: /data }
      containers:
        - name: (data)
          volumeMounts:
            - name: "(logs)"
              mountPath: (/data)
            - name: ['data']
              mountPath: /data
        - name: raw
          volumeDevices:
            - name: [data]
              devicePath: /dev/xvda
      volumes:
        - name: [data]
          emptyDir: {}
        - name: other
          persistentVolumeClaim: { claimName: [data-db-0] }
  volumeClaimTemplates:
    - metadata: { name: wal }
    - metadata:
        name: [!data] # on the disk
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: [data-db-12]
spec:
  dataSource: { kind: PersistentVolumeClaim, name: [data-db-1] }
---
apiVersion: snapshot.storage.k8s.io/v1
kind: VolumeSnapshot
spec:
  source:
    persistentVolumeClaimName: [data-db-2]
---
apiVersion: batch/v1
kind: CronJob
spec:
  jobTemplate:
    spec:
      template:
        spec:
          volumes:
            - name: (data)
              persistentVolumeClaim:
                claimName: [data-db-0]
            - name: no-ordinal
              persistentVolumeClaim:
                claimName: (data-db-00)
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: (data-web-0) }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: (data-db-0), namespace: elsewhere }
`);
});
