import { isDns1123Label } from "../../kubernetes/names.js";
import { podLabels, type Volume } from "../../kubernetes/pod-template.js";
import type { Workload } from "../../kubernetes/workload.js";
import type { DocumentEdit } from "../../lint/finding.js";
import { code } from "../../words/markdown.js";
import { freeServiceName, headlessServiceFor } from "../../workspace/governing-service.js";
import { sameNamespace } from "../../workspace/namespace.js";
import type { Scope } from "../../workspace/scope.js";
import type { Edit, Plain } from "../../yaml/edit.js";
import { valueOr } from "../../yaml/field.js";
import { isMapping } from "../../yaml/plain.js";
import type { Document } from "../document.js";
import type { Files } from "../navigation/named.js";
import { commentedPatch } from "./commented.js";
import { followKind } from "./mentions.js";
import { changeOf, headOf, unavailable, type Change, type Refactoring, type Unavailable } from "./refactoring.js";

/** Turns a Deployment that uses PersistentVolumeClaims into a StatefulSet, each pod of which has claims of its own. */
export function toStatefulSet(files: Files, document: Document, deployment: Workload): readonly Refactoring[] {
  const claimed = claimedVolumes(deployment);
  if (deployment.key.kind !== "Deployment" || claimed.length === 0) return [];
  return [
    {
      title: "Convert to a StatefulSet",
      sort: "rewrite",
      spans: headOf(document, deployment),
      result: () => converted(files, document, deployment, claimed),
    },
  ];
}

/** A volume with a claim that a person wrote, and its place among the volumes. */
interface ClaimedVolume {
  readonly volume: Volume;
  readonly index: number;
  readonly claimName: string;
}

function claimedVolumes({ template: { volumes } }: Workload): readonly ClaimedVolume[] {
  if (volumes.state !== "present") return [];
  return volumes.value.flatMap((volume, index) => {
    const claimName = valueOr(volume.claimName, undefined);
    return claimName === undefined ? [] : [{ volume, index, claimName }];
  });
}

/** What a Deployment's spec has and a StatefulSet's has not (apps/v1, Kubernetes 1.36). */
const onlyOfDeployments = ["strategy", "paused", "progressDeadlineSeconds", "rollbackTo"];

function converted(
  files: Files,
  document: Document,
  deployment: Workload,
  claimed: readonly ClaimedVolume[],
): Change | Unavailable {
  const { key, name, place, template, selector } = deployment;
  const scope = document.scope();
  if (name.state !== "present") return unavailable("The Deployment has no name yet.");
  const problem = isDns1123Label(name.value);
  if (problem !== undefined) return unavailable(`The pods of a StatefulSet cannot be named after ${code(name.value)}.`);
  const templates = claimTemplatesOf(files, deployment, claimed, scope);
  if ("type" in templates) return templates;
  const followed = followKind(files, document, deployment, "StatefulSet");
  if ("type" in followed) return followed;
  const service = serviceOf(deployment, scope);
  if (service === undefined)
    return unavailable("The labels of the pods cannot be read, so no Service can select them.");

  const spec = place.at("spec");
  const volumes = template.place.at("spec", "volumes");
  const templatesPath = spec.at("volumeClaimTemplates").path;
  const labels = podLabels(template);
  const edits: readonly Edit[] = [
    { op: "set", path: place.at("apiVersion").path, value: "apps/v1" },
    { op: "set", path: place.at("kind").path, value: "StatefulSet" },
    ...onlyOfDeployments.map((field) => ({ op: "remove", path: spec.at(field).path }) as const),
    ...(followed.length === 0 ? [] : [{ op: "remove", path: spec.at("replicas").path } as const]),
    { op: "set", path: spec.at("serviceName").path, value: service.name },
    ...(selector.place.exists || labels === undefined
      ? []
      : [{ op: "set", path: selector.place.path, value: { matchLabels: Object.fromEntries(labels) } } as const]),
    ...(templates.length === volumes.items().length
      ? [{ op: "remove", path: volumes.path } as const]
      : templates.toReversed().map(({ index }) => ({ op: "remove", path: volumes.at(index).path }) as const)),
    ...(templates.length === 0
      ? []
      : [{ op: "set", path: templatesPath, value: templates.map(({ value }) => value) } as const]),
  ];
  const patched = commentedPatch(document.chunk.document, edits, templatesPath, commentOf(name.value, templates));
  if (patched === undefined) return unavailable("The text is written in a way that cannot be changed safely.");
  const dropped = onlyOfDeployments.filter((field) => spec.at(field).exists);
  const all: readonly DocumentEdit[] = [
    ...patched.map((edit) => ({ op: "text", ...edit }) as const),
    ...followed,
    ...(service.value === undefined ? [] : [{ op: "addDocument", value: service.value } as const]),
  ];
  return changeOf(document, all, {
    notes: [
      ...templates.map(
        ({ volume, claimName }) =>
          `Each pod gets a new, empty claim, such as ${code(`${volume}-${name.value}-0`)}. The data in the claim ${code(claimName)} stays there and is not copied.`,
      ),
      `${code("kubectl apply")} does not delete the Deployment ${code(key.name)}. Delete it before you apply the StatefulSet, or both select the same pods.`,
      "Pods are created, updated and deleted one after the other, and keep their names.",
      ...(followed.length === 0 ? [] : ["An autoscaler sets `replicas`, so this is left out."]),
      ...(dropped.length === 0 ? [] : [`A StatefulSet has no ${dropped.map(code).join(", ")}, so this is left out.`]),
    ],
  });
}

