import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "value-out-of-range",
  flags: "a number that is too small or too great for its field",
  why: `Ports are between 1 and 65535, replicas and delays are not negative, user ids have 31 bits, file modes are at most
0777. The API server refuses everything else: \`must be between 1 and 65535, inclusive\`. A file mode is easily too
great: \`755\` is a decimal number, \`0755\` is octal. Node ports outside 30000 to 32767 are refused by clusters with the
default \`--service-node-port-range\`.`,
  whenNotToUse: "For node ports, if the cluster has another range.",
  sources: [
    "https://github.com/kubernetes/kubernetes/pull/139648 (HPAScaleToZero is on since Kubernetes 1.37)",
    "ValidateNonnegativeField, IsValidPortNum, IsValidUserID and their callers in pkg/apis/core/validation/validation.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl)",
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
  messages: {
    invalid: { severity: "error", text: "{what} {must}" },
    gatedZero: {
      severity: "error",
      text: "`minReplicas: 0` requires the feature gate `{gate}`, which is off by default in Kubernetes {release} ({stage})",
    },
  },
  check: reportRefusals,
  examples: [
    {
      title: "A port that does not exist",
      bad: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  ports:
    - port: 70000
`,
      good: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  ports:
    - port: 7000
`,
    },
  ],
});
