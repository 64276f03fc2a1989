// How long it takes to play the nodes of a large cluster: part of `npm run bench`. The figures are of the machine that it
// runs on, in time of its processor.
import { behaviourOf, newestRelease } from "../../server/src/engine/kubernetes/versions.js";
import { startOfManifests } from "../../server/src/engine/maintenance/manifests.js";
import { alikeNodes } from "../../server/src/engine/maintenance/nodes.js";
import { readObjects } from "../../server/src/engine/maintenance/objects.js";
import { playVerdict } from "../../server/src/engine/maintenance/play-report.js";
import { playMaintenance, type Play } from "../../server/src/engine/maintenance/plays.js";

const plays: readonly Play[] = [
  { type: "drain-all", surge: false },
  { type: "drain-all", surge: true },
  { type: "scale-down", to: 60 },
  { type: "lose-zone", zone: "a" },
];

for (const [sets, replicas, nodes] of [
  [1, 3, 3],
  [10, 10, 30],
  [50, 20, 100],
] as const) {
  const start = startOf(sets, replicas, nodes);
  for (const play of plays) {
    if (play.type === "scale-down" && play.to > nodes) continue;
    const before = process.cpuUsage();
    const result = playMaintenance({ ...start, play, nodeSeconds: 120, volumeBinding: "zone" });
    const { user, system } = process.cpuUsage(before);
    const surge = play.type === "drain-all" && play.surge ? " with surge" : "";
    const size = `${sets} sets, ${sets * replicas} pods, ${nodes} nodes`;
    const time = `${Math.round((user + system) / 1000)} ms`.padStart(8);
    process.stdout.write(
      `${size.padEnd(32)} ${`${play.type}${surge}`.padEnd(20)} ${time}  ${result.steps.length} steps  ${playVerdict(result).title}\n`,
    );
  }
}

function startOf(sets: number, replicas: number, nodes: number) {
  const read = readObjects(Array.from({ length: sets }, (_, index) => setOf(`set-${index}`, replicas)).join(""));
  if (read.type === "unreadable") throw new Error(read.problem);
  const start = startOfManifests(
    read.objects.flatMap(({ resource }) =>
      resource.kind === "StatefulSet" ? [{ running: resource, next: undefined }] : [],
    ),
    {
      behaviour: behaviourOf(newestRelease, {}),
      nodes: alikeNodes(nodes, ["a", "b", "c"]),
      budgets: read.objects.flatMap(({ resource, value }) => (resource.kind === "PodDisruptionBudget" ? [value] : [])),
      rollout: false,
      faults: [],
      timing: {},
    },
  );
  if (start.type === "invalid") throw new Error(start.problems.join("; "));
  return start;
}

/** A set that spreads over zones, keeps its pods on different nodes, has a volume for each and a budget. */
function setOf(name: string, replicas: number): string {
  return `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name} }
spec:
  serviceName: ${name}
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers: [{ name: app, image: "example:1" }]
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - { topologyKey: kubernetes.io/hostname, labelSelector: { matchLabels: { app: ${name} } } }
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: ScheduleAnyway
          labelSelector: { matchLabels: { app: ${name} } }
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: ${name} }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: ${name} } } }
---
`;
}
