import { counted } from "../../words/counted.js";
import { code } from "../../words/markdown.js";
import type { Place } from "../../yaml/place.js";
import type { FieldFacts } from "./field-facts.js";
import type { KnownSet } from "./known-set.js";
import { allOf, claimList, podList } from "./phrases.js";

/** The parts of the pod template that decide about identity, order and storage; the rest is any pod's. */
export const podTemplateFacts: FieldFacts<KnownSet> = {
  "spec.template": ({ pods }) =>
    pods === undefined || pods.count === 0 ? [] : [`${counted(pods.count, "pod")}: ${podList(pods, allOf(pods))}.`],
  "spec.template.metadata": ({ pods }) =>
    pods === undefined || pods.count === 0 ? [] : [`The pods are named ${podList(pods, allOf(pods))}.`],
  "spec.template.metadata.labels": ({ pods }) => {
    if (pods === undefined || pods.count === 0) return [];
    const pod = code(pods.name(0));
    return [`${pod} has ${code(`statefulset.kubernetes.io/pod-name: ${pods.name(0)}`)} too.`];
  },
  "spec.template.spec.hostname": ({ pods }) =>
    pods === undefined || pods.count === 0 ? [] : [`The hostnames are ${podList(pods, allOf(pods))}.`],
  "spec.template.spec.subdomain": ({ serviceName }) =>
    serviceName === undefined || serviceName === null ? [] : [`The pods' subdomain is ${code(serviceName)}.`],
  "spec.template.spec.terminationGracePeriodSeconds": gracePeriod,
  "spec.template.spec.volumes": ({ pods, claimTemplates }) =>
    pods === undefined || pods.count === 0 || claimTemplates === undefined || claimTemplates.length === 0
      ? []
      : [`The claims are added automatically: ${claimList(pods, claimTemplates, allOf(pods))}.`],
  "spec.template.spec.volumes[].name": ({ claimTemplates }, field) => {
    const name = field.string();
    if (name.state !== "present" || !claimTemplates?.includes(name.value)) return [];
    return [`The claim template ${code(name.value)} has the same name: its PVC silently replaces this volume.`];
  },
  "spec.template.spec.containers": waitsForReady,
  ...containerFacts("containers"),
  ...containerFacts("initContainers"),
};

/** The same fields are there for both kinds of containers. */
function containerFacts(list: "containers" | "initContainers"): FieldFacts<KnownSet> {
  const container = `spec.template.spec.${list}[]`;
  return {
    [`${container}.readinessProbe`]: waitsForReady,
    [`${container}.startupProbe`]: waitsForReady,
    [`${container}.volumeMounts[].name`]: mountedVolume,
  };
}

function gracePeriod({ pods, podManagement }: KnownSet, field: Place): readonly string[] {
  const seconds = field.integer();
  if (seconds.state !== "present" || seconds.value < 1 || pods === undefined || pods.count === 0) return [];
  if (podManagement !== "OrderedReady") return [];
  return [
    `Scaling ${counted(pods.count, "pod")} down to 0${pods.count === 1 ? "" : ", one after another,"} may take up to ${counted(seconds.value * pods.count, "second")}.`,
  ];
}

function waitsForReady({ pods, podManagement }: KnownSet): readonly string[] {
  if (pods === undefined || pods.count < 2 || podManagement !== "OrderedReady") return [];
  return [`${code(pods.name(1))} is created only when ${code(pods.name(0))} is Ready, and so on.`];
}

function mountedVolume({ pods, claimTemplates, statefulSet }: KnownSet, field: Place): readonly string[] {
  const name = field.string();
  if (name.state !== "present" || claimTemplates === undefined) return [];
  if (claimTemplates.includes(name.value)) {
    if (pods === undefined || pods.count === 0) return [`Each pod's own claim from the template ${code(name.value)}.`];
    const claim = claimList(pods, [name.value], { from: 0, to: 1 });
    return [
      `In ${code(pods.name(0))} it is the claim ${claim}${pods.count > 1 ? "; each other pod has its own" : ""}.`,
    ];
  }
  const volumes = statefulSet.template.place.at("spec", "volumes").items();
  const isVolume = volumes.some((volume) => volume.at("name").value() === name.value);
  return isVolume ? ["A volume of the pod template, not a claim of the pod's own."] : [];
}
