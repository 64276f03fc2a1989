import { code } from "../../words/markdown.js";
import { unmetByTemplate, wantedText } from "../../kubernetes/selection.js";
import { formatRelease } from "../../kubernetes/versions.js";
import { claimDocs, claimsInShort, describeRetention } from "./claims.js";
import { statefulSetPage, type FieldDocs } from "./field-doc.js";
import type { KnownSet, NamedService } from "./known-set.js";
import {
  allOf,
  clusterDomainNote,
  count,
  dnsList,
  healthy,
  podList,
  podListDown,
  refusedNumber,
  refusedWord,
  verb,
  type Stretch,
} from "./phrases.js";
import { podTemplateDocs } from "./pod-template.js";

/**
 * Every field of StatefulSetSpec (k8s.io/api apps/v1 types.go, Kubernetes 1.29 to 1.37) and what names the pods. What
 * is said of the controller was recorded on Kubernetes 1.36.2 (test/truth); of other releases, `versions.ts` knows.
 */
export const statefulSetDocs: FieldDocs<KnownSet> = {
  kind: {
    summary:
      "A set of pods with lasting identities: each keeps its name, its DNS name and its claims when it is replaced.",
    facts: (set) => [overview(set)].filter((text) => text !== ""),
    change: "new object",
    page: statefulSetPage,
  },
  "metadata.name": {
    summary: "The first part of every pod's name: `<name>-<ordinal>`.",
    facts: (set) => [...podsInOrder(set), ...claimNames(set), ...tooLongName(set)],
    default: "none, it is required",
    change: "new object",
    page: `${statefulSetPage}#pod-identity`,
  },
  "metadata.namespace": {
    summary: "Where the set, its pods and its claims are. The governing Service must be in the same namespace.",
    facts: dnsNames,
    default: "the one that the manifest is applied to",
    change: "new object",
    page: "docs/concepts/overview/working-with-objects/namespaces/",
  },
  "spec.replicas": {
    summary: "How many pods the set has.",
    facts: (set) => [...refusedNumber(set.statefulSet.replicas), ...podsInOrder(set), ...scalingDown(set)],
    default: "`1`",
    change: "any time",
    page: `${statefulSetPage}#deployment-and-scaling-guarantees`,
  },
  "spec.serviceName": {
    summary:
      "The governing Service: it gives each pod a DNS name of its own, `<pod>.<service>.<namespace>.svc.<cluster domain>`. It should be headless (`clusterIP: None`) and select the pods. Kubernetes does not create it, and does not wait for it either.",
    facts: (set) => [...governingService(set), ...dnsNames(set)],
    default: "none: then the pods have no DNS names of their own (the field is optional since Kubernetes 1.33)",
    change: "never",
    page: `${statefulSetPage}#stable-network-id`,
  },
  "spec.selector": {
    summary: "Which pods belong to the set. It must match the labels of the pod template.",
    facts: selection,
    default: "none, it is required",
    change: "never",
    page: `${statefulSetPage}#pod-selector`,
  },
  "spec.selector.matchLabels": {
    summary: "Labels that a pod must have, all of them, to belong to the set.",
    facts: selection,
    default: "none",
    change: "never",
    page: `${statefulSetPage}#pod-selector`,
    coversBelow: true,
  },
  "spec.selector.matchExpressions": {
    summary:
      "Conditions on labels, each with a `key`, an `operator` (`In`, `NotIn`, `Exists`, `DoesNotExist`) and `values`. A pod must meet all of them, and `matchLabels` too, to belong to the set.",
    facts: selection,
    default: "none",
    change: "never",
    page: "docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements",
    coversBelow: true,
  },
  "spec.podManagementPolicy": {
    summary:
      "Whether pods are created and deleted one after another (`OrderedReady`) or all at once (`Parallel`). It is about scaling; how an update goes is told by `updateStrategy`.",
    facts: (set) => [
      ...refusedWord(set.statefulSet.podManagementPolicy, ["OrderedReady", "Parallel"]),
      ...podsInOrder(set),
      ...scalingDown(set),
      ...policyAndUpdates(set),
    ],
    default: "`OrderedReady`",
    change: "never",
    page: `${statefulSetPage}#pod-management-policies`,
  },
  "spec.updateStrategy": {
    summary: "How the pods are replaced after a change of the template.",
    facts: updates,
    default: "`RollingUpdate` with partition `0`",
    change: "any time",
    page: `${statefulSetPage}#update-strategies`,
  },
  "spec.updateStrategy.type": {
    summary:
      "`RollingUpdate`: pods are replaced one after another, from the highest ordinal down. `OnDelete`: a pod is replaced when you delete it. `Recreate` (alpha in 1.37, KEP-3541): all pods are deleted before new ones are created.",
    facts: (set) => [
      ...refusedWord(set.statefulSet.updateStrategy.type, ["RollingUpdate", "OnDelete", "Recreate"]),
      ...updates(set),
      ...typeWithoutBlock(set),
    ],
    default: "`RollingUpdate`",
    change: "any time",
    page: `${statefulSetPage}#update-strategies`,
  },
  "spec.updateStrategy.rollingUpdate": {
    summary: "How far and how fast a rolling update goes. Only `type: RollingUpdate` may have it.",
    facts: (set) => {
      const refused = refusedBlock(set);
      return refused.length > 0 ? refused : updates(set);
    },
    default: "`{partition: 0}` where `type` is left out too; beside a written `type` it stays unset",
    change: "any time",
    page: `${statefulSetPage}#rolling-updates`,
  },
  "spec.updateStrategy.rollingUpdate.partition": {
    summary:
      "How many pods, counted from the lowest ordinal, keep the old template in a rolling update. It is an index, not an ordinal: `0` stands for the first pod, whatever `ordinals.start` is.",
    facts: (set) => {
      const refused = [...refusedBlock(set), ...refusedNumber(set.statefulSet.updateStrategy.partition)];
      return refused.length > 0 ? refused : [...describePartition(set), ...partitionIndex(set)];
    },
    default: "`0`: every pod gets the new template",
    change: "any time",
    page: `${statefulSetPage}#partitions`,
  },
  "spec.updateStrategy.rollingUpdate.maxUnavailable": {
    summary:
      "How many pods may be unavailable at once in a rolling update: a number, or a percentage of `replicas` (rounded down, but at least 1). By default it works in 1.35.0 to 1.35.3 and from 1.37 on; other releases have it switched off.",
    facts: (set) => {
      const refused = refusedBlock(set);
      return refused.length > 0 ? refused : maxUnavailable(set);
    },
    default: "`1`",
    change: "any time",
    gate: "MaxUnavailableStatefulSet",
    page: `${statefulSetPage}#maximum-unavailable-pods`,
  },
  "spec.minReadySeconds": {
    summary: "How long a pod must have been Ready, in seconds, before it counts as Available.",
    facts: (set) => [...refusedNumber(set.statefulSet.minReadySeconds), ...minReadySeconds(set)],
    default: "`0`: Ready is enough",
    change: "any time",
    gate: "StatefulSetMinReadySeconds",
    page: `${statefulSetPage}#minimum-ready-seconds`,
  },
  "spec.revisionHistoryLimit": {
    summary:
      "How many old templates that no pod uses any more are kept (as ControllerRevisions), for `kubectl rollout undo`.",
    facts: ({ statefulSet: { revisionHistoryLimit } }) => {
      if (revisionHistoryLimit.state !== "present") return [];
      const limit = revisionHistoryLimit.value;
      if (limit < 0)
        return ["A negative value keeps them all; the API server of Kubernetes 1.36 takes it with a warning."];
      if (limit > 0) return [`The last ${count(limit, "unused template")} can be gone back to.`];
      return ["None is kept: once an update is through, the template before it is gone."];
    },
    default: "`10`",
    // Forbidden by 1.31 (kubernetes/kubernetes issue 130263), allowed by 1.36 (update-029 of truth/validation.jsonl)
    // and by the 1.35 servers whose error message lists it; which of the releases between was the first is not certain.
    change: ({ minor }) => (minor <= 32 ? "never" : minor >= 35 ? "any time" : "depends on the release"),
    page: `${statefulSetPage}#revision-history`,
  },
  "spec.ordinals": {
    summary: "How the pods are numbered.",
    facts: podsInOrder,
    default: "from `0`",
    change: "any time",
    gate: "StatefulSetStartOrdinal",
    page: `${statefulSetPage}#start-ordinal`,
  },
  "spec.ordinals.start": {
    summary:
      "The number of the first pod. When it is changed on a live set, the missing pods of the new range are created first, and those outside it are deleted after that, the highest first.",
    facts: (set) =>
      set.behaviour.firstOrdinal ? [...refusedNumber(set.statefulSet.firstOrdinal), ...podsInOrder(set)] : [],
    default: "`0`",
    change: "any time",
    gate: "StatefulSetStartOrdinal",
    page: `${statefulSetPage}#start-ordinal`,
  },
  ...podTemplateDocs,
  ...claimDocs,
};

