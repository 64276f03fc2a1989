import { scaledValue } from "../kubernetes/int-or-percent.js";
import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import { behaviourOf, type TargetCluster } from "../kubernetes/versions.js";
import { defineRule } from "../lint/rule.js";
import { valueOr } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";

export default defineRule({
  id: "rollout-duration",
  flags: "a rolling update that takes hours, pod after pod",
  why: `A StatefulSet is updated one pod at a time: each is stopped, created again, and must become Ready. Seconds add up: 60
pods that have 60 seconds to stop and are first probed after 60 seconds take two hours.

The minimum is what the manifest sets: \`initialDelaySeconds\` of the probes, their \`successThreshold\`, and
\`minReadySeconds\`. It is information if this alone is over the limit. With the grace period, which pods may or may not
use up, it is a hint. Pulling images and starting programs take additional time. If \`maxUnavailable\` has an effect
(\`podManagementPolicy: Parallel\` and the feature gate), pods are replaced in groups.`,
  whenNotToUse: "If updates can take as long as they need.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#rolling-updates (Kubernetes 1.36)",
    "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes (Kubernetes 1.36)",
    "https://github.com/openkruise/kruise/issues/269 (a set of 200 pods takes hours)",
  ],
  since: "0.1.0",
  topic: "rollout",
  scope: "document",
  kinds: ["StatefulSet"],
  options: {
    minutes: {
      type: "integer",
      default: 60,
      minimum: 1,
      description: "The rule reports updates that take at least this many minutes.",
    },
  },
  messages: {
    least: { severity: "info", text: "An update of these {pods} pods, one after another, takes at least {least}" },
    leastOfOne: { severity: "info", text: "An update of this pod takes at least {least}" },
    most: {
      severity: "hint",
      text: "An update of these {pods} pods takes {least} to {most}: each has {grace} s to stop",
    },
    mostOfOne: { severity: "hint", text: "An update of this pod takes up to {most}: it has {grace} s to stop" },
  },
  check(statefulSet, { config, options, report }) {
    const estimate = estimateOf(statefulSet, config);
    const { replicas } = statefulSet;
    if (estimate === undefined || replicas.state !== "present") return;
    const { pods, least, most, grace } = estimate;
    if (most < options.minutes * 60) return;
    const message = least < options.minutes * 60 ? "most" : "least";
    report({
      message: pods === 1 ? `${message}OfOne` : message,
      data: { pods, least: words(least), most: words(most), grace },
      at: replicas,
    });
  },
  examples: [
    {
      title: "Many pods that start slowly",
      bad: `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 60
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
          readinessProbe:
            initialDelaySeconds: 90
            tcpSocket:
              port: 5432
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
  replicas: 60
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
          readinessProbe:
            initialDelaySeconds: 10
            tcpSocket:
              port: 5432
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

/** What is known of an update of all pods that it reaches; in seconds. */
interface Estimate {
  readonly pods: number;
  readonly least: number;
  readonly most: number;
  readonly grace: number;
}

/** `undefined` where there is no such update, or a part of it cannot be read. */
function estimateOf(
  statefulSet: StatefulSet,
  { kubernetesVersion, featureGates }: TargetCluster,
): Estimate | undefined {
  const { template, podManagementPolicy, updateStrategy } = statefulSet;
  const behaviour = behaviourOf(kubernetesVersion, featureGates);
  const replicas = valueOr(statefulSet.replicas, 1);
  const partition = valueOr(updateStrategy.partition, 0);
  const minReady = valueOr(statefulSet.minReadySeconds, 0);
  const grace = valueOr(template.place.at("spec", "terminationGracePeriodSeconds").integer(), 30);
  const maxUnavailable = valueOr(updateStrategy.maxUnavailable, 1);
  const parallel = valueOr(podManagementPolicy, "OrderedReady") === "Parallel";
  if (valueOr(updateStrategy.type, "RollingUpdate") !== "RollingUpdate") return undefined;
  if (replicas === undefined || partition === undefined || minReady === undefined || grace === undefined)
    return undefined;
  if (maxUnavailable === undefined) return undefined;

  const pods = replicas - Math.max(partition, 0);
  const allowed = behaviour.maxUnavailable ? (scaledValue(maxUnavailable, replicas, "down") ?? 1) : 1;
  const groups = Math.ceil(pods / Math.max(allowed, 1));
  // OrderedReady stops a group together and makes it again pod by pod.
  const starts = parallel ? groups : pods;
  // Until 1.33 the update of a Parallel set waited for Ready only.
  const available = parallel && behaviour.updateWaitsFor === "Ready" ? 0 : minReady;
  const least = starts * (Math.max(0, ...template.containers.items().map(secondsToReady)) + Math.max(available, 0));
  return { pods, least, most: least + groups * Math.max(grace, 0), grace };
}

/** The seconds before which a container cannot be Ready, by its probes. */
function secondsToReady(container: Place): number {
  const first = ["startupProbe", "readinessProbe"].map((probe) =>
    numberAt(container.at(probe, "initialDelaySeconds"), 0),
  );
  const readiness = container.at("readinessProbe");
  const further = readiness.exists
    ? (numberAt(readiness.at("successThreshold"), 1) - 1) * numberAt(readiness.at("periodSeconds"), 10)
    : 0;
  return Math.max(0, ...first) + Math.max(further, 0);
}

/** What cannot be read adds nothing to the least. */
function numberAt(place: Place, fallback: number): number {
  return valueOr(place.integer(), fallback) ?? 0;
}

/** `45 s`, `50 min`, `2 h`, `1 h 20 min` */
function words(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} min`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
