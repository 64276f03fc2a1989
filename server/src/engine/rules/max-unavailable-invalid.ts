import { repairedAmount } from "../kubernetes/int-or-percent.js";
import { isEnabled } from "../kubernetes/versions.js";
import { defineRule } from "../lint/rule.js";
import { valueOr } from "../yaml/field.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "max-unavailable-invalid",
  flags: "a `maxUnavailable` that is neither a positive number nor a percentage",
  why: `It must be 1 or more, or a percentage above 0% and up to 100%. A text without the percent sign is not valid. This
applies if the gate \`MaxUnavailableStatefulSet\` is on: in Kubernetes 1.35.0 to 1.35.3 and from 1.37. If it is off, the
API server drops the field before it checks it, and nothing is reported.`,
  whenNotToUse: "Never: the manifest cannot be applied.",
  sources: [
    "validateRollingUpdateStatefulSet in pkg/apis/apps/validation/validation.go and dropStatefulSetDisabledFields in pkg/registry/apps/statefulset/strategy.go, recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl), category maxUnavailable",
  ],
  since: "0.1.0",
  topic: "rollout",
  scope: "document",
  kinds: ["StatefulSet"],
  onPartial: true,
  messages: {
    invalid: { severity: "error", text: "`maxUnavailable: {value}` {must}" },
  },
  check({ updateStrategy: { type, maxUnavailable } }, { config, report }) {
    if (!isEnabled("MaxUnavailableStatefulSet", config.kubernetesVersion, config.featureGates)) return;
    if (maxUnavailable.state !== "present" || valueOr(type, "RollingUpdate") !== "RollingUpdate") return;
    const must = problemOf(maxUnavailable.value);
    if (must === undefined) return;
    const { value } = maxUnavailable;
    const meant = typeof value === "string" ? repairedAmount(value) : undefined;
    const isBetter = meant !== undefined && problemOf(meant) === undefined;
    report({
      message: "invalid",
      data: { value, must },
      at: maxUnavailable,
      fixes: isBetter
        ? [
            {
              title: `Set \`maxUnavailable\` to ${inCode(meant)}`,
              applicability: "review",
              edits: [{ op: "set", at: maxUnavailable, value: meant }],
            },
          ]
        : [],
    });
  },
  examples: [
    {
      title: "Less than one",
      kubernetesVersion: "1.37",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  updateStrategy:
    rollingUpdate:
      maxUnavailable: 0
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
  updateStrategy:
    rollingUpdate:
      maxUnavailable: 1
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

function problemOf(value: number | string): string | undefined {
  if (typeof value === "number") return value >= 1 ? undefined : "must be 1 or more";
  if (!/^\d+%$/.test(value)) return "must be a number or a percentage such as `25%`";
  const percent = Number(value.slice(0, -1));
  return percent >= 1 && percent <= 100 ? undefined : "must be between `1%` and `100%`";
}