/** `3 pods: db-0, db-1, db-2, created in this order, each after the one before is Ready.` */
function podsInOrder(set: KnownSet): readonly string[] {
  const { pods, podManagement } = set;
  if (pods === undefined) return [];
  if (pods.count === 0) return ["No pods."];
  const names = `${count(pods.count, "pod")}: ${podList(pods, allOf(pods))}`;
  if (pods.count === 1 || podManagement === undefined) return [`${names}.`];
  if (podManagement === "Parallel") return [`${names}, created all at once.`];
  return [`${names}, created in this order, each after the one before ${healthy(set)}.`];
}

function scalingDown({ pods, podManagement, claimTemplates, whenScaled }: KnownSet): readonly string[] {
  if (pods === undefined || pods.count === 0 || podManagement === undefined) return [];
  const last = code(pods.name(pods.count - 1));
  const order =
    podManagement === "Parallel"
      ? "Scaling down deletes all pods that are too many at once."
      : pods.count === 1
        ? ""
        : `Scaling down begins with ${last} and takes one pod at a time; it waits while a pod that stays is not healthy.`;
  if (claimTemplates === undefined || claimTemplates.length === 0 || whenScaled === undefined)
    return order === "" ? [] : [order];
  const fate = whenScaled === "Retain" ? "kept" : "deleted with it";
  return [`${order} The claims of a pod that scaling down removes are ${fate} (\`whenScaled: ${whenScaled}\`).`.trim()];
}

