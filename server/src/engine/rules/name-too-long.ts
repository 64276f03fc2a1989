import { defineRule } from "../lint/rule.js";

/** A label's value has at most 63 characters, and the hash after the name has up to 10 digits and a hyphen. */
const longest = 63 - 11;

export default defineRule({
  id: "name-too-long",
  flags: "a StatefulSet name of more than 52 characters",
  why: `Every pod has the label \`controller-revision-hash\`: the name of the set, a hyphen, and a hash of up to 10 digits. The
value of a label can have 63 characters, so 52 are left for the name. The API server accepts up to 63, creates the set
and its PVCs, and then refuses each pod: the set stays at 0 pods with FailedCreate events. A name of 53 or 54
characters works only if the hash of the template happens to be shorter, so a later change of the template can break
it.

The rule is stricter than the API server on purpose: the name of a live set cannot be changed later.`,
  whenNotToUse: "Never: choose a shorter name before the first apply.",
  sources: [
    "https://github.com/kubernetes/kubernetes/issues/64023 (open since 2018)",
    "measured on Kubernetes 1.36.2: 52 characters work, from 53 on pods failed with FailedCreate",
  ],
  since: "0.1.0",
  topic: "identity",
  scope: "document",
  kinds: ["StatefulSet"],
  messages: {
    long: {
      severity: "error",
      text: "The name has {length} characters. More than 52 leave no room for the hash in the label of the pods",
    },
  },
  check({ name }, { report }) {
    if (name.state !== "present") return;
    // Longer than 63 is no DNS label: the API server refuses it, which is another rule's to say.
    const { length } = name.value;
    if (length > longest && length <= 63) report({ message: "long", data: { length }, at: name });
  },
  examples: [
    {
      title: "A very long name",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: postgres-for-the-reporting-department-of-the-whole-firm
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
      good: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: postgres-reporting
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
