import { podNames } from "../k8s/statefulset.js";
import { waitsOf, waitsOfExec, type Wait } from "../k8s/waits.js";
import { defineRule } from "../lint/rule.js";
import { podReferences } from "../workspace/pod-dns.js";
import { valueOr } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";

export default defineRule({
  id: "ordered-ready-deadlock",
  flags: "OrderedReady pods that cannot become Ready before a later one is there",
  why: `With \`podManagementPolicy: OrderedReady\`, the default, the controller makes a pod only when all before it are Running
and Ready. A pod that waits for a later one waits for ever: the first cannot start without the second, and the second is
not made without the first. It shows at the first apply, or only when all pods went down together and all must come back.

Told where the wait is plain to see: an init container, a \`postStart\` hook or a container with a probe on its port loops
until a later pod answers, or a readiness or startup probe asks such a pod. Scripts that may go another way (a condition, a
time limit, \`||\`) are not judged. Pods may be made together with \`podManagementPolicy: Parallel\`; a set that exists must be
deleted for it with \`kubectl delete statefulset NAME --cascade=orphan\` and created again, since the field cannot be changed.`,
  whenNotToUse: "Where the set is never started from nothing.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#pod-management-policies (Kubernetes 1.36)",
    "processReplica in pkg/controller/statefulset/stateful_set_control.go (Kubernetes 1.36): stops at the first pod that is not Running and Ready",
    "https://github.com/cockroachdb/cockroach-operator/issues/470",
    "https://github.com/nats-io/k8s/issues/622",
    "https://github.com/SiriDB/siridb-server/issues/153",
  ],
  since: "0.1.0",
  scope: "document",
  kinds: ["StatefulSet"],
  messages: {
    wait: { severity: "warning", text: "{pod} waits here for {peer}, which is made only when {pod} is Ready" },
    probe: {
      severity: "warning",
      text: "{pod} is Ready only if {peer} answers, which is made only when {pod} is Ready",
    },
  },
  examples: [
    {
      title: "All pods wait for all pods",
      bad: manifest({ policy: "OrderedReady" }),
      good: manifest({ policy: "Parallel" }),
    },
  ],
  check(statefulSet, { report }) {
    const { template, key, serviceName, podManagementPolicy } = statefulSet;
    const pods = podNames(statefulSet);
    if (valueOr(podManagementPolicy, "OrderedReady") !== "OrderedReady" || pods === undefined) return;
    if (serviceName.state !== "present") return;

    /** The only pod that a text names, if it is one of this set that the first comes before. */
    const laterPod = (text: string): string | undefined => {
      // Of a list any may do.
      if (text.includes(",")) return undefined;
      const [only, ...others] = podReferences(text);
      if (only === undefined || others.length > 0) return undefined;
      const { set, service, namespace, ordinal } = only;
      if (set !== key.name || service !== serviceName.value) return undefined;
      if (namespace !== undefined && key.namespace !== undefined && namespace !== key.namespace) return undefined;
      return ordinal > pods.first && ordinal < pods.first + pods.count ? `${set}-${ordinal}` : undefined;
    };
    const reportFirst = (message: "wait" | "probe", waits: readonly Wait[]) => {
      for (const { condition, at } of waits) {
        const peer = laterPod(condition);
        if (peer === undefined) continue;
        report({
          message,
          data: { pod: pods.name(0), peer },
          at,
          fixes: [
            {
              title: "Make the pods together (Parallel: only for a set that is created anew)",
              applicability: "review",
              edits: [{ op: "set", path: podManagementPolicy.path, value: "Parallel" }],
            },
          ],
        });
        return;
      }
    };

    for (const container of template.place.at("spec", "initContainers").items()) {
      // A sidecar (restartPolicy: Always) is not waited for.
      if (!container.at("restartPolicy").exists) reportFirst("wait", waitsOf(container));
    }
    for (const container of template.containers.items()) {
      if (gates.some((gate) => asksOwnPort(container.at(gate)))) reportFirst("wait", waitsOf(container));
      reportFirst("wait", waitsOfExec(container.at("lifecycle", "postStart", "exec"), container));
      for (const gate of gates) {
        const probe = container.at(gate);
        reportFirst("probe", [...waitsOfExec(probe.at("exec"), container), ...otherHosts(probe)]);
      }
    }
  },
});

/** The probes without which a pod is not Ready. */
const gates = ["readinessProbe", "startupProbe"] as const;

/** A probe that fails as long as the container has not begun to listen. */
function asksOwnPort(probe: Place): boolean {
  return ["httpGet", "tcpSocket", "grpc"].some((kind) => probe.at(kind).exists && !probe.at(kind, "host").exists);
}

function otherHosts(probe: Place): readonly Wait[] {
  return ["httpGet", "tcpSocket"]
    .map((kind) => probe.at(kind, "host").string())
    .filter((host) => host.state === "present")
    .map((at) => ({ condition: at.value, at }));
}

function manifest({ policy }: { readonly policy: string }): string {
  return `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 3
  podManagementPolicy: ${policy}
  selector:
    matchLabels:
      app: db
  template:
    metadata:
      labels:
        app: db
    spec:
      initContainers:
        - name: wait-for-peers
          image: busybox:1.37
          command:
            - sh
            - -c
            - for peer in db-0.db db-1.db db-2.db; do until nslookup $peer; do sleep 2; done; done
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
  publishNotReadyAddresses: true
  selector:
    app: db
`;
}
