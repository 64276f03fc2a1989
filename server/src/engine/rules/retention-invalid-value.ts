import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import type { Field } from "../yaml/field.js";
import { inCode } from "../text/code.js";

const values = ["Retain", "Delete"] as const;

export default defineRule({
  id: "retention-invalid-value",
  flags: "a retention policy that is neither `Retain` nor `Delete`",
  why: `The API server accepts these two values, in this spelling, and refuses every other: \`Unsupported value: "delete":
supported values: "Retain", "Delete"\`. An empty string counts as not set, and the default is \`Retain\`.`,
  whenNotToUse: "Never: the manifest cannot be applied.",
  sources: [
    "ValidateStatefulSetSpec in pkg/apis/apps/validation/validation.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl, category pvcRetention)",
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "storage",
  scope: "document",
  kinds: ["StatefulSet"],
  onPartial: true,
  messages: {
    unsupported: { severity: "error", text: "`{key}: {value}` is not valid. Use `Retain` or `Delete`" },
    notText: { severity: "error", text: "`{key}` is not text. Use `Retain` or `Delete`" },
  },
  check({ retention }, { report }) {
    for (const [key, field] of [
      ["whenDeleted", retention.whenDeleted],
      ["whenScaled", retention.whenScaled],
    ] as const) {
      const value = field.state === "present" ? field.value : undefined;
      if (values.some((known) => known === value)) continue;
      if (value !== undefined)
        report({ message: "unsupported", data: { key, value }, at: field, fixes: fixesFor(field, value) });
      else if (field.state === "invalid")
        report({ message: "notText", data: { key }, at: field, fixes: fixesFor(field, "") });
    }
  },
  examples: [
    {
      title: "The case matters",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  persistentVolumeClaimRetentionPolicy:
    whenScaled: retain
  selector:
    matchLabels:
      app: db
  template:
    metadata:
      labels:
        app: db
    spec:
      containers:
        - name: db
          image: postgres:17
          volumeMounts:
            - name: data
              mountPath: /var/lib/postgresql
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: 10Gi
---
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector:
    app: db
`,
      good: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  persistentVolumeClaimRetentionPolicy:
    whenScaled: Retain
  selector:
    matchLabels:
      app: db
  template:
    metadata:
      labels:
        app: db
    spec:
      containers:
        - name: db
          image: postgres:17
          volumeMounts:
            - name: data
              mountPath: /var/lib/postgresql
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: 10Gi
---
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector:
    app: db
`,
    },
  ],
});

/**
 * The value that differs only in case, if there is one; else both. Only `Retain` is safe to write unseen: it deletes
 * nothing.
 */
function fixesFor(field: Field<string>, value: string): readonly Fix[] {
  const same = values.find((known) => known.toLowerCase() === value.trim().toLowerCase());
  return (same === undefined ? values : [same]).map((known) => ({
    title: `Use ${inCode(known)}`,
    applicability: same === "Retain" ? "safe" : "review",
    edits: [{ op: "set", at: field, value: known }],
  }));
}
