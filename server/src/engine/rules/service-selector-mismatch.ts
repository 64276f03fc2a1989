import { isMadeByController, wantedText, type Mismatch, type Pods } from "../kubernetes/selection.js";
import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import type { Fix } from "../lint/finding.js";
import { defineRule } from "../lint/rule.js";
import {
  governingService,
  headlessServiceFor,
  labelsToSelect,
  servicesSelectingPods,
} from "../workspace/governing-service.js";
import type { Scope } from "../workspace/scope.js";
import { podsOfSet, selectedByService } from "../workspace/selected-pods.js";
import type { ServiceSummary } from "../workspace/summary.js";
import { inCode } from "../text/code.js";

export default defineRule({
  id: "service-selector-mismatch",
  flags: "a governing Service whose selector does not match the pods",
  why: `DNS names of the pods come from the endpoints of the Service, which are only the pods that match every label of its
selector. If one label is different, the Service exists but has no endpoints: no name resolves and no connection
works.

The controller gives every pod the label \`statefulset.kubernetes.io/pod-name\` with its own name and, since Kubernetes
1.28, \`apps.kubernetes.io/pod-index\`. A Service that selects by one of them selects a single pod. That is right for an
additional Service, but leaves the other pods without names if it is the governing Service.`,
  whenNotToUse: "If labels are added to the pods or to the Service later, by another tool.",
  sources: [
    "https://kubernetes.io/docs/concepts/services-networking/service/#headless-services (Kubernetes 1.36)",
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id (Kubernetes 1.36)",
    "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#pod-name-label (Kubernetes 1.36)",
  ],
  since: "0.1.0",
  topic: "identity",
  scope: "workspace",
  kinds: ["StatefulSet"],
  messages: {
    only: {
      severity: "warning",
      text: "Service `{name}` selects only pod {pods}: the other pods of this set get no DNS names",
    },
    allBut: { severity: "warning", text: "Service `{name}` does not select {pods}: these pods get no DNS names" },
    mismatch: { severity: "error", text: "Service `{name}` selects {wanted}, but these pods have {found}" },
  },
  check(statefulSet, { scope, report }) {
    const around = scope();
    const service = governingService(statefulSet, around);
    const pods = podsOfSet(statefulSet, around);
    const [nearest] = service?.candidates ?? [];
    if (service === undefined || pods === undefined || nearest === undefined || nearest.selector?.size === 0) return;
    const { name, candidates } = service;
    const selections = candidates.map((candidate) => selectedByService(candidate, pods));
    const [selection] = selections;
    if (selection === undefined || selections.some((one) => one?.pods !== selection.pods)) return;
    const others = servicesSelectingPods(statefulSet, around).filter(({ key }) => key.name !== name);
    const useOthers: readonly Fix[] = others.map(({ key }) => ({
      title: `Use Service ${inCode(key.name)}`,
      applicability: "review",
      edits: [{ op: "set", at: statefulSet.serviceName, value: key.name }],
    }));
    const related = (label: string | undefined) =>
      candidates.map(({ document, root }) => ({
        text: `The selector of Service ${inCode(name)}`,
        document,
        path: [...root, "spec", "selector", ...(label === undefined ? [] : [label])],
      }));
    switch (selection.pods) {
      case "all":
        return;
      case "only":
      case "allBut": {
        const names = selection.names.slice(0, mostNamed).map(inCode);
        const rest = selection.names.length - names.length;
        report({
          message: selection.pods,
          data: { name, pods: rest > 0 ? `${names.join(", ")} and ${rest} more` : names.join(", ") },
          at: statefulSet.serviceName,
          related: related(undefined),
          fixes: useOthers.length > 0 ? useOthers : newServiceFixes(statefulSet, name, around),
        });
        return;
      }
      case "none": {
        const [first] = selection.unmet;
        if (first === undefined) return;
        report({
          message: "mismatch",
          data: {
            name,
            wanted: selection.unmet.map(({ requirement }) => inCode(wantedText(requirement))).join(", "),
            found: selection.unmet.map(foundText).join(", "),
          },
          at: statefulSet.serviceName,
          related: related(first.requirement.key),
          fixes: [...useOthers, ...selectorFixes(statefulSet, nearest, selection.unmet, pods, useOthers.length > 0)],
        });
      }
    }
  },
  examples: [
    {
      title: "One label differs",
      bad: `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector:
    app: database
---
apiVersion: apps/v1
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
apiVersion: apps/v1
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
`,
    },
  ],
});

/** Of many pods a few say it. */
const mostNamed = 3;

function foundText({ requirement: { key }, found }: Mismatch): string {
  return found === undefined ? `no label ${inCode(key)}` : inCode(`${key}=${found}`);
}

/** Names a Service for all pods beside the one that is for some of them on purpose. */
function newServiceFixes(statefulSet: StatefulSet, name: string, scope: Scope): readonly Fix[] {
  const other = `${name}-headless`;
  const created = headlessServiceFor(statefulSet, other);
  if (created === undefined || scope.servicesAnywhere(other).length > 0) return [];
  return [
    {
      title: `Create the headless Service ${inCode(other)} for all pods in this file`,
      applicability: "review",
      edits: [
        { op: "set", at: statefulSet.serviceName, value: other },
        { op: "addDocument", value: created },
      ],
    },
  ];
}

/**
 * Labels that the pods have otherwise take the pods' value; those that they lack give way to what the set selects by,
 * unless another Service will do: they were written on purpose.
 */
function selectorFixes(
  statefulSet: StatefulSet,
  { key: service, document, root, selector }: ServiceSummary,
  unmet: readonly Mismatch[],
  { labels }: Pods,
  hasOther: boolean,
): readonly Fix[] {
  const isMissing = ({ found }: Mismatch) => found === undefined;
  if (unmet.some(({ requirement }) => isMadeByController(requirement.key))) return [];
  if (hasOther && unmet.some(isMissing)) return [];
  const path = [...root, "spec", "selector"];
  const title = `Change Service ${inCode(service.name)} to select these pods`;
  if (![...(selector ?? [])].some(([key]) => labels.has(key))) {
    const all = labelsToSelect(statefulSet);
    if (all === undefined) return [];
    return [{ title, applicability: "review", edits: [{ op: "set", path, value: Object.fromEntries(all), document }] }];
  }
  return [
    {
      title,
      applicability: "review",
      edits: unmet.map(({ requirement: { key }, found }) =>
        found === undefined
          ? { op: "remove", path: [...path, key], document }
          : { op: "set", path: [...path, key], value: found, document },
      ),
    },
  ];
}