function policyAndUpdates({ podManagement, strategy, updatedAtOnce }: KnownSet): readonly string[] {
  switch (podManagement) {
    case "OrderedReady":
      return [
        "A pod that never becomes Ready holds up everything after it: the creation of higher pods, scaling down, updates. After a bad template it is not enough to go back to the old one, the broken pod must be deleted by hand too ([known issue 67250](https://github.com/kubernetes/kubernetes/issues/67250)).",
      ];
    case "Parallel":
      return strategy === "RollingUpdate" && updatedAtOnce === 1 ? ["An update still takes one pod at a time."] : [];
    case undefined:
      return [];
  }
}

/** A name that leaves no room for the hash in the label `controller-revision-hash` (measured on Kubernetes 1.36.2). */
function tooLongName({ name }: KnownSet): readonly string[] {
  if (name === undefined || name.length <= 52) return [];
  if (name.length > 63)
    return [`The API server refuses a name of more than 63 characters; this one has ${name.length}.`];
  return [
    `The name has ${name.length} characters. With more than 52 its pods may never be created: each carries a label \`controller-revision-hash\` of the name and a hash, and a label's value ends at 63.`,
  ];
}

function claimNames(set: KnownSet): readonly string[] {
  const claims = claimsInShort(set);
  return claims === undefined ? [] : [`Their claims: ${claims}.`];
}

function dnsNames({ pods, serviceName, namespace, services }: KnownSet): readonly string[] {
  if (pods === undefined || pods.count === 0 || serviceName === undefined || serviceName === null) return [];
  const missing = services.complete && services.found.every((service) => service.selection === "misses");
  const condition = missing ? `, once a Service ${code(serviceName)} selects them` : "";
  return [`DNS names of the pods${condition}: ${dnsList(pods, serviceName, namespace)} ${clusterDomainNote}.`];
}