interface TemplateOf {
  readonly index: number;
  readonly volume: string;
  readonly claimName: string;
  readonly value: Plain;
}

/**
 * The claim templates that stand for the claims of one node or pod. What many pods may share, or only read, stays as it
 * is.
 */
function claimTemplatesOf(
  files: Files,
  { key: { namespace } }: Workload,
  claimed: readonly ClaimedVolume[],
  scope: Scope,
): readonly TemplateOf[] | Unavailable {
  const templates: TemplateOf[] = [];
  for (const { volume, index, claimName } of claimed) {
    const claim = scope.named("PersistentVolumeClaim", claimName).find(({ key }) => sameNamespace(key, namespace));
    if (claim === undefined)
      return unavailable(`The claim ${code(claimName)} is not in these files, so its size is not known.`);
    if (volume.place.at("persistentVolumeClaim", "readOnly").value() === true) continue;
    const { accessModes, storage } = claim;
    const name = valueOr(volume.name, undefined);
    const held = files.documents(claim.document.uri)[claim.document.document];
    const spec = held?.chunk.document.root.at(...claim.root, "spec").value();
    if (name === undefined || accessModes === undefined || storage === undefined || !isMapping(spec))
      return unavailable(`The claim ${code(claimName)} cannot be read.`);
    if (accessModes.some((mode) => mode === "ReadWriteMany" || mode === "ReadOnlyMany")) continue;
    if (templates.some((other) => other.claimName === claimName))
      return unavailable(`Several volumes use the claim ${code(claimName)}, and each would get a claim of its own.`);
    // A volume is bound to one claim only.
    const { volumeName: _, ...shared } = spec;
    templates.push({ index, volume: name, claimName, value: { metadata: { name }, spec: shared } });
  }
  return templates;
}

/** What is said above the claim templates. */
function commentOf(name: string, templates: readonly TemplateOf[]): readonly string[] {
  return templates.flatMap(({ volume, claimName }) => [
    `Each pod gets a claim of its own, empty at first: ${volume}-${name}-0, ${volume}-${name}-1, ...`,
    `The data of the Deployment stays in the claim ${claimName}: copy it, or bind its volume to ${volume}-${name}-0.`,
  ]);
}

/** The headless Service in scope that selects the pods, or a new one. */
function serviceOf(
  deployment: Workload,
  scope: Scope,
): { readonly name: string; readonly value: Plain | undefined } | undefined {
  const { key, name, template } = deployment;
  const labels = podLabels(template);
  if (labels === undefined) return undefined;
  const found = scope
    .servicesSelecting(labels, key.namespace)
    .find(
      ({ headless, selector }) =>
        headless === true && [...(selector ?? [])].every(([label, value]) => labels.get(label) === value),
    );
  if (found !== undefined) return { name: found.key.name, value: undefined };
  const free = freeServiceName({ key, name }, scope);
  const value = free === undefined ? undefined : headlessServiceFor(deployment, free);
  return free === undefined || value === undefined ? undefined : { name: free, value };
}
