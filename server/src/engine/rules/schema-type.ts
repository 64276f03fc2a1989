import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";

export default defineRule({
  id: "schema-type",
  flags: "a value of another type than its field has",
  why: `The API server converts nothing: \`"3"\` is no number, \`yes\` is a boolean and \`5432\` is no text. It refuses the
manifest: \`cannot unmarshal number into Go struct field\`. Numbers may be written \`3.0\` or \`3e0\`, and null is unset
everywhere.`,
  whenNotToUse: "Never: the manifest cannot be applied.",
  sources: [
    "apimachinery pkg/runtime/serializer/json, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl), categories yaml, env and replicas",
  ],
  since: "0.1.0",
  scope: "document",
  kinds: [
    "StatefulSet",
    "Service",
    "PersistentVolumeClaim",
    "PodDisruptionBudget",
    "Autoscaler",
    "StorageClass",
    "other",
  ],
  onPartial: true,
  structural: true,
  messages: {
    mismatch: { severity: "error", text: "{field} is {found}: it must be {expected}" },
  },
  examples: [
    {
      title: "Text needs quotes where it looks like a number",
      bad: `apiVersion: v1
kind: ConfigMap
metadata:
  name: db
data:
  PORT: 5432
`,
      good: `apiVersion: v1
kind: ConfigMap
metadata:
  name: db
data:
  PORT: "5432"
`,
    },
    {
      title: "A number has none",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: "3"
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
  replicas: 3
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
  check({ place }, { refusals, reportRefusal }) {
    for (const refusal of refusals()) {
      const { path } = refusal.at;
      const written = place.at(...path.slice(place.path.length)).value();
      reportRefusal(refusal, fixesFor(path, written, refusal.data["expected"]));
    }
  },
});

/** Quotes around what must be text, or none around what must be a number or a boolean. */
function fixesFor(path: readonly (string | number)[], written: unknown, expected: unknown): readonly Fix[] {
  switch (expected) {
    case "a string":
      // A number may be written in many ways (0x1F, 1_0): only its plain form is certainly what was meant.
      if (typeof written !== "number" && typeof written !== "boolean") return [];
      return [
        {
          title: "Put quotes around it",
          applicability: "review",
          edits: [{ op: "set", path, value: String(written) }],
        },
      ];
    case "an integer":
      if (typeof written !== "string" || !/^-?(?:0|[1-9]\d{0,8})$/.test(written)) return [];
      return [
        { title: "Take the quotes away", applicability: "safe", edits: [{ op: "set", path, value: Number(written) }] },
      ];
    case "true or false":
      if (written !== "true" && written !== "false") return [];
      return [
        {
          title: "Take the quotes away",
          applicability: "safe",
          edits: [{ op: "set", path, value: written === "true" }],
        },
      ];
    default:
      return [];
  }
}