function governingService({ serviceName, services }: KnownSet): readonly string[] {
  if (serviceName === null) return ["No Service is named, so the pods have no DNS names of their own."];
  if (serviceName === undefined) return [];
  const [service, ...others] = services.found;
  if (service === undefined) {
    if (!services.complete) return [];
    const elsewhere = services.elsewhere ? "; one of this name is further away in the workspace" : "";
    return [
      `No Service ${code(serviceName)} is in this file or near it${elsewhere}. The pods are created all the same, but without that Service they have no DNS names.`,
    ];
  }
  if (others.length > 0) {
    const files = [...new Set(services.found.map(({ file }) => code(file)))].join(", ");
    return [`${services.found.length} Services ${code(serviceName)} may be meant, in ${files}.`];
  }
  return [`Service ${code(serviceName)} in ${code(service.file)}${describeService(service)}`];
}

function describeService(service: NamedService): string {
  const kind = {
    true: ["headless"],
    false: ["not headless (DNS names of single pods are not guaranteed)"],
    undefined: [],
  }[`${service.headless}`];
  const pods = {
    selects: ["selects the pods"],
    some: [`selects only some of the pods (${service.names.join(", ")}); the others get no DNS names`],
    misses: ["does not select the pods (another label is wanted), so it gives them no DNS names"],
    "no selector": ["without a selector (somebody else must keep its endpoints)"],
    unknown: [],
  }[service.selection];
  const said = [...kind, ...pods];
  return said.length === 0 ? "." : `: ${said.join(", ")}.`;
}

function selection({ statefulSet: { selector }, podLabels }: KnownSet): readonly string[] {
  if (podLabels === undefined) return [];
  const mismatches = unmetByTemplate(selector, podLabels);
  if (mismatches === undefined || !selector.place.exists) return [];
  const [first] = mismatches;
  if (first === undefined) return ["The labels of the pod template match it."];
  const found = first.found === undefined ? "lacks the label" : `has ${code(first.found)}`;
  return [
    `The API server refuses this set: ${code(wantedText(first.requirement))} is wanted, and the pod template ${found}.`,
  ];
}

/** What an update does, pod by pod. */
function updates(set: KnownSet): readonly string[] {
  const { strategy, behaviour } = set;
  switch (strategy) {
    case "RollingUpdate":
      return rollingUpdate(set);
    case "OnDelete":
      return ["Pods stay as they are until you delete them; each then returns with the newest template."];
    case "Recreate":
      return [
        behaviour.recreate === "on"
          ? "All pods are deleted and gone before new ones are created."
          : `Kubernetes ${formatRelease(behaviour.release)} refuses \`Recreate\` unless the feature gate \`StatefulSetRecreateStrategy\` (alpha in 1.37) is on.`,
      ];
    case undefined:
      return [];
  }
}

function rollingUpdate(set: KnownSet): readonly string[] {
  const { pods, updatedAtOnce, podManagement, behaviour } = set;
  if (pods === undefined || set.partition === undefined || updatedAtOnce === undefined || pods.count === 0) return [];
  if (set.partition > 0) return describePartition(set);
  if (pods.count === 1) return [`A changed template replaces ${code(pods.name(0))}: it is deleted and created again.`];
  const order = `A changed template is rolled out in the order ${podListDown(pods, allOf(pods))}`;
  if (updatedAtOnce > 1) return [`${order}, at most ${count(updatedAtOnce, "pod")} at once.`];
  // Until 1.33 the walk looked at Ready only (isHealthy in stateful_set_control.go; since 1.34 isUnavailable);
  // OrderedReady waited before the walk.
  const state = podManagement === "Parallel" && behaviour.updateWaitsFor === "Ready" ? "is Ready" : healthy(set);
  return [`${order}: each is deleted, created again and waited for until it ${state}.`];
}

/**
 * Without its block a rolling update knows no partition, and the controller guesses by `status.currentReplicas` which
 * template a lost pod gets (kill-mid-016 of truth/traces.jsonl; DEF:SetDefaults_StatefulSet, Kubernetes 1.36).
 */
function typeWithoutBlock({ statefulSet: { updateStrategy }, rollingUpdateBlock }: KnownSet): readonly string[] {
  const { type } = updateStrategy;
  if (type.state !== "present" || type.value !== "RollingUpdate" || rollingUpdateBlock !== "left out") return [];
  return [
    "Written without `rollingUpdate`: a pod that is lost in the middle of an update may come back with the old template. With `rollingUpdate: {partition: 0}`, or without `type`, it comes back with the new one.",
  ];
}

