import { immutableChanges, type ImmutableChange } from "../compare/immutable.js";
import type { Simulation } from "../rollout/simulate.js";
import { runbookLines } from "../rollout/runbook.js";
import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import { formatPath } from "../yaml/path.js";
import type { Plain } from "../yaml/edit.js";
import type { Place } from "../yaml/place.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "immutable-field-changed",
  flags: "a changed field that the API server does not allow to change after the object is created",
  why: `The fields \`selector\`, \`serviceName\`, \`podManagementPolicy\` and \`volumeClaimTemplates\` of a StatefulSet cannot be
changed after it is created. If you edit one of them, \`kubectl apply\` fails. Up to Kubernetes 1.36 the error lists
every field that *can* change and does not say which one changed. Since 1.37 it names the field.

The same applies to the \`clusterIP\` of a Service (a Service with an address cannot become headless), most of the
\`spec\` of a PersistentVolumeClaim, which also cannot shrink, most of a StorageClass, the \`selector\` of a Deployment, the
\`type\` of a Secret, and the data of a ConfigMap or Secret with \`immutable: true\`. Since Kubernetes 1.32 a
PersistentVolumeClaim may ask for less again if its volume never got the larger size, because the expansion failed;
Ordinal sees that only in a live object.

The files are compared with a base: in the editor the last commit, or what the setting \`ordinal.base\` chooses. Ordinal
compares what would be applied: the result of a kustomization, and a chart with its default values (an edit of
\`values.yaml\` is reported there). It compares values as the API server stores them, so a default that you write out, or the same amount in another unit, is not a change. A
set with a new name is a new set and is not reported.

There are two ways out: restore the value, or copy the runbook, which has the commands for this set. Usually you
delete the set without its pods and create it again.`,
  whenNotToUse: "If the objects are always deleted before they are applied.",
  sources: [
    "ValidateStatefulSetUpdate, ValidateServiceUpdate, ValidatePersistentVolumeClaimUpdate, ValidateStorageClassUpdate, ValidateConfigMapUpdate and ValidateSecretUpdate in pkg/apis, Kubernetes 1.36",
    "https://github.com/kubernetes/kubernetes/pull/138080 (Kubernetes 1.37 names each field)",
    "recordings of kubectl apply on Kubernetes 1.36.3",
  ],
  since: "0.1.0",
  topic: "edits",
  scope: "edit",
  kinds: ["StatefulSet", "Service", "PersistentVolumeClaim", "Workload", "other"],
  messages: {
    refused: {
      severity: "error",
      text: "`{field}` cannot change from {before} to {after}. The API server answers: {answer}",
    },
  },
  check(resource, { edit, config, report }) {
    if (edit === undefined) return;
    const changes = immutableChanges(edit.before, resource, config);
    const runbook = changes.length === 0 ? undefined : runbookOf(edit.play());
    for (const change of changes) {
      const { path, before, after, answer } = change;
      const [was, is] = [edit.before.place.at(...path), resource.place.at(...path)];
      report({
        message: "refused",
        data: { field: formatPath(path).replace(/^spec\./, ""), before: shown(before), after: shown(after), answer },
        at: is.kind === "map" || is.kind === "list" ? is.key : is,
        related: [{ text: `${edit.base}: ${was.exists ? shown(was.value()) : byDefault(before)}` }],
        fixes: restoring(change, was, is),
        ...(runbook === undefined ? {} : { runbook }),
      });
    }
  },
  examples: [
    {
      title: "Another policy",
      before: set("podManagementPolicy: OrderedReady", "1Gi"),
      bad: set("podManagementPolicy: Parallel", "1Gi"),
      good: set("podManagementPolicy: OrderedReady", "1Gi"),
    },
    {
      title: "A larger volume",
      kubernetesVersion: "1.37",
      before: set("podManagementPolicy: Parallel", "1Gi"),
      bad: set("podManagementPolicy: Parallel", "2Gi"),
      good: set("podManagementPolicy: Parallel", "1024Mi"),
    },
    {
      title: "A Service that becomes headless",
      before: service("ClusterIP"),
      bad: service("ClusterIP\n  clusterIP: None"),
      good: service("NodePort"),
    },
  ],
});

function set(policy: string, storage: string): string {
  return `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  ${policy}
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
              mountPath: /var/lib/postgresql/data
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: ${storage}
---
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector:
    app: db
`;
}

function service(type: string): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: ${type}
  ports:
    - port: 80
`;
}

function runbookOf(played: Simulation | undefined): readonly string[] | undefined {
  if (played?.outcome.type !== "rejected") return undefined;
  const { runbook } = played.outcome;
  return runbook && runbookLines(runbook);
}

/** Gives the field the value that it had, and takes out what was not there. */
function restoring({ path }: ImmutableChange, was: Place, is: Place): readonly Fix[] {
  const key = path.findLast((step) => typeof step === "string") ?? "";
  const value = was.value();
  const fix = { applicability: "review", restores: true } as const;
  if (!was.exists || value === undefined) {
    return is.exists ? [{ ...fix, title: `Remove ${inCode(key)}`, edits: [{ op: "remove", at: is }] }] : [];
  }
  const title = `Restore ${was.kind === "scalar" ? shown(value) : inCode(key)}`;
  const added = is.items().slice(was.items().length);
  // A list that only got longer keeps what else is written in it.
  if (was.kind === "list" && added.length > 0) {
    const isSame = was.items().every((item, index) => sameValue(item, is.at(index)));
    if (!isSame) return [];
    return [{ ...fix, title, edits: added.toReversed().map((at) => ({ op: "remove", at })) }];
  }
  return [{ ...fix, title, edits: [{ op: "set", at: is, value }] }];
}

function sameValue(one: Place, other: Place): boolean {
  return JSON.stringify(one.value()) === JSON.stringify(other.value());
}

function byDefault(value: Plain | undefined): string {
  return value === undefined ? "not set" : `${shown(value)} by default`;
}

function shown(value: Plain | undefined): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "string" && value !== "" ? value : JSON.stringify(value);
  return inCode(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
