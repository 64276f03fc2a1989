import { allContainers } from "../../kubernetes/pod-template.js";
import { readResources, type Resource } from "../../kubernetes/resources/resource.js";
import type { ClaimTemplate, StatefulSet } from "../../kubernetes/kinds/statefulset.js";
import { shift, touches, type Span } from "../../text/span.js";
import { sameNamespace } from "../../workspace/namespace.js";
import { parse } from "../../yaml/parse.js";
import type { Place } from "../../yaml/place.js";
import type { Document, DocumentPosition } from "../document.js";
import { setsOf } from "../preview/sets.js";

/** Where a file writes one name: the definition is what the others refer to. */
export interface Occurrence {
  /** In offsets of the file. */
  readonly span: Span;
  readonly role: "definition" | "reference";
}

/**
 * All that goes by the name of the claim template under the cursor, in one file: the template, the mounts and devices
 * of all containers, a volume of that name (which the controller replaces by the claim, `updateStorage` of
 * pkg/controller/statefulset/stateful_set_utils.go, Kubernetes 1.36), and the claims that are made of it,
 * `<template>-<set>-<ordinal>`, wherever one is written or used. Nothing on anything else.
 */
export function highlights(
  documents: readonly Document[],
  { document, offset }: DocumentPosition,
): readonly Occurrence[] {
  const cursor = shift({ start: offset, end: offset }, document.start);
  for (const { statefulSet, document: home } of setsOf(documents)) {
    const { claimTemplates } = statefulSet;
    for (const template of claimTemplates.state === "present" ? claimTemplates.value : []) {
      const found = [
        ...volumeNames(statefulSet, template).map((place) => occurrence(place, home, template)),
        ...documents.flatMap((other) =>
          claimNames(other, statefulSet, template).map((place) => occurrence(place, other, template)),
        ),
      ];
      if (found.some(({ span }) => touches(span, cursor))) return distinct(found);
    }
  }
  return [];
}

/** The name of a template, and of what its pods know it by. */
function volumeNames({ template: pod }: StatefulSet, { name, place }: ClaimTemplate): readonly Place[] {
  if (name.state !== "present") return [];
  const mounts = allContainers(pod).flatMap((container) => [
    ...container.at("volumeMounts").items(),
    ...container.at("volumeDevices").items(),
  ]);
  const volumes = pod.place.at("spec", "volumes").items();
  return [
    place.at("metadata", "name"),
    ...[...mounts, ...volumes]
      .map((one) => one.at("name"))
      .filter((one) => holdsText(one, (text) => text === name.value)),
  ];
}

/** The names of a template's claims in a document. */
function claimNames({ chunk }: Document, set: StatefulSet, { name }: ClaimTemplate): readonly Place[] {
  if (name.state !== "present" || set.name.state !== "present") return [];
  const prefix = `${name.value}-${set.name.value}-`;
  if (!chunk.text.includes(prefix)) return [];
  const isClaim = (text: string) => text.startsWith(prefix) && /^(?:0|[1-9]\d*)$/.test(text.slice(prefix.length));
  // A document of kinds that no rule reads is not parsed before.
  const resources = chunk.state === "ignored" ? readResources(parse(chunk.text).root) : chunk.resources;
  return resources
    .filter(({ key }) => sameNamespace(key, set.key.namespace))
    .flatMap(claimReferences)
    .filter((place) => holdsText(place, isClaim));
}

/** Where an object may name a claim. */
function claimReferences({ key: { kind }, place }: Resource): readonly Place[] {
  const spec = place.at("spec");
  switch (kind) {
    case "PersistentVolumeClaim":
      return [place.at("metadata", "name"), spec.at("dataSource", "name"), spec.at("dataSourceRef", "name")];
    case "VolumeSnapshot":
      return [spec.at("source", "persistentVolumeClaimName")];
    default:
      return [spec, spec.at("template", "spec"), spec.at("jobTemplate", "spec", "template", "spec")].flatMap((pod) =>
        pod
          .at("volumes")
          .items()
          .map((volume) => volume.at("persistentVolumeClaim", "claimName")),
      );
  }
}

function holdsText(place: Place, is: (text: string) => boolean): boolean {
  const text = place.string();
  return text.state === "present" && is(text.value);
}

function occurrence(place: Place, { start }: Document, template: ClaimTemplate): Occurrence {
  const isDefinition = template.name.state === "present" && template.name.span.start === place.span.start;
  return { span: shift(place.span, start), role: isDefinition ? "definition" : "reference" };
}

/** What an alias stands for is met again for each alias. */
function distinct(found: readonly Occurrence[]): readonly Occurrence[] {
  return [...new Map(found.map((one) => [one.span.start, one])).values()].toSorted(
    (one, other) => one.span.start - other.span.start,
  );
}