export function describePartition({ pods, strategy, partition: index, updatedAtOnce }: KnownSet): readonly string[] {
  if (strategy !== "RollingUpdate" || pods === undefined || index === undefined) return [];
  // zero-012 of truth/traces.jsonl.
  if (pods.count === 0) {
    return ["Without pods an update is through at once, and pods created later get the new template."];
  }
  const olds = (stretch: Stretch) => `${podList(pods, stretch)} ${verb(stretch, "keep")} the old one`;
  if (index >= pods.count) {
    return [
      `No pod gets a changed template: the partition is not below the number of pods (${pods.count}). ${olds(allOf(pods))}.`,
    ];
  }
  const updated = { from: index, to: pods.count };
  const inOrder = pods.count - index > 1 && updatedAtOnce === 1 ? ", in this order" : "";
  const news = `After a change of the template ${podListDown(pods, updated)} ${verb(updated, "get")} the new one${inOrder}`;
  return index === 0
    ? [`${news}; no pod keeps the old one.`]
    : [`${news}; ${olds({ from: 0, to: index })}, also when deleted and created again.`];
}

function partitionIndex({ pods, partition: index }: KnownSet): readonly string[] {
  if (pods === undefined || pods.first === 0 || index === undefined || index >= pods.count) return [];
  return [`Index ${index} is pod ${code(pods.name(index))}, since the first pod is ${code(pods.name(0))}.`];
}

/** `only allowed for updateStrategy 'RollingUpdate'` (update-023 of truth/validation.jsonl). */
function refusedBlock({ strategy }: KnownSet): readonly string[] {
  if (strategy === undefined || strategy === "RollingUpdate") return [];
  return [`The API server refuses \`rollingUpdate\` beside \`type: ${strategy}\`.`];
}

function maxUnavailable(set: KnownSet): readonly string[] {
  const { pods, strategy, updatedAtOnce, behaviour, podManagement, statefulSet } = set;
  if (!behaviour.maxUnavailable || strategy !== "RollingUpdate") return [];
  const written = statefulSet.updateStrategy.maxUnavailable;
  if (written.state !== "present" || pods === undefined) return [];
  if (updatedAtOnce === undefined) {
    return ["The API server refuses this value: it takes a number from 1 on, or a percentage from `1%` to `100%`."];
  }
  const share =
    typeof written.value === "string"
      ? `${code(written.value)} of ${count(pods.count, "pod")} is ${updatedAtOnce}. `
      : "";
  const limit =
    updatedAtOnce >= pods.count
      ? `All ${count(pods.count, "pod")} may be unavailable at once.`
      : `${share}At most ${updatedAtOnce} of the ${count(pods.count, "pod")} may be unavailable at once; pods below the partition and pods that are broken anyway count too.`;
  const pace =
    updatedAtOnce < 2 || podManagement === undefined
      ? []
      : podManagement === "OrderedReady"
        ? [
            `With \`OrderedReady\` it goes in batches: ${updatedAtOnce} are deleted together, created again one by one, and the next batch begins when all pods are healthy.`,
          ]
        : ["With `Parallel` the next pod is deleted as soon as one is back."];
  return [limit, ...pace];
}

function minReadySeconds(set: KnownSet): readonly string[] {
  const { pods, podManagement, behaviour, minReadySeconds: seconds } = set;
  if (seconds === undefined || seconds === 0 || pods === undefined || pods.count < 2 || podManagement === undefined)
    return [];
  if (podManagement === "Parallel") {
    return [
      behaviour.updateWaitsFor === "Available"
        ? "With `Parallel` only updates wait for it; creating and scaling do not."
        : "With `Parallel` nothing waits for it: updates do since Kubernetes 1.34.",
    ];
  }
  const total = seconds * (pods.count - 1);
  return [
    `Created one after another, the ${count(pods.count, "pod")} take at least ${count(total, "second")} until ${code(pods.name(pods.count - 1))} is created. Updates and scaling down wait as long at each pod.`,
  ];
}

/** The whole set in a list. */
function overview(set: KnownSet): string {
  const claims = claimsInShort(set);
  const items = [
    ...podsInOrder(set),
    ...(claims === undefined ? [] : [`Claims: ${claims}. ${describeRetention(set)}`.trim()]),
    ...dnsNames(set),
    ...updates(set),
  ];
  return items.map((item) => `- ${item}`).join("\n");
}
