import type { Simulation } from "./simulate.js";

/**
 * What `kubectl rollout status` does for the set at the end of a simulation, where a script that waits with it would be
 * surprised: StatefulSetStatusViewer.Status in k8s.io/kubectl pkg/polymorphichelpers/rollout_status.go (1.37).
 */
export function rolloutStatusNote({ start, steps, outcome }: Simulation): string | undefined {
  const { set } = steps.at(-1)?.state ?? start;
  if (outcome.type === "rejected" || set.type === "absent") return undefined;
  const { strategy, firstOrdinal, replicas } = set.spec;
  if (strategy.type !== "RollingUpdate")
    return `\`kubectl rollout status\` fails: "rollout status is only available for RollingUpdate strategy type", and this set has ${strategy.type}`;
  const partition = strategy.block?.partition ?? 0;
  if (partition === 0 || start.set.type === "absent") return undefined;
  return partition >= replicas
    ? "`kubectl rollout status` succeeds at once: the partition keeps every pod as it is"
    : `\`kubectl rollout status\` succeeds when the pods from ordinal ${firstOrdinal + partition} on are updated: "partitioned roll out complete"`;
}
