import { rangesText } from "../words/names.js";
import { podNameLabel, select, selectorFor } from "../kubernetes/selection.js";
import { defineRule } from "../lint/rule.js";
import { sameNamespace } from "../workspace/namespace.js";
import { podsIn } from "../workspace/selected-pods.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "service-pod-missing",
  flags: "a Service for a single pod that its StatefulSet does not have",
  why: `The controller gives every pod the label \`statefulset.kubernetes.io/pod-name\`, so that a Service can select one pod.
If the set has no pod with that ordinal, for example after scaling down, the Service has no endpoints and connections
to it fail.

It is reported if the set is in scope, its other labels match the selector, and no autoscaler scales it. A governing
Service is left to \`service-selector-mismatch\`.`,
  whenNotToUse: "If you scale the set by hand and keep Services for its later pods.",
  sources: ["https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#pod-name-label (Kubernetes 1.36)"],
  since: "0.1.0",
  topic: "identity",
  scope: "workspace",
  kinds: ["Service"],
  messages: {
    ordinal: { severity: "warning", text: "Pod `{pod}` does not exist: StatefulSet `{set}` has {pods}" },
  },
  check({ key, name, place, selector }, { scope, report }) {
    if (selector.state !== "present") return;
    const pod = selector.value.get(podNameLabel);
    const set = pod === undefined ? undefined : /^(.+)-\d+$/.exec(pod)?.[1];
    if (pod === undefined || set === undefined) return;
    const around = scope();
    const sets = around.named("StatefulSet", set).filter((one) => sameNamespace(one.key, key.namespace));
    const asked = selectorFor(selector.value);
    const isMissing = sets.every((one) => {
      if (one.partial || (name.state === "present" && one.serviceName === name.value)) return false;
      const pods = podsIn(one, around);
      const selection = pods?.count === undefined ? undefined : select(asked, pods);
      return selection?.pods === "none" && selection.unmet.every(({ requirement }) => requirement.key === podNameLabel);
    });
    const [first] = sets;
    const pods = first && podsIn(first, around);
    if (first === undefined || pods?.count === undefined || !isMissing) return;
    const range = pods.own.get(podNameLabel)?.described ?? "";
    report({
      message: "ordinal",
      data: { pod, set, pods: `${pods.count === 1 ? "only " : ""}${rangesText(range)}` },
      at: place.at("spec", "selector", podNameLabel),
      related: [
        { text: `The replicas of ${inCode(set)}`, document: first.document, path: [...first.root, "spec", "replicas"] },
      ],
    });
  },
  examples: [
    {
      title: "One Service more than pods",
      bad: manifest({ pod: "db-2" }),
      good: manifest({ pod: "db-1" }),
    },
  ],
});

function manifest({ pod }: { readonly pod: string }): string {
  return `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 2
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
---
apiVersion: v1
kind: Service
metadata:
  name: ${pod}
spec:
  type: LoadBalancer
  selector:
    statefulset.kubernetes.io/pod-name: ${pod}
  ports:
    - port: 5432
`;
}
