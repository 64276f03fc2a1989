import { containerTexts } from "../kubernetes/pod-template.js";
import type { ResourceOf } from "../kubernetes/resources/resource.js";
import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { podReferences, type PodReference } from "../workspace/pod-dns.js";
import type { Scope } from "../workspace/scope.js";
import type { StatefulSetSummary } from "../workspace/summary.js";
import type { Present } from "../yaml/field.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "peer-dns-invalid",
  flags: "the DNS name of a pod that does not exist: an ordinal out of range, another Service, another namespace",
  why: `The DNS name of a pod is \`<set>-<ordinal>.<serviceName>\`, and it has no name under another Service. The ordinals run
from \`ordinals.start\` (0) to that plus \`replicas\` minus 1. A list of peers that was not changed with \`replicas\`, or
that uses the Service for clients, does not resolve. Many databases then wait without end, or start a cluster of their
own.

Ordinal looks for names in \`env\`, \`command\` and \`args\` of every workload, and in the \`data\` of ConfigMaps. A name
counts only if a StatefulSet of that name is in scope and, if the manifests have variants of it, only if it is wrong
for all of them. Ordinals of sets that an autoscaler scales, or that have 0 replicas, are not reported.`,
  whenNotToUse: "If you prepare names for pods that scaling up will add.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id (Kubernetes 1.36)",
    "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-hostname-and-subdomain-field (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "identity",
  scope: "workspace",
  kinds: ["StatefulSet", "Workload", "other"],
  messages: {
    ordinal: { severity: "warning", text: "`{name}` does not exist: StatefulSet `{set}` has {pods}" },
    service: {
      severity: "warning",
      text: "`{name}` does not resolve: the pods of `{set}` have names under Service `{service}`",
    },
    namespace: {
      severity: "warning",
      text: "`{name}` does not resolve: StatefulSet `{set}` is in namespace `{namespace}`",
    },
  },
  check(resource, { scope, report }) {
    for (const field of textsOf(resource)) {
      const references = podReferences(field.value);
      for (const reference of references) {
        const around = scope();
        const problems = around
          .named("StatefulSet", reference.set)
          .map((set) => ({ set, problem: problemWith(reference, references, set, around) }));
        const [first] = problems;
        if (first?.problem === undefined || problems.some(({ problem }) => problem === undefined)) continue;
        report({
          message: first.problem.message,
          data: { name: reference.text, set: reference.set, ...first.problem.data },
          at: field.place.partOf(reference.text, reference.indexes[0] ?? 0),
          related: [
            {
              text: `StatefulSet ${inCode(reference.set)}`,
              document: first.set.document,
              path: [...first.set.root, "metadata", "name"],
            },
          ],
          fixes: first.problem.instead === undefined ? [] : replacement(field, reference, first.problem.instead),
        });
      }
    }
  },
  examples: [
    {
      title: "One peer too many",
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
              value: db-0.db,db-1.db,db-3.db
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
    {
      title: "The Service for clients",
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
  name: db-read
spec:
  selector:
    app: db
  ports:
    - port: 5432
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  selector:
    matchLabels:
      app: api
  template:
    metadata:
      labels:
        app: api
    spec:
      containers:
        - name: api
          image: api:1.2.0
          env:
            - name: DATABASE
              value: postgres://db-0.db-read:5432/shop
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
  name: db-read
spec:
  selector:
    app: db
  ports:
    - port: 5432
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  selector:
    matchLabels:
      app: api
  template:
    metadata:
      labels:
        app: api
    spec:
      containers:
        - name: api
          image: api:1.2.0
          env:
            - name: DATABASE
              value: postgres://db-0.db:5432/shop
`,
    },
  ],
});

function textsOf(resource: ResourceOf<"StatefulSet" | "Workload" | "other">): readonly Present<string>[] {
  if (resource.kind !== "other") return containerTexts(resource.template);
  if (resource.key.kind !== "ConfigMap") return [];
  return resource.place
    .at("data")
    .entries()
    .map(([, text]) => text.string())
    .filter((text) => text.state === "present");
}

interface Problem {
  readonly message: "ordinal" | "service" | "namespace";
  readonly data: Readonly<Record<string, string>>;
  /** What the name should be, where that is plain. */
  readonly instead: string | undefined;
}

function problemWith(
  reference: PodReference,
  others: readonly PodReference[],
  set: StatefulSetSummary,
  scope: Scope,
): Problem | undefined {
  const { ordinal, service, namespace } = reference;
  const { key, serviceName, replicas, firstOrdinal, partial } = set;
  if (partial || serviceName === undefined) return undefined;
  const pod = `${key.name}-${ordinal}`;
  const rest = namespace === undefined ? "" : `.${namespace}.svc`;

  if (service !== serviceName) {
    // Without such a Service the text may mean anything: a version, a file.
    const isService = !scope.isExternal(service) && scope.named("Service", service).length > 0;
    return isService
      ? { message: "service", data: { service: serviceName }, instead: `${pod}.${serviceName}${rest}` }
      : undefined;
  }
  if (namespace !== undefined && key.namespace !== undefined && namespace !== key.namespace) {
    return {
      message: "namespace",
      data: { namespace: key.namespace },
      instead: `${pod}.${service}.${key.namespace}.svc`,
    };
  }
  if (replicas === undefined || firstOrdinal === undefined || replicas < 1) return undefined;
  const last = firstOrdinal + replicas - 1;
  if (ordinal >= firstOrdinal && ordinal <= last) return undefined;
  const scaled = scope.scaling(key.name).some(({ targetKind }) => targetKind !== "Deployment");
  if (scaled) return undefined;
  const [first, end] = [firstOrdinal, last].map((number) => inCode(`${key.name}-${number}`));
  const pods = replicas === 1 ? `only ${end}` : `pods ${first} ${replicas === 2 ? "and" : "to"} ${end}`;
  const peers = others.filter((one) => one.set === reference.set && one.service === service).map((one) => one.ordinal);
  const left = onlyMissing(peers, firstOrdinal, last);
  return {
    message: "ordinal",
    data: { pods },
    instead: left === undefined ? undefined : `${key.name}-${left}.${service}${rest}`,
  };
}

/** The one pod that a list of peers leaves out, where it names a single other one that there is not. */
function onlyMissing(peers: readonly number[], first: number, last: number): number | undefined {
  const named = new Set(peers);
  const wrong = [...named].filter((ordinal) => ordinal < first || ordinal > last);
  if (wrong.length !== 1 || named.size !== last - first + 1) return undefined;
  for (let ordinal = first; ordinal <= last; ordinal += 1) if (!named.has(ordinal)) return ordinal;
  return undefined;
}

/** Writes another name wherever this one stands, and nothing else of the text. */
function replacement(
  { place, value }: Present<string>,
  { text, indexes }: PodReference,
  instead: string,
): readonly Fix[] {
  let replaced = value;
  const edits = indexes.toReversed().map((index) => {
    replaced = replaced.slice(0, index) + instead + replaced.slice(index + text.length);
    return { op: "set" as const, at: { place }, value: replaced };
  });
  return [{ title: `Use ${inCode(instead)}`, applicability: "review", edits }];
}
