import { defineRule } from "../lint/rule.js";
import { autoscalersOf } from "../workspace/autoscalers.js";
import { allowedEvictions, budgetsFor } from "../workspace/budgets.js";
import { podsOfSet } from "../workspace/selected-pods.js";
import type { Place } from "../yaml/place.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "pdb-looser-than-quorum",
  flags: "a PodDisruptionBudget that allows more members to be evicted than their majority can lose",
  why: `Systems that agree by majority need more than half of their members: 2 of 3, 3 of 5. A budget that allows more
evictions than the majority can lose does not protect them: draining two nodes together then stops the cluster
although the budget is respected. With \`maxUnavailable: 1\` a set of three or more members keeps its majority.

The image shows which systems need a majority: etcd, ZooKeeper, Consul, CockroachDB, RabbitMQ (quorum queues), NATS
(JetStream), and Kafka if it runs KRaft controllers (\`KAFKA_PROCESS_ROLES\` or \`KAFKA_CFG_PROCESS_ROLES\`). Replicas are
counted if no autoscaler scales the set.`,
  whenNotToUse: "If the members keep nothing that needs a majority, such as RabbitMQ without quorum queues.",
  sources: [
    "https://etcd.io/docs/v3.6/faq/#what-is-failure-tolerance",
    "https://zookeeper.apache.org/doc/r3.9.3/zookeeperAdmin.html#sc_zkMulitServerSetup",
    "https://developer.hashicorp.com/consul/docs/concept/consensus (Consul 1)",
    "https://www.cockroachlabs.com/docs/stable/architecture/replication-layer (CockroachDB 25)",
    "https://www.rabbitmq.com/docs/quorum-queues (RabbitMQ 4)",
    "https://docs.nats.io/running-a-nats-service/configuration/clustering/jetstream_clustering (NATS 2)",
    "https://kafka.apache.org/documentation/#kraft (Kafka 4)",
  ],
  since: "0.1.0",
  topic: "availability",
  scope: "workspace",
  kinds: ["StatefulSet"],
  recommended: false,
  options: {
    images: {
      type: "strings",
      default: ["etcd", "zookeeper", "cp-zookeeper", "consul", "cockroach", "rabbitmq", "nats"],
      description: "Images of systems that agree by majority, without registry, path and tag.",
    },
  },
  messages: {
    loose: {
      severity: "hint",
      text: "{budget} allows {allowed} of these {replicas} pods to be evicted at a time, but a majority can only lose {spare}",
    },
  },
  check(statefulSet, { options, scope, report }) {
    const { key, replicas, template } = statefulSet;
    if (replicas.state !== "present" || replicas.value < 3) return;
    if (!template.containers.items().some((container) => agreesByMajority(container, options.images))) return;
    const around = scope();
    if (!around.complete || autoscalersOf(key, around).length > 0) return;
    const spare = Math.floor((replicas.value - 1) / 2);
    const pods = podsOfSet(statefulSet, around);
    const budgets = pods && budgetsFor(key, pods, around);
    if (budgets === undefined) return;
    // Of variants of a budget one may be tight enough.
    const evictions = budgets.map((budget) =>
      allowedEvictions(budget, { selected: replicas.value, replicas: replicas.value }),
    );
    const [nearest] = budgets;
    const [allowed] = evictions;
    if (nearest === undefined || allowed === undefined) return;
    if (!evictions.every((each) => each !== undefined && each > spare)) return;
    report({
      message: "loose",
      data: { budget: `PodDisruptionBudget ${inCode(nearest.key.name)}`, allowed, replicas: replicas.value, spare },
      at: replicas,
      related: budgets.map(({ key: { name }, document, root }) => ({
        text: `PodDisruptionBudget ${inCode(name)}`,
        document,
        path: [...root, "spec"],
      })),
      fixes: [
        {
          title: `Set \`maxUnavailable\` of ${inCode(nearest.key.name)} to \`1\``,
          applicability: "review",
          edits: [
            ...(nearest.minAvailable === undefined
              ? []
              : [
                  {
                    op: "remove" as const,
                    path: [...nearest.root, "spec", "minAvailable"],
                    document: nearest.document,
                  },
                ]),
            { op: "set", path: [...nearest.root, "spec", "maxUnavailable"], value: 1, document: nearest.document },
          ],
        },
      ],
    });
  },
  plays: [
    { play: "drain-all", nodes: 2, zones: 2 },
    { play: "drain-all", nodes: 3, zones: 3 },
  ],
  examples: [
    {
      title: "Two of three can be evicted",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: etcd
spec:
  serviceName: etcd
  replicas: 3
  selector:
    matchLabels:
      app: etcd
  template:
    metadata:
      labels:
        app: etcd
    spec:
      containers:
        - name: etcd
          image: quay.io/coreos/etcd:v3.6.4
---
apiVersion: v1
kind: Service
metadata:
  name: etcd
spec:
  clusterIP: None
  selector:
    app: etcd
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: etcd
spec:
  maxUnavailable: 2
  selector:
    matchLabels:
      app: etcd
`,
      good: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: etcd
spec:
  serviceName: etcd
  replicas: 3
  selector:
    matchLabels:
      app: etcd
  template:
    metadata:
      labels:
        app: etcd
    spec:
      containers:
        - name: etcd
          image: quay.io/coreos/etcd:v3.6.4
---
apiVersion: v1
kind: Service
metadata:
  name: etcd
spec:
  clusterIP: None
  selector:
    app: etcd
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: etcd
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: etcd
`,
    },
  ],
});

function agreesByMajority(container: Place, images: readonly string[]): boolean {
  const image = container.at("image").string();
  if (image.state !== "present") return false;
  const [name = ""] = (image.value.split("@")[0]?.split("/").at(-1) ?? "").split(":");
  return images.includes(name) || (name.includes("kafka") && isController(container));
}

function isController(container: Place): boolean {
  return container
    .at("env")
    .items()
    .some((variable) => {
      const [name, value] = [variable.at("name").string(), variable.at("value").string()];
      if (name.state !== "present" || value.state !== "present") return false;
      return /^KAFKA_(?:CFG_)?PROCESS_ROLES$/.test(name.value) && value.value.includes("controller");
    });
}
