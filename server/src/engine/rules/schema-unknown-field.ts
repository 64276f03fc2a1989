import { defineRule } from "../lint/rule.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "schema-unknown-field",
  flags: "a field that the API does not have",
  why: `kubectl asks the API server for strict validation, so for a misspelt field the whole manifest is refused: \`unknown
field "spec.clusterIp"\`. Tools that do not ask for it (older kubectl, some controllers) silently drop the field, and
it has no effect. Names are case-sensitive. \`$patch\`, \`$retainKeys\` and the other directives of a strategic merge are
allowed in patches only.`,
  whenNotToUse: "For fields that a mutating webhook or a vendor's API server adds.",
  sources: [
    "strict decoding in apimachinery pkg/runtime/serializer/json, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl)",
    "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation (Kubernetes 1.36)",
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
    unknown: { severity: "error", text: "Unknown field `{field}`{parent}" },
    unknownYet: {
      severity: "info",
      text: "Unknown field `{field}`{parent}: Kubernetes {newest} does not have it, and Ordinal does not know {release} yet",
    },
    misspelt: { severity: "error", text: "Unknown field `{field}`{parent}. Did you mean `{near}`?" },
  },
  check(_, { refusals, reportRefusal }) {
    for (const refusal of refusals()) {
      const { field, near } = refusal.data;
      const renamed = String(near);
      const sameButForCase = String(field).toLowerCase() === renamed.toLowerCase();
      reportRefusal(
        refusal,
        renamed === ""
          ? []
          : [
              {
                title: `Rename it to ${inCode(renamed)}`,
                // Other letters may have meant another field.
                applicability: sameButForCase ? "safe" : "review",
                edits: [{ op: "rename", at: refusal.at, to: renamed }],
              },
            ],
      );
    }
  },
  examples: [
    {
      title: "Names are case-sensitive",
      bad: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIp: None
  selector:
    app: db
`,
      good: `apiVersion: v1
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
