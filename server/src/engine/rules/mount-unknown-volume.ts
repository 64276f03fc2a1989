import { nearest } from "../kubernetes/schema/nearest.js";
import { isDns1123Label } from "../kubernetes/names.js";
import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { valueOr } from "../yaml/field.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "mount-unknown-volume",
  flags: "a mount of a volume that the pod does not have",
  why: `The name of a mount must be that of a volume of the pod or of a claim template. The API server refuses every other
name: \`spec.template.spec.containers[0].volumeMounts[0].name: Not found\` (1.36; older releases accept the StatefulSet
and refuse each of its pods).`,
  whenNotToUse: "In a base whose overlays add the volume.",
  sources: [
    "ValidateVolumeMounts in pkg/apis/core/validation/validation.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl), category mounts",
  ],
  since: "0.1.0",
  topic: "storage",
  scope: "document",
  kinds: ["StatefulSet"],
  messages: {
    unknown: { severity: "error", text: "Volume `{name}` does not exist, and no claim template has this name" },
  },
  check(statefulSet, { refusals, reportRefusal }) {
    const { spec, template } = statefulSet;
    const names = [
      ...template.place
        .at("spec", "volumes")
        .items()
        .map((volume) => volume.at("name")),
      ...spec
        .at("volumeClaimTemplates")
        .items()
        .map((claimTemplate) => claimTemplate.at("metadata", "name")),
    ].map((name) => valueOr(name.string(), ""));
    const removed = [spec.at("volumeClaimTemplates"), template.place.at("spec", "volumes")].filter(
      ({ exists }) => !exists,
    );
    for (const refusal of refusals()) {
      const meant = nearest(
        String(refusal.data["name"]),
        names.flatMap((name) => (name === undefined || name === "" ? [] : [name])),
      );
      const name = String(refusal.data["name"]);
      const near: readonly Fix[] =
        meant === undefined
          ? []
          : [
              {
                title: `Mount ${inCode(meant)}`,
                applicability: "review",
                isMeant: true,
                edits: [{ op: "set", at: refusal.at, value: meant }],
              },
            ];
      reportRefusal(refusal, [...near, ...additions(statefulSet, name)], removed);
    }
  },
  examples: [
    {
      title: "The claim template has another name",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
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
            - name: dta
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

/** The two usual kinds of volume, under the name that is mounted. */
function additions({ spec, template }: StatefulSet, name: string): readonly Fix[] {
  if (isDns1123Label(name) !== undefined) return [];
  return [
    {
      title: `Add claim template ${inCode(name)} with \`1Gi\` (only before the set is created)`,
      applicability: "review",
      edits: [
        {
          op: "insert",
          at: spec.at("volumeClaimTemplates"),
          value: {
            metadata: { name },
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
          },
        },
      ],
    },
    {
      title: `Add volume ${inCode(name)} as an \`emptyDir\``,
      applicability: "review",
      edits: [{ op: "insert", at: template.place.at("spec", "volumes"), value: { name, emptyDir: {} } }],
    },
  ];
}
