import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "fractional-bytes",
  flags: "an amount of memory or storage that is not a whole number of bytes",
  why: `\`m\` means thousandths: \`128m\` of memory is an eighth of a byte, but usually means \`128Mi\`. The API server accepts it
with a warning.`,
  whenNotToUse: "Never: there are no parts of bytes.",
  sources: [
    "GetWarningsForPersistentVolumeClaimSpec in pkg/api/persistentvolumeclaim/util.go and warningsForPodSpecAndMeta in pkg/api/pod/warnings.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl), category resources",
  ],
  since: "0.1.0",
  topic: "fields",
  scope: "document",
  kinds: ["StatefulSet", "PersistentVolumeClaim"],
  onPartial: true,
  messages: {
    invalid: { severity: "warning", text: "{what} {must}" },
  },
  check: reportRefusals,
  examples: [
    {
      title: "Thousandths of a byte",
      bad: `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: db
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 1500m
`,
      good: `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: db
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 1500Mi
`,
    },
  ],
});
