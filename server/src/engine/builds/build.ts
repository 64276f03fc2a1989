import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import type { Resource } from "../kubernetes/resources/resource.js";
import type { SourcePlace } from "../render/source.js";
import type { Place } from "../yaml/place.js";

/**
 * What a tool makes of its sources: `composed.ts` works out what kustomize builds, `chart.ts` what helm makes of a
 * template, and `rendered.ts` reads the output of the real tools.
 */
export interface Build {
  /** What a reader calls it: the directory of the kustomization or the chart, or the values that a template is read with. */
  readonly label: string;
  /** Whether all of it is known. Otherwise nothing is missing merely because it is not among the resources. */
  readonly isKnown: boolean;
  /** In the order of the output. */
  resources(): readonly BuiltResource[];
}

/** An object that a build makes. What is not known of it is opaque, or its map or list is open. */
export interface BuiltResource {
  readonly resource: Resource;
  /** Where a place of the resource comes from; of what is not there, the nearest above it that is. */
  readonly origin: (place: Place) => SourcePlace;
}

/** A StatefulSet as a build makes it. */
export interface BuiltSet extends BuiltResource {
  readonly resource: StatefulSet;
}

export function builtSets(build: Build): readonly BuiltSet[] {
  return build.resources().flatMap((built) => {
    const { resource } = built;
    return resource.kind === "StatefulSet" ? [{ ...built, resource }] : [];
  });
}
