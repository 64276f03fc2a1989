import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import type { Plain } from "../yaml/edit.js";
import type { Pointed } from "../yaml/origin.js";
import type { Place } from "../yaml/place.js";
import { isList, isMapping } from "../yaml/plain.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "schema-type",
  flags: "a value whose type is not that of its field",
  why: `The API server converts nothing: \`"3"\` is a string, \`yes\`, \`on\` and \`n\` are booleans, and \`5432\`, \`1.10\`, \`012\`
(octal) and \`1e3\` are numbers. It refuses the manifest: \`cannot unmarshal number into Go struct field\`. The same
applies to keys: \`on:\` is \`true:\`. Numbers can be written as \`3.0\` or \`3e0\`, and null means not set.`,
  whenNotToUse: "Never: the manifest cannot be applied.",
  sources: [
    "apimachinery pkg/runtime/serializer/json, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl), categories yaml, env and replicas",
  ],
  since: "0.1.0",
  topic: "fields",
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
  structural: "schema",
  messages: {
    mismatch: { severity: "error", text: "{field} must be {expected}, not {found}" },
    read: { severity: "error", text: "`{text}` is read as {found}, but {field} must be {expected}" },
    unquoted: {
      severity: "error",
      text: "`{text}` is read as {found}, but {field} must be a string. Put quotes around it",
    },
  },
  check({ place }, { refusals, reportRefusal }) {
    for (const refusal of refusals()) {
      const isEncoded = refusal.data["expected"] === "base64 text";
      reportRefusal(
        refusal,
        isEncoded ? secretFixes(refusal.at, place) : fixesFor(refusal.at, refusal.data["expected"]),
      );
    }
  },
  examples: [
    {
      title: "Text that looks like a number needs quotes",
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
      title: "A number has no quotes",
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
    case "a list":
      return listFixes(at, value);
    case "a map": {
      const map = mapOf(value);
      return map === undefined ? [] : [set("Make it a map", at, map)];
    }
    default:
      return [];
  }
}

/** What is written in the place of a list: its only item, or variables as a map of their values. */
function listFixes(at: Pointed, value: Plain | undefined): readonly Fix[] {
  if (value === undefined || value === null) return [];
  if (at.place.path.at(-1) !== "env") return [set("Make it a list", at, [value])];
  if (!isMapping(value)) return [];
  const variables = Object.entries(value).flatMap(([name, one]) =>
    typeof one === "string" || typeof one === "number" || typeof one === "boolean"
      ? [{ name, value: at.place.at(name).source ?? String(one) }]
      : [],
  );
  return variables.length < Object.keys(value).length ? [] : [set("Make it a list", at, variables)];
}

/** One map of those in a list, if each key is there once. */
function mapOf(value: Plain | undefined): Plain | undefined {
  if (!isList(value) || value.length === 0) return undefined;
  const entries = value.map((item) => (isMapping(item) ? Object.entries(item) : undefined));
  if (entries.includes(undefined)) return undefined;
  const all = entries.flatMap((one) => one ?? []);
  return new Set(all.map(([key]) => key)).size === all.length ? Object.fromEntries(all) : undefined;
}

/** Text that is not encoded belongs to `stringData`, which the server encodes. */
function secretFixes(at: Pointed, secret: Place): readonly Fix[] {
  const value = at.place.value();
  const [field, key] = at.place.path.slice(secret.path.length);
  if (field !== "data" || typeof key !== "string" || typeof value !== "string") return [];
  if (secret.at("stringData", key).exists) return [];
  return [
    {
      title: `Move ${inCode(key)} to \`stringData\`, which holds plain text`,
      applicability: "review",
      edits: [
        { op: "set", at: secret.at("stringData", key), value },
        { op: "remove", at },
      ],
    },
  ];
}

function set(title: string, at: Pointed, value: Plain): Fix {
  return { title, applicability: "review", edits: [{ op: "set", at, value }] };
}

function unquoted(at: Pointed, value: number | boolean): Fix {
  return { title: "Remove the quotes", applicability: "safe", edits: [{ op: "set", at, value }] };
}
