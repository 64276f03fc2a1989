import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "cluster-policy",
  flags: "what only some clusters accept",
  why: `Whether these are accepted is the cluster's choice and not the manifest's: \`privileged: true\` needs an API server with
\`--allow-privileged\`, \`ipFamilyPolicy: RequireDualStack\` one with service addresses of both families, \`ipFamilies: [IPv6]\` one with addresses
of that family. Most clusters have the first and few the others. Switch the rule on, as an error, where yours has neither.`,
  whenNotToUse: "Where the cluster allows it.",
  sources: [
    "ValidateSecurityContext in pkg/apis/core/validation/validation.go and capabilities.Get().AllowPrivileged, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl), category secctx",
    "https://kubernetes.io/docs/concepts/services-networking/dual-stack/ (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "fields",
  scope: "document",
  kinds: ["StatefulSet", "Service"],
  onPartial: true,
  recommended: false,
  messages: {
    privileged: {
      severity: "info",
      text: "A privileged container requires a cluster that allows it (`--allow-privileged`)",
    },
    dualStack: { severity: "info", text: "`RequireDualStack` requires a cluster with addresses of both IP families" },
    family: { severity: "info", text: "A Service of family `IPv6` requires a cluster with IPv6 addresses" },
  },
  check: reportRefusals,
  examples: [
    {
      title: "Both families wanted",
      bad: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  ipFamilyPolicy: RequireDualStack
  ports:
    - port: 5432
`,
      good: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  ipFamilyPolicy: PreferDualStack
  ports:
    - port: 5432
`,
    },
  ],
});
