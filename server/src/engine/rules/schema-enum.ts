import { defineRule } from "../lint/rule.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "schema-enum",
  flags: "a value that the field does not accept",
  why: `The API server accepts a list of values for the field, in their spelling, and refuses every other: \`Unsupported value:
"clusterIp"\`. Values are case-sensitive. Some values require a feature gate and are refused while it is off: add the
gates of your cluster to the setting \`featureGates\`.`,
  whenNotToUse: "For values that your cluster has but a released Kubernetes does not.",
  sources: [
    "https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/ (Kubernetes 1.37)",
    "the validation functions of pkg/apis, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl)",
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
    unsupported: { severity: "error", text: "`{field}: {value}` is not valid. Use {known}" },
    tooNew: { severity: "error", text: "`{field}: {value}` requires Kubernetes {since}; your target is {release}" },
    gated: {
      severity: "error",
      text: "`{field}: {value}` requires the feature gate `{gate}`, which is off by default in Kubernetes {release} ({stage})",
    },
    unknownYet: {
      severity: "info",
      text: "Unknown value `{value}` of `{field}`: Kubernetes {newest} does not have it, and Ordinal does not know {release} yet",
    },
  },
  check(_, { refusals, reportRefusal }) {
    for (const refusal of refusals()) {
      const { value, near = "" } = refusal.data;
      const meant = String(near);
      const sameButForCase = String(value).toLowerCase() === meant.toLowerCase();
      reportRefusal(
        refusal,
        meant === ""
          ? []
          : [
              {
                title: `Use ${inCode(meant)}`,
                applicability: sameButForCase ? "safe" : "review",
                edits: [{ op: "set", at: refusal.at, value: meant }],
              },
            ],
      );
    }
  },
  examples: [
    {
      title: "Values are case-sensitive",
      bad: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  type: clusterIP
  ports:
    - port: 5432
`,
      good: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  type: ClusterIP
  ports:
    - port: 5432
`,
    },
  ],
});
