import { identity } from "../kubernetes/object.js";
import { type Resource } from "../kubernetes/resources/resource.js";
import { defineRule } from "../lint/rule.js";
import type { DocumentId, ResourceSummary } from "../workspace/summary.js";
import { formatPath } from "../yaml/path.js";

export default defineRule({
  id: "duplicate-object",
  flags: "an object that is twice in its file",
  why: `Kind, namespace and name identify an object of the cluster, so both documents define the same one. \`kubectl apply\`
creates it from the first document and then changes it to the second. Usually one was copied and not renamed, and the
second object is missing. A StatefulSet is often refused, because most of its fields cannot be changed.

Only objects in one file count: in different files of a folder the same name often means variants, of which you apply
one. In the result of a kustomization, \`kustomization-fails\` reports duplicates. An omitted namespace does not count
as equal to a namespace that is set.`,
  whenNotToUse: "If a file collects alternatives from which you choose by hand.",
  sources: [
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ (Kubernetes 1.36): only one object of a kind can have a name in a namespace",
  ],
  since: "0.1.0",
  topic: "fields",
  scope: "workspace",
  kinds: [
    "Autoscaler",
    "PersistentVolumeClaim",
    "PodDisruptionBudget",
    "Service",
    "StatefulSet",
    "StorageClass",
    "Workload",
    "other",
  ],
  messages: {
    duplicate: {
      severity: "warning",
      text: "{kind} `{name}` is already in this file. Both documents define the same object",
    },
  },
  check(resource, { scope, report }) {
    const own = identity(resource);
    if (own === undefined) return;
    const around = scope();
    if (around.isBuilt) return;
    const first = around
      .named(resource.kind, resource.key.name, "together")
      .find((other) => !other.partial && other.identity === own);
    // The first is the object; every later one is reported.
    if (first === undefined || isSame(first, resource, around.document)) return;
    report({
      message: "duplicate",
      data: { kind: resource.key.kind, name: resource.key.name },
      at: resource.name,
      related: [{ text: "The first one", document: first.document, path: [...first.root, "metadata", "name"] }],
    });
  },
  examples: [
    {
      title: "A copy that was not renamed",
      bad: `apiVersion: v1
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
  name: db
spec:
  type: NodePort
  selector:
    app: db
  ports:
    - port: 5432
`,
      good: `apiVersion: v1
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
  name: db-external
spec:
  type: NodePort
  selector:
    app: db
  ports:
    - port: 5432
`,
    },
  ],
});

function isSame({ document, root }: ResourceSummary, { place }: Resource, own: DocumentId): boolean {
  return document.uri === own.uri && document.document === own.document && formatPath(root) === formatPath(place.path);
}
