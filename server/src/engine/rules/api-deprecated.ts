import { formatRelease, isSince } from "../kubernetes/versions.js";
import type { Resource } from "../kubernetes/resources/resource.js";
import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "api-deprecated",
  flags: "an `apiVersion` that the target release does not serve, or that is deprecated",
  why: `A cluster that does not serve the version refuses the manifest (\`no matches for kind ... in version ...\`). Before that,
the version is deprecated: it works and each apply prints a warning.

| version | replaced by | served until |
| --- | --- | --- |
| apps/v1beta1, apps/v1beta2 | apps/v1 | 1.15 |
| storage.k8s.io/v1beta1 StorageClass | storage.k8s.io/v1 | 1.21 |
| policy/v1beta1 PodDisruptionBudget | policy/v1 | 1.24 |
| autoscaling/v2beta1 HorizontalPodAutoscaler | autoscaling/v2 | 1.24 |
| autoscaling/v2beta2 HorizontalPodAutoscaler | autoscaling/v2 | 1.25 |

The fix is safe if nothing but the version changes. Review it if the meaning changes: apps/v1beta1 had other
defaults (OnDelete, and a selector made from the pods' labels), an empty selector of a budget selects all pods since
policy/v1, and autoscaling/v2beta1 has another form of metrics.`,
  whenNotToUse: "For manifests of clusters older than the target release.",
  sources: ["https://kubernetes.io/docs/reference/using-api/deprecation-guide/ (Kubernetes 1.36)"],
  since: "0.1.0",
  topic: "fields",
  scope: "document",
  kinds: ["StatefulSet", "Workload", "PodDisruptionBudget", "Autoscaler", "StorageClass"],
  onPartial: true,
  messages: {
    removed: {
      severity: "error",
      text: "`{kind}` of `{apiVersion}` was removed in Kubernetes {removed}. Use `{replacement}`",
    },
    deprecated: {
      severity: "warning",
      text: "`{kind}` of `{apiVersion}` is deprecated and will be removed in Kubernetes {removed}. Use `{replacement}`",
    },
  },
  check(resource, { config, report }) {
    const change = changes[`${resource.key.apiVersion} ${resource.key.kind}`];
    const release = config.kubernetesVersion;
    if (change === undefined || !isSince(release, change.availableIn)) return;
    const { replacement, removedIn } = change;
    report({
      message: isSince(release, removedIn) ? "removed" : "deprecated",
      data: {
        kind: resource.key.kind,
        apiVersion: resource.key.apiVersion,
        removed: formatRelease({ minor: removedIn, patch: undefined }),
        replacement,
      },
      at: resource.place.at("apiVersion"),
      fixes: fixesFor(resource, replacement),
    });
  },
  examples: [
    {
      title: "From before 1.16",
      bad: `apiVersion: apps/v1beta2
kind: StatefulSet
metadata:
  name: db
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
  name: db
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
    {
      title: "From before 1.25",
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
apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata:
  name: db
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
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
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: db
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: db
`,
    },
    {
      title: "Still served by 1.24",
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
apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata:
  name: db
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
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
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: db
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: db
`,
      kubernetesVersion: "1.24",
    },
  ],
});

/** Minor releases: the first that serves the replacement, and the first that no longer serves the version. */
interface Change {
  readonly replacement: string;
  readonly availableIn: number;
  readonly removedIn: number;
}

const apps: Change = { replacement: "apps/v1", availableIn: 9, removedIn: 16 };
/** https://kubernetes.io/docs/reference/using-api/deprecation-guide/ */
const changes: Readonly<Record<string, Change>> = {
  "apps/v1beta1 Deployment": apps,
  "apps/v1beta1 StatefulSet": apps,
  "apps/v1beta2 DaemonSet": apps,
  "apps/v1beta2 Deployment": apps,
  "apps/v1beta2 ReplicaSet": apps,
  "apps/v1beta2 StatefulSet": apps,
  "autoscaling/v2beta1 HorizontalPodAutoscaler": { replacement: "autoscaling/v2", availableIn: 23, removedIn: 25 },
  "autoscaling/v2beta2 HorizontalPodAutoscaler": { replacement: "autoscaling/v2", availableIn: 23, removedIn: 26 },
  "policy/v1beta1 PodDisruptionBudget": { replacement: "policy/v1", availableIn: 21, removedIn: 25 },
  "storage.k8s.io/v1beta1 StorageClass": { replacement: "storage.k8s.io/v1", availableIn: 6, removedIn: 22 },
};

function fixesFor({ place, key }: Resource, replacement: string): readonly Fix[] {
  const spec = place.at("spec");
  const meaningChanges =
    key.apiVersion === "apps/v1beta1" ||
    (key.apiVersion === "autoscaling/v2beta1" && spec.at("metrics").exists) ||
    (key.kind === "PodDisruptionBudget" && spec.at("selector").entries().length === 0);
  return [
    {
      title: `Use ${inCode(replacement)}`,
      applicability: meaningChanges ? "review" : "safe",
      edits: [{ op: "set", at: place.at("apiVersion"), value: replacement }],
    },
  ];
}
