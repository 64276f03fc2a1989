import { defineRule } from "../lint/rule.js";

export default defineRule({
  id: "revision-history-limit-zero",
  flags: "a `revisionHistoryLimit` of zero, which keeps no revision to roll back to",
  why: `With 0 the old revision of the template is deleted as soon as no pod runs it, so \`kubectl rollout undo\` and \`kubectl
rollout history\` have nothing to use. The default is ten; each is a small object.`,
  whenNotToUse: "If every rollback is an apply of an older manifest.",
  sources: [
    "https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#rolling-back (Kubernetes 1.36)",
    "recorded on Kubernetes 1.36.2 (test/truth/traces.jsonl, category history)",
  ],
  since: "0.1.0",
  topic: "rollout",
  scope: "document",
  kinds: ["StatefulSet"],
  onPartial: true,
  recommended: false,
  messages: {
    zero: { severity: "hint", text: "`revisionHistoryLimit: 0` keeps no revision for `kubectl rollout undo`" },
  },
  check({ revisionHistoryLimit }, { report }) {
    if (revisionHistoryLimit.state !== "present" || revisionHistoryLimit.value !== 0) return;
    report({
      message: "zero",
      at: revisionHistoryLimit,
      fixes: [
        {
          title: "Remove `revisionHistoryLimit` (the default is 10)",
          applicability: "review",
          edits: [{ op: "remove", at: revisionHistoryLimit }],
        },
      ],
    });
  },
  examples: [
    {
      title: "Nothing to roll back to",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  revisionHistoryLimit: 0
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
