import type { Simulation } from "./simulate.js";
import type { RolloutSpec } from "./spec.js";
import type { Status } from "./state.js";
import { formatDuration } from "./time.js";

/**
 * One line on what a pipeline sees that waits with `kubectl rollout status` or `helm upgrade --wait`; `undefined` where
 * there is nothing to wait for.
 *
 * kubectl: StatefulSetStatusViewer.Status in k8s.io/kubectl pkg/polymorphichelpers/rollout_status.go (1.37). Helm 3:
 * statefulSetReady in pkg/kube/ready.go (3.18). Helm 4: stsConditions in sigs.k8s.io/cli-utils
 * pkg/kstatus/status/core.go (0.37), which it watches with. Both give up after `--timeout`, 5 min by default.
 */
export function rolloutStatusNote({ start, steps, outcome }: Simulation): string | undefined {
  const { set } = steps.at(-1)?.state ?? start;
  if (outcome.type === "rejected" || set.type === "absent" || set.deletion !== "none") return undefined;
  const { strategy, firstOrdinal, replicas } = set.spec;
  if (strategy.type !== "RollingUpdate") {
    const helm =
      strategy.type === "OnDelete" ? "`helm upgrade --wait` does not wait" : "Helm 3 does not wait for it, Helm 4 does";
    return `\`kubectl rollout status\` fails: "rollout status is only available for RollingUpdate strategy type", and this set has ${strategy.type}; ${helm}`;
  }
  const partition = strategy.block?.partition ?? 0;
  if (outcome.type === "stuck") {
    return isComplete(set.spec, set.status)
      ? "`kubectl rollout status` and `helm upgrade --wait` do not notice that the rollout is stuck: they succeed"
      : "`kubectl rollout status` waits without end unless it has a `--timeout`; `helm upgrade --wait` fails after its `--timeout` (5 min by default)";
  }
  if (outcome.type !== "converged") return undefined;
  if (partition > 0 && start.set.type === "present") {
    return partition >= replicas
      ? "`kubectl rollout status` and `helm upgrade --wait` succeed at once: the partition keeps every pod as it is"
      : `\`kubectl rollout status\` and \`helm upgrade --wait\` succeed when the pods from ordinal ${firstOrdinal + partition} on are updated: "partitioned roll out complete"`;
  }
  return outcome.at > helmTimeout
    ? `\`kubectl rollout status\` succeeds; \`helm upgrade --wait\` needs a longer \`--timeout\` than its 5 min: the rollout takes about ${formatDuration(outcome.at)}`
    : "`kubectl rollout status` and `helm upgrade --wait` succeed";
}

const helmTimeout = 300;

/** What the three ask of a RollingUpdate, when the status has been observed. */
function isComplete({ replicas, strategy }: RolloutSpec, status: Status): boolean {
  const partition = strategy.type === "RollingUpdate" ? (strategy.block?.partition ?? 0) : 0;
  return (
    status.readyReplicas >= replicas &&
    status.updatedReplicas >= replicas - partition &&
    (partition > 0 || status.currentRevision === status.updateRevision)
  );
}
