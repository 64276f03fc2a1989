import { isDns1123Label, repairedName } from "../kubernetes/names.js";
import { defineRule } from "../lint/rule.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "service-name-invalid",
  flags: "a `serviceName` that no Service can have",
  why: `Since Kubernetes 1.33 the API server checks the name: lower case letters, digits and dashes, at most 63 characters.
Earlier releases accept any text and then refuse the pods one by one, because the name becomes their subdomain.

A placeholder that a tool or a person replaces (\`<name>\`, \`\${NAME}\`, \`REPLACE_ME\`) is not reported.`,
  whenNotToUse: "Never: the manifest cannot be applied.",
  sources: [
    "ValidateStatefulSetSpec in pkg/apis/apps/validation/validation.go (since 1.33), recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl), category serviceName",
  ],
  since: "0.1.0",
  topic: "identity",
  scope: "document",
  kinds: ["StatefulSet"],
  onPartial: true,
  messages: {
    invalid: { severity: "error", text: "`serviceName: {value}` {must}" },
  },
  check({ serviceName }, { report }) {
    const must = serviceName.state === "present" ? isDns1123Label(serviceName.value) : undefined;
    if (serviceName.state !== "present" || must === undefined) return;
    const meant = repairedName(serviceName.value, isDns1123Label);
    report({
      message: "invalid",
      data: { value: serviceName.value, must },
      at: serviceName,
      fixes:
        meant === undefined
          ? []
          : [
              {
                title: `Set \`serviceName\` to ${inCode(meant)}`,
                applicability: "review",
                edits: [{ op: "set", at: serviceName, value: meant }],
              },
            ],
    });
  },
  examples: [
    {
      title: "A full domain name",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db.default
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
