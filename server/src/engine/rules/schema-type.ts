import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import type { Pointed } from "../yaml/origin.js";

export default defineRule({
  id: "schema-type",
  flags: "a value of another type than its field has",
  why: `The API server converts nothing: \`"3"\` is a string, \`yes\`, \`on\` and \`n\` are booleans, and \`5432\`, \`1.10\`, \`012\`
(octal) and \`1e3\` are numbers. It refuses the manifest: \`cannot unmarshal number into Go struct field\`. The same goes
for keys: \`on:\` is \`true:\`. Numbers may be written \`3.0\` or \`3e0\`, and null is unset everywhere.`,
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
    mismatch: { severity: "error", text: "{field} must be {expected}, not {found}" },
    read: { severity: "error", text: "`{text}` is read as {found}, but {field} must be {expected}" },
    unquoted: {
      severity: "error",
      text: "`{text}` is read as {found}, but {field} must be a string. Put quotes around it",
    },
  },
  check(_, { refusals, reportRefusal }) {
    for (const refusal of refusals()) reportRefusal(refusal, fixesFor(refusal.at, refusal.data["expected"]));
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
});

/** Quotes around what must be text, or none around what must be a number or a boolean. */
function fixesFor(at: Pointed, expected: unknown): readonly Fix[] {
  const written = at.place;
  const value = written.value();
  switch (expected) {
    case "a string":
      // The text as it stands: the value of `1.10` is 1.1.
      if (written.source === undefined || (typeof value !== "number" && typeof value !== "boolean")) return [];
      return [
        {
          title: "Put quotes around it",
          applicability: "review",
          edits: [{ op: "set", at, value: written.source }],
        },
      ];
    case "an integer":
      if (typeof value !== "string" || !/^-?(?:0|[1-9]\d{0,8})$/.test(value)) return [];
      return [unquoted(at, Number(value))];
    case "true or false":
      return value === "true" || value === "false" ? [unquoted(at, value === "true")] : [];
    default:
      return [];
  }
}

function unquoted(at: Pointed, value: number | boolean): Fix {
  return { title: "Remove the quotes", applicability: "safe", edits: [{ op: "set", at, value }] };
}
