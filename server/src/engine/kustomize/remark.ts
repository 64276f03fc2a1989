import type { Span } from "../text/span.js";
import type { Spot } from "./value.js";

/** What kustomize says, or does silently, about a place of a kustomization, a patch or a resource. */
export interface Remark {
  readonly spot: Spot;
  /** `key`: the key of the place is meant, not its value. */
  readonly on: "key" | "value";
  readonly message: RemarkMessage;
  /** A stretch of the source's text that no place has. */
  readonly within?: Span;
}

/** `build`: the build certainly fails; `loss`: it succeeds, and drops something silently. */
export interface RemarkMessage {
  readonly rule: "build" | "loss";
  readonly id: BuildFailure | PatchLoss;
  readonly data: Readonly<Record<string, string | number>>;
}

/** Why `kustomize build` fails; each was seen with kubectl 1.33 and 1.36 (kustomize 5.6 and 5.8). */
export type BuildFailure =
  | "ambiguous"
  | "annotationKey"
  | "component"
  | "cycle"
  | "directive"
  | "duplicateId"
  | "empty"
  | "expression"
  | "fileMissing"
  | "generatorExists"
  | "generatorMissing"
  | "indexMissing"
  | "keyMissing"
  | "keyNotText"
  | "kustomizationFile"
  | "literal"
  | "literalKey"
  | "literalTwice"
  | "mergeKeys"
  | "noComponent"
  | "noKustomization"
  | "noName"
  | "noResource"
  | "operation"
  | "operationField"
  | "parentMissing"
  | "patchChoice"
  | "patchIdentity"
  | "patchShape"
  | "patchTarget"
  | "patchTargets"
  | "replacementChoice"
  | "replacementField"
  | "replacementSource"
  | "replacementSources"
  | "replacementTarget"
  | "replicas"
  | "test"
  | "twoPatches"
  | "unknownField"
  | "unreadable"
  | "wrongKind"
  | "wrongType"
  | "wrongVersion";

export type PatchLoss = "list" | "item";

export function failure(
  spot: Spot,
  id: BuildFailure,
  data: RemarkMessage["data"] = {},
  on: Remark["on"] = "value",
): Remark {
  return { spot, on, message: { rule: "build", id, data } };
}

/** Where the remark stands in the text of its source's document. */
export function spanOf({ spot: { place, source }, on, within }: Remark): Span {
  const span = within ?? (on === "key" ? place.keySpan : place.span);
  return source.inline?.span(span) ?? span;
}
