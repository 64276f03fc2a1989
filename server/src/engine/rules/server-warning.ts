import { defineRule, reportRefusals } from "../lint/rule.js";

export default defineRule({
  id: "server-warning",
  flags: "what the API server accepts with a warning",
  why: `kubectl shows these warnings with every apply: a field that has no effect in this place, an empty name in
\`imagePullSecrets\`, a negative grace period (which is treated as 1). The object works, but without the effect of the
field.`,
  whenNotToUse: "If the field is kept for another environment.",
  sources: [
    "https://github.com/kubernetes/enhancements/tree/master/keps/sig-network/5707-deprecate-service-externalips (deprecated in Kubernetes 1.36)",
    "GetWarningsForService in pkg/api/service/warnings.go and warningsForPodSpecAndMeta in pkg/api/pod/warnings.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl)",
  ],
  since: "0.1.0",
  topic: "fields",
  scope: "document",
  kinds: ["StatefulSet", "Service"],
  onPartial: true,
  messages: {
    ignored: { severity: "warning", text: "`{field}` has no effect with {why}" },
    externalIps: {
      severity: "warning",
      text: "`externalIPs` is deprecated since Kubernetes 1.36: use a Service of type `LoadBalancer`, or the Gateway API",
    },
    hostIpAlone: { severity: "warning", text: "`{field}` has no effect without `hostPort`" },
    emptyPullSecret: { severity: "warning", text: "An entry of `imagePullSecrets` has no name" },
    negativeGrace: { severity: "warning", text: "`{field}: {value}` is treated as 1" },
  },
  check: reportRefusals,
  examples: [
    {
      title: "Session affinity of a headless Service",
      bad: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  sessionAffinity: ClientIP
`,
      good: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
`,
    },
  ],
});
