import { defineRule } from "../lint/rule.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "quantity-invalid",
  flags: "an amount of memory, storage or CPU that Kubernetes cannot read",
  why: `Units are \`Ki\`, \`Mi\`, \`Gi\`, \`Ti\`, \`Pi\`, \`Ei\` (powers of 1024), \`k\`, \`M\`, \`G\`, \`T\`, \`P\`, \`E\` (powers of 1000) and \`m\`
(thousandths), with nothing between number and unit. The API server refuses the whole manifest for \`10GB\` and \`1 Gi\`:
\`quantities must match the regular expression\`.`,
  whenNotToUse: "Never: the manifest cannot be applied.",
  sources: [
    "resource.ParseQuantity in apimachinery pkg/api/resource/quantity.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl)",
    "https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ (Kubernetes 1.36)",
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
    invalid: { severity: "error", text: "{what} is not a valid quantity. Examples: `500m`, `2Gi`, `10G`" },
  },
  check(_, { refusals, reportRefusal }) {
    for (const refusal of refusals()) {
      const written = refusal.at.place.value();
      const repaired = typeof written === "string" ? repair(written) : undefined;
      reportRefusal(
        refusal,
        repaired === undefined
          ? []
          : [
              {
                title: `Use ${inCode(repaired)}`,
                applicability: "review",
                edits: [{ op: "set", at: refusal.at, value: repaired }],
              },
            ],
      );
    }
  },
  examples: [
    {
      title: "`GB` is not a unit",
      bad: `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: db
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 10GB
`,
      good: `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: db
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 10G
`,
    },
  ],
});

/** `10GB`, `10 Gi`, `10gi`, `1,5Gi`, `500 m` and `10K`: the amount that was probably meant. */
function repair(text: string): string | undefined {
  const [, written, unit = ""] = /^(\d+(?:[.,]\d+)?)\s*([kmgtpe]i?)?b?$/i.exec(text.trim()) ?? [];
  if (written === undefined) return undefined;
  const number = written.replace(",", ".");
  // Thousandths have a small letter, and no bytes.
  if (unit === "" || (unit === "m" && !/b$/i.test(text))) return `${number}${unit}`;
  const letter = unit.charAt(0);
  if (unit.length === 2) return `${number}${letter.toUpperCase()}i`;
  return letter.toLowerCase() === "k" ? `${number}k` : `${number}${letter.toUpperCase()}`;
}
