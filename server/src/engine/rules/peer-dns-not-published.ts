import { allContainers, containerTexts } from "../kubernetes/pod-template.js";
import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import { waitsOf } from "../kubernetes/waits.js";
import { defineRule } from "../lint/rule.js";
import { governingService } from "../workspace/governing-service.js";
import { podReferences } from "../workspace/pod-dns.js";
import { valueOr } from "../yaml/field.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "peer-dns-not-published",
  flags: "pods that use names of each other while their Service publishes only Ready pods",
  why: `DNS has the name of a pod only once the pod is Ready, unless the Service has \`publishNotReadyAddresses: true\`. If pods
must find each other before they can become Ready, none ever does. This is a common problem of databases that form a
cluster before they serve. A Service for peers only can publish all pods at any time. A Service that clients use too
would send them to pods that are not ready, so it is best to have two.

It is a warning if an init container of every pod loops until the names of several pods resolve, and the pods are
created together (\`podManagementPolicy: Parallel\`): none of them gets past it. Otherwise it is a hint, and only with
this evidence: several replicas, a readiness probe, a headless Service, and the names of the set's own pods (not only
of the first one, which starts before the others) in the \`env\`, \`command\` or \`args\` of its containers.`,
  whenNotToUse: "If pods become Ready without their peers.",
  sources: [
    "https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/#ServiceSpec (publishNotReadyAddresses, Kubernetes 1.36)",
    "https://github.com/kubernetes/kubernetes/issues/92559",
  ],
  since: "0.1.0",
  topic: "identity",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    waits: {
      severity: "warning",
      text: "`{one}` and `{other}` wait for each other's names, which Service `{service}` publishes only when they are Ready",
    },
    unpublished: {
      severity: "hint",
      text: "Service `{service}` publishes only Ready pods, but these pods use names of each other (`{peer}`)",
    },
  },
  check(statefulSet, { scope, report }) {
    const { template, key, replicas, firstOrdinal, podManagementPolicy } = statefulSet;
    if ((valueOr(replicas, 1) ?? 1) < 2) return;
    const parallel = valueOr(podManagementPolicy, "") === "Parallel";
    const service = governingService(statefulSet, scope());
    if (service === undefined) return;
    const [nearest] = service.candidates;
    if (nearest === undefined) return;
    if (!service.candidates.every((one) => one.headless === true && one.publishNotReadyAddresses === false)) return;
    const awaited = parallel ? awaitedPods(statefulSet, service.name) : [];
    const readiness = allContainers(template).some((container) => container.at("readinessProbe").exists);
    const peer = containerTexts(template)
      .flatMap(({ value }) => podReferences(value))
      .filter((reference) => reference.set === key.name && reference.service === service.name)
      // In order, the first pod is Ready before another one starts: a seed that all others look for.
      .find(({ ordinal }) => ordinal !== valueOr(firstOrdinal, 0) || parallel);
    const [one, other] = awaited;
    if (other === undefined && (peer === undefined || !readiness)) return;
    report({
      ...(one !== undefined && other !== undefined
        ? { message: "waits", data: { one, other, service: service.name } }
        : { message: "unpublished", data: { service: service.name, peer: peer?.text ?? "" } }),
      at: statefulSet.serviceName,
      related: service.candidates.map(({ document, root }) => ({
        text: `Service ${inCode(service.name)}`,
        document,
        path: [...root, "spec"],
      })),
      fixes: [
        {
          title: `Set \`publishNotReadyAddresses\` of Service ${inCode(service.name)} to \`true\``,
          applicability: "review",
          edits: [
            {
              op: "set",
              path: [...nearest.root, "spec", "publishNotReadyAddresses"],
              value: true,
              document: nearest.document,
            },
          ],
        },
      ],
    });
  },
  examples: [
    {
      title: "Peers that wait for each other",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 3
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
          env:
            - name: PEERS
              value: db-0.db,db-1.db,db-2.db
          readinessProbe:
            exec:
              command: [pg_isready]
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
  replicas: 3
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
          env:
            - name: PEERS
              value: db-0.db,db-1.db,db-2.db
          readinessProbe:
            exec:
              command: [pg_isready]
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
`,
    },
  ],
});

/** The pods of the set, each once, that an init container of every pod waits for: each of them alone. */
function awaitedPods({ template, key }: StatefulSet, service: string): readonly string[] {
  const pods = template.place
    .at("spec", "initContainers")
    .items()
    // A sidecar (restartPolicy: Always) is not waited for.
    .filter((container) => !container.at("restartPolicy").exists)
    .flatMap(waitsOf)
    .map(({ condition }) => (condition.includes(",") ? [] : podReferences(condition)))
    .filter((references) => references.length === 1)
    .flat()
    .filter((reference) => reference.set === key.name && reference.service === service)
    .map(({ set, ordinal }) => `${set}-${ordinal}`);
  return [...new Set(pods)];
}
