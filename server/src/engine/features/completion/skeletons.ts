import type { Style } from "../../yaml/style.js";
import { plainly } from "./insertion.js";
import type { CompletionItem, Part } from "./item.js";

/** Whole manifests for an empty document. */
export function skeletons(style: Style): readonly CompletionItem[] {
  return [
    {
      label: "StatefulSet",
      detail: "with its headless Service",
      text: `${headlessService}---\n${statefulSet}`,
      documentation:
        "A StatefulSet with a claim for each pod, and the headless Service that gives the pods their DNS names.",
    },
    {
      label: "Service, headless",
      detail: "for a StatefulSet",
      text: headlessService,
      documentation: "A Service that gives each pod of a StatefulSet a DNS name of its own.",
    },
  ].map(({ text, ...item }) => ({
    ...item,
    kind: "skeleton",
    insert: plainly(...parts(text.replaceAll("\n", style.eol))),
    choiceFollows: false,
    deprecated: false,
  }));
}

const headlessService = `apiVersion: v1
kind: Service
metadata:
  name: {1:app}
spec:
  clusterIP: None
  selector:
    app.kubernetes.io/name: {1:app}
  ports:
    - name: {2:main}
      port: {3:8080}
`;

// Probes and the grace period are the application's business: what would stand here would only look right.
const statefulSet = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {1:app}
spec:
  serviceName: {1:app}
  replicas: {4:3}
  selector:
    matchLabels:
      app.kubernetes.io/name: {1:app}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {1:app}
    spec:
      containers:
        - name: {1:app}
          image: {5:image}
          ports:
            - name: {2:main}
              containerPort: {3:8080}
          volumeMounts:
            - name: {6:data}
              mountPath: {7:/data}
  volumeClaimTemplates:
    - metadata:
        name: {6:data}
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: {8:1Gi}
  persistentVolumeClaimRetentionPolicy:
    whenDeleted: {9:Retain}
    whenScaled: {10:Retain}
`;

/** `{1:app}` is a stop. */
function parts(text: string): readonly Part[] {
  return text.split(/(\{\d+:[^{}]*\})/).map((part) => {
    const [, stop, words] = /^\{(\d+):([^}]*)\}$/.exec(part) ?? [];
    return stop === undefined ? part : { stop: Number(stop), text: words ?? "" };
  });
}
