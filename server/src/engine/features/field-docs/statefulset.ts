import { counted } from "../../words/counted.js";
import { code } from "../../words/markdown.js";
import { unmetByTemplate, wantedText } from "../../kubernetes/selection.js";
import { formatRelease } from "../../kubernetes/versions.js";
import { claimFacts, claimsInShort, describeRetention } from "./claims.js";
import type { FieldFacts } from "./field-facts.js";
import type { KnownSet, NamedService } from "./known-set.js";
import {
  allOf,
  clusterDomainNote,
  dnsList,
  healthy,
  podList,
  podListDown,
  refusedNumber,
  refusedWord,
  verb,
  type Stretch,
} from "./phrases.js";
import { podTemplateFacts } from "./pod-template.js";

/**
 * Every field of StatefulSetSpec (k8s.io/api apps/v1 types.go, Kubernetes 1.29 to 1.37) and what names the pods. What
 * is said of the controller was recorded on Kubernetes 1.36.2 (test/truth); of other releases, `versions.ts` knows.
 */
export const statefulSetFacts: FieldFacts<KnownSet> = {
  kind: (set) => [overview(set)].filter((text) => text !== ""),
  "metadata.name": (set) => [...podsInOrder(set), ...claimNames(set), ...tooLongName(set)],
  "metadata.namespace": dnsNames,
  "spec.replicas": (set) => [
    ...refusedNumber(set.statefulSet.replicas),
    ...scaledBy(set),
    ...podsInOrder(set),
    ...scalingDown(set),
  ],
  "spec.serviceName": (set) => [...governingService(set), ...dnsNames(set)],
  "spec.selector": selection,
  "spec.selector.matchLabels": selection,
  "spec.selector.matchExpressions": selection,
  "spec.podManagementPolicy": (set) => [
    ...refusedWord(set.statefulSet.podManagementPolicy, ["OrderedReady", "Parallel"]),
    ...podsInOrder(set),
    ...scalingDown(set),
    ...policyAndUpdates(set),
  ],
  "spec.updateStrategy": updates,
  "spec.updateStrategy.type": (set) => [
    ...refusedWord(set.statefulSet.updateStrategy.type, ["RollingUpdate", "OnDelete", "Recreate"]),
    ...updates(set),
    ...typeWithoutBlock(set),
  ],
  "spec.updateStrategy.rollingUpdate": (set) => {
    const refused = refusedBlock(set);
    return refused.length > 0 ? refused : updates(set);
  },
  "spec.updateStrategy.rollingUpdate.partition": (set) => {
    const refused = [...refusedBlock(set), ...refusedNumber(set.statefulSet.updateStrategy.partition)];
    return refused.length > 0 ? refused : [...describePartition(set), ...partitionIndex(set)];
  },
  "spec.updateStrategy.rollingUpdate.maxUnavailable": (set) => {
    const refused = refusedBlock(set);
    return refused.length > 0 ? refused : maxUnavailable(set);
  },
  "spec.minReadySeconds": (set) => [...refusedNumber(set.statefulSet.minReadySeconds), ...minReadySeconds(set)],
  "spec.revisionHistoryLimit": ({ statefulSet: { revisionHistoryLimit } }) => {
    if (revisionHistoryLimit.state !== "present") return [];
    const limit = revisionHistoryLimit.value;
    if (limit < 0)
      return ["A negative value keeps them all; the API server of Kubernetes 1.36 accepts it with a warning."];
    if (limit > 0) return [`You can roll back to the last ${counted(limit, "unused revision")}.`];
    return ["None is kept: after an update you cannot roll back to the previous template."];
  },
  "spec.ordinals": podsInOrder,
  "spec.ordinals.start": (set) =>
    set.behaviour.firstOrdinal ? [...refusedNumber(set.statefulSet.firstOrdinal), ...podsInOrder(set)] : [],
  ...podTemplateFacts,
  ...claimFacts,
};

/** `3 pods: db-0, db-1, db-2, created in this order, each after the one before is Ready.` */
function podsInOrder(set: KnownSet): readonly string[] {
  const { pods, podManagement } = set;
  if (pods === undefined) return [];
  if (pods.count === 0) return ["No pods."];
  const names = `${counted(pods.count, "pod")}: ${podList(pods, allOf(pods))}`;
  if (pods.count === 1 || podManagement === undefined) return [`${names}.`];
  if (podManagement === "Parallel") return [`${names}, created all at once.`];
  return [`${names}, created in this order, each after the one before ${healthy(set)}.`];
}

