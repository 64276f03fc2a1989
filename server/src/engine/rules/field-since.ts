import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "field-since",
  flags: "a field that the target version of Kubernetes does not have yet",
  why: `An API server of that release refuses the field with strict validation, like a misspelt one, and drops it otherwise.
The release is the setting \`ordinal.kubernetesVersion\`. That a release has a field does not mean that the feature is
on: new fields often require a feature gate.`,
  whenNotToUse: "If one manifest is used for clusters of several releases, and old ones can drop the field.",
  sources: ["the API documentation of Kubernetes 1.29 to 1.37, compared field by field"],
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
  messages: {
    tooNew: { severity: "warning", text: "`{field}` requires Kubernetes {release}; your target is {target}" },
  },
  check: reportRefusals,
  examples: [
    {
      title: "A Service for an old cluster",
      kubernetesVersion: "1.29",
      bad: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  trafficDistribution: PreferClose
  ports:
    - port: 5432
`,
      good: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  ports:
    - port: 5432
`,
    },
  ],
});
