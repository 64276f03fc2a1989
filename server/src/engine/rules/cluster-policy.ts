import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "cluster-policy",
  flags: "what only some clusters accept",
  why: `These depend on the cluster, not on the manifest: \`privileged: true\` requires an API server with \`--allow-privileged\`,
\`ipFamilyPolicy: RequireDualStack\` requires Service addresses of both families, and \`ipFamilies: [IPv6]\` requires IPv6
addresses. Most clusters have the first, few have the others. Enable the rule as an error if yours has neither.`,
  whenNotToUse: "If your cluster allows it.",
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
      title: "Both families required",
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
