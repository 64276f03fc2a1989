import { mountedVolumes } from "../kubernetes/pod-template.js";
import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "vct-not-mounted",
  flags: "a claim template that no container mounts",
  why: `Every pod gets a PVC and a volume from the template, but nothing is ever written to it: the data goes to the
container's own layer and is lost with the pod. The API reference requires a mount ("Every claim in this list must
have at least one matching (by name) volumeMount in one container in the template"), but the API server does not check
it.

The rule does not report a template if a mount names a volume that does not exist, because then that name is the
mistake.`,
  whenNotToUse: "If an admission webhook adds the container that mounts it.",
  sources: [
    "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/stateful-set-v1/#StatefulSetSpec (volumeClaimTemplates, Kubernetes 1.36)",
    "accepted by the API server: recorded on Kubernetes 1.36.2 (test/truth/validation.jsonl)",
  ],
  since: "0.1.0",
  topic: "storage",
  scope: "document",
  kinds: ["StatefulSet"],
  messages: {
    unused: { severity: "warning", text: "No container mounts `{template}`: each pod's PVC stays empty" },
  },
  check(statefulSet, { report }) {
    const { claimTemplates, template } = statefulSet;
    if (claimTemplates.state !== "present") return;
    // A container without an image is a patch's: its mounts are elsewhere.
    if (!template.containers.items().every((container) => container.at("image").exists)) return;
    const mounted = mountedVolumes(template);
    const { volumes } = template;
    if (mounted === undefined || volumes.state === "opaque" || volumes.state === "invalid") return;

    const fields = [...claimTemplates.value, ...(volumes.state === "present" ? volumes.value : [])].map(
      ({ name }) => name,
    );
    const known = new Set(fields.flatMap((name) => (name.state === "present" ? [name.value] : [])));
    if (fields.some(({ state }) => state !== "present") || [...mounted].some((name) => !known.has(name))) return;
    for (const { name, place } of claimTemplates.value) {
      if (name.state !== "present" || mounted.has(name.value)) continue;
      const mode = place.at("spec", "volumeMode").string();
      report({
        message: "unused",
        data: { template: name.value },
        at: name,
        // A device has no directory: its path is for the reader to choose.
        fixes: mode.state === "absent" ? mountFixes(statefulSet, name.value) : [],
      });
    }
  },
  examples: [
    {
      title: "The mount was forgotten",
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
      containers:
        - name: db
          image: postgres:17
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

/** One for each container. The path is a guess that does not hide anything: a directory of the volume's own name. */
function mountFixes({ template }: StatefulSet, name: string): readonly Fix[] {
  return template.containers.items().flatMap((container): readonly Fix[] => {
    const containerName = container.at("name").string();
    if (containerName.state !== "present") return [];
    return [
      {
        title: `Mount ${inCode(name)} at ${inCode(`/${name}`)} in container ${inCode(containerName.value)}`,
        applicability: "review",
        edits: [{ op: "insert", at: container.at("volumeMounts"), value: { name, mountPath: `/${name}` } }],
      },
    ];
  });
}
