import { allContainers } from "../kubernetes/pod-template.js";
import { defineRule } from "../lint/rule.js";
import type { Place } from "../yaml/place.js";
import { matchesWildcard } from "../text/wildcard.js";

export default defineRule({
  id: "state-on-emptydir",
  flags: "a data directory on an `emptyDir`, in a StatefulSet without PVCs",
  why: `An \`emptyDir\` is deleted with its pod: an update, a node drain or an eviction deletes the data. A StatefulSet keeps
names and order, but data only on volumes from \`volumeClaimTemplates\`.

A data directory is recognised by its path.`,
  whenNotToUse: "For caches, and if the data is copied from peers.",
  sources: [
    "https://kubernetes.io/docs/concepts/storage/volumes/#emptydir (Kubernetes 1.36)",
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-storage (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "storage",
  scope: "document",
  kinds: ["StatefulSet"],
  recommended: false,
  options: {
    paths: {
      type: "strings",
      // Where databases and brokers of well-known images keep their data.
      default: [
        "/data",
        "/mnt/data",
        "/var/lib/*",
        "/bitnami/*",
        "/usr/share/elasticsearch/data",
        "/usr/share/opensearch/data",
      ],
      description: "Directories that hold data, with all below them; `*` stands for any one name.",
    },
  },
  messages: {
    lost: { severity: "hint", text: "`{path}` is on `emptyDir` volume `{volume}`: the data is deleted with the pod" },
  },
  check({ claimTemplates, template }, { options, report }) {
    const { volumes } = template;
    if (claimTemplates.state !== "absent" || volumes.state !== "present") return;
    if (volumes.value.some(({ place }) => place.at("persistentVolumeClaim").exists || place.at("ephemeral").exists))
      return;
    for (const { place, name } of volumes.value) {
      // In memory it is so on purpose.
      if (name.state !== "present" || !isWritten(place.at("emptyDir")) || place.at("emptyDir", "medium").exists)
        continue;
      const path = allContainers(template)
        .flatMap((container) => container.at("volumeMounts").items())
        .filter((mount) => {
          const mounted = mount.at("name").string();
          return mounted.state === "present" && mounted.value === name.value;
        })
        .map((mount) => mount.at("mountPath").string())
        .find(
          (mountPath) =>
            mountPath.state === "present" && options.paths.some((directory) => isWithin(directory, mountPath.value)),
        );
      if (path?.state !== "present") continue;
      report({ message: "lost", data: { path: path.value, volume: name.value }, at: name });
    }
  },
  examples: [
    {
      title: "A database that loses its data",
      bad: `apiVersion: apps/v1
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
      volumes:
        - name: data
          emptyDir: {}
      containers:
        - name: db
          image: postgres:17
          volumeMounts:
            - name: data
              mountPath: /var/lib/postgresql
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
          volumeMounts:
            - name: data
              mountPath: /var/lib/postgresql
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: 10Gi
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

function isWritten({ kind }: Place): boolean {
  return kind === "map" || kind === "null";
}

/** Whether a path is a directory or below it; a `*` in the directory stands for a part of one name. */
function isWithin(directory: string, path: string): boolean {
  const names = path.split("/");
  return directory
    .replace(/\/$/, "")
    .split("/")
    .every((pattern, depth) => matchesWildcard(pattern, names[depth] ?? "", { least: 1 }));
}