function scalingDown({ pods, podManagement, claimTemplates, whenScaled }: KnownSet): readonly string[] {
  if (pods === undefined || pods.count === 0 || podManagement === undefined) return [];
  const last = code(pods.name(pods.count - 1));
  const order =
    podManagement === "Parallel"
      ? "Scaling down deletes all surplus pods at once."
      : pods.count === 1
        ? ""
        : `Scaling down begins with ${last} and removes one pod at a time. It waits while a remaining pod is not healthy.`;
  if (claimTemplates === undefined || claimTemplates.length === 0 || whenScaled === undefined)
    return order === "" ? [] : [order];
  const fate = whenScaled === "Retain" ? "kept" : "deleted with it";
  return [`${order} The claims of a pod that scaling down removes are ${fate} (\`whenScaled: ${whenScaled}\`).`.trim()];
}

function policyAndUpdates({ podManagement, strategy, updatedAtOnce }: KnownSet): readonly string[] {
  switch (podManagement) {
    case "OrderedReady":
      return [
        "A pod that never becomes Ready holds up everything after it: the creation of higher pods, scaling down, updates. After a bad template it is not enough to apply the old one: you must also delete the broken pod ([known issue 67250](https://github.com/kubernetes/kubernetes/issues/67250)).",
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
      `No Service ${code(serviceName)} is in this file or near it${elsewhere}. The pods are created anyway, but without this Service they have no DNS names.`,
    ];
  }
  if (others.length > 0) {
    const files = [...new Set(services.found.map(({ link }) => link))].join(", ");
    return [`${services.found.length} Services ${code(serviceName)} may be meant, in ${files}.`];
  }
  return [`Service ${code(serviceName)} in ${service.link}${describeService(service)}`];
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
    misses: ["does not select the pods (it needs another label), so it gives them no DNS names"],
    "no selector": ["without a selector (something else must keep its endpoints)"],
    unknown: [],
  }[service.selection];
  const said = [...kind, ...pods];
  return said.length === 0 ? "." : `: ${said.join(", ")}.`;
}

/** An autoscaler writes `spec.replicas` through the scale subresource, and every apply with the field writes it anew. */
function scaledBy({ autoscalers, statefulSet: { replicas } }: KnownSet): readonly string[] {
  return autoscalers.map(({ kind, name, replicas: range, link }) => {
    const [fewest, most] = range ?? [];
    const pods =
      fewest === undefined || most === undefined
        ? ""
        : fewest === most
          ? `: ${counted(most, "pod")}`
          : `, from ${fewest} to ${counted(most, "pod")}`;
    const reset = replicas.state === "present" ? " Each apply sets it back to the number here." : "";
    return `${kind} ${code(name)} in ${link} scales this set${pods}.${reset}`;
  });
}

function selection({ statefulSet: { selector }, podLabels }: KnownSet): readonly string[] {
  if (podLabels === undefined) return [];
  const mismatches = unmetByTemplate(selector, podLabels);
  if (mismatches === undefined || !selector.place.exists) return [];
  const [first] = mismatches;
  if (first === undefined) return ["The labels of the pod template match it."];
  const found = first.found === undefined ? "lacks the label" : `has ${code(first.found)}`;
  return [
    `The API server refuses this set: the selector needs ${code(wantedText(first.requirement))}, but the pod template ${found}.`,
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
  if (updatedAtOnce > 1) return [`${order}, at most ${counted(updatedAtOnce, "pod")} at once.`];
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
    "Written without `rollingUpdate`: a pod that is lost during an update can come back with the old template. With `rollingUpdate: {partition: 0}`, or without `type`, it comes back with the new one.",
  ];
}

export function describePartition({ pods, strategy, partition: index, updatedAtOnce }: KnownSet): readonly string[] {
  if (strategy !== "RollingUpdate" || pods === undefined || index === undefined) return [];
  // zero-012 of truth/traces.jsonl.
  if (pods.count === 0) {
    return ["Without pods an update is complete immediately, and pods that are created later get the new template."];
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
    return [
      "The API server refuses this value: it must be a number of 1 or more, or a percentage from `1%` to `100%`.",
    ];
  }
  const share =
    typeof written.value === "string"
      ? `${code(written.value)} of ${counted(pods.count, "pod")} is ${updatedAtOnce}. `
      : "";
  const limit =
    updatedAtOnce >= pods.count
      ? `All ${counted(pods.count, "pod")} may be unavailable at once.`
      : `${share}At most ${updatedAtOnce} of the ${counted(pods.count, "pod")} may be unavailable at once; pods below the partition and pods that are broken anyway count too.`;
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
    `If created one after another, the ${counted(pods.count, "pod")} take at least ${counted(total, "second")} until ${code(pods.name(pods.count - 1))} is created. Updates and scaling down wait as long at each pod.`,
  ];
}

/** The whole set in a list. */
function overview(set: KnownSet): string {
  const claims = claimsInShort(set);
  const items = [
    ...scaledBy(set),
    ...podsInOrder(set),
    ...(claims === undefined ? [] : [`Claims: ${claims}. ${describeRetention(set)}`.trim()]),
    ...dnsNames(set),
    ...updates(set),
  ];
  return items.map((item) => `- ${item}`).join("\n");
}
