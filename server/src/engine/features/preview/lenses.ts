import { buildNames } from "../../builds/told-once.js";
import { describePods, isPartial, podNames, type PodNames } from "../../kubernetes/kinds/statefulset.js";
import { shift, type Span } from "../../text/span.js";
import { printable } from "../../text/printable.js";
import type { Resource } from "../../kubernetes/resources/resource.js";
import { immutableChanges } from "../../compare/immutable.js";
import { areImmutable, effectOf } from "../../rollout/verdict.js";
import { textOrSymbol } from "../../yaml/field.js";
import type { Place } from "../../yaml/place.js";
import type { Document, EditedObject } from "../document.js";
import { builtSet, builtSets, setsOf, type BuiltStatefulSet, type WrittenSet } from "./sets.js";

/** An offer to preview the rollout of one StatefulSet, above it. */
export interface PreviewLens {
  /** The lens stands above the line where this begins. */
  readonly span: Span;
  readonly title: string;
  /** Which StatefulSet of the file it is, 0 for the first. */
  readonly index: number;
  /** It opens the preview of the change since the base. */
  readonly compares?: true;
}

/** The lens of each StatefulSet of a file as it is applied, none for a part of one. */
export function lenses(documents: readonly Document[]): readonly PreviewLens[] {
  return setsOf(documents).flatMap((set, index) => {
    const { chunk, start } = set.document;
    const built = builtSet(set);
    const differing = built === undefined ? builtSets(set) : [built];
    const applied = differing.length === 0 ? [{ statefulSet: set.statefulSet, builds: [] }] : differing;
    const whole = applied.filter(({ statefulSet }) => !isPartial(statefulSet));
    if (whole.length === 0) return [];
    const by = chunk.state === "template" && built !== undefined ? " by default" : "";
    const span = shift(firstKey(set.statefulSet.place), start);
    const effect = effectsOf(editsOf(set));
    return [
      ...(effect === undefined ? [] : [{ span, title: effect, index, compares: true as const }]),
      { span, title: `Preview rollout${podsOf(whole)}${serviceOf(whole)}${by}`, index },
    ];
  });
}

/** The changes of a set since the base: of itself, or of what kustomizations and a chart's values make of it. */
export function editsOf({ statefulSet, document }: WrittenSet): readonly EditedObject[] {
  const names = new Set(builtSets({ statefulSet, document }).map((built) => built.statefulSet));
  return document.edits().filter(({ after }) => {
    if (after.kind !== "StatefulSet") return false;
    // A chart has made it anew, with the same place in the template.
    const isOfTemplate = document.chunk.template !== undefined;
    return isOfTemplate ? isSameSpan(after, statefulSet) : after === statefulSet || names.has(after);
  });
}

function isSameSpan(one: Resource, other: Resource): boolean {
  return one.place.at("kind").keySpan.start === other.place.at("kind").keySpan.start;
}

/** `Restarts 3 pods, about 4 min`, or `dev: Restarts nothing, prod: Rejected: serviceName is immutable`. */
function effectsOf(edits: readonly EditedObject[]): string | undefined {
  const effects = new Map<string, string[]>();
  for (const edit of edits) {
    const { build } = edit;
    const effect = effectOfEdit(edit);
    if (effect === undefined) continue;
    effects.set(effect, [...(effects.get(effect) ?? []), ...(build === undefined ? [] : [build])]);
  }
  const [first, ...others] = [...effects];
  if (first === undefined) return undefined;
  if (others.length === 0) return first[0];
  return [first, ...others].map(([effect, builds]) => `${buildNames(builds.map(printable))}: ${effect}`).join(", ");
}

/** Where a tool will still write a part of the set, only what the API server certainly refuses is known. */
function effectOfEdit(edit: EditedObject): string | undefined {
  const played = edit.play();
  if (played !== undefined) return effectOf(played);
  const fields = immutableChanges(edit.before, edit.after, edit.cluster).map(({ path }) => String(path[1]));
  return fields.length === 0 ? undefined : `Rejected: ${areImmutable([...new Set(fields)])}`;
}

/** Above the whole object, whichever of its keys comes first. */
function firstKey(object: Place): Span {
  const keys = object.entries().map(([, { keySpan }]) => keySpan);
  return keys.reduce((first, key) => (key.start < first.start ? key : first), object.at("kind").keySpan);
}

/** The Service that all builds name, if they name one. */
function serviceOf(applied: readonly BuiltStatefulSet[]): string {
  const names = new Set(applied.map(({ statefulSet: { serviceName } }) => textOrSymbol(serviceName)));
  const [name] = names;
  return names.size === 1 && name !== undefined ? `, Service ${printable(name)}` : "";
}

/** Where builds differ in the pods, each is named: `: 3 pods db-0 ... db-2`, or `: dev: 1 pod db-0, prod: 5 pods db-0 ... db-4` */
function podsOf(applied: readonly BuiltStatefulSet[]): string {
  const builds = new Map<string, string[]>();
  for (const { statefulSet, builds: names } of applied) {
    const pods = podNames(statefulSet);
    if (pods === undefined) continue;
    const text = count(pods);
    builds.set(text, [...(builds.get(text) ?? []), ...names]);
  }
  const [first, ...others] = [...builds];
  if (first === undefined) return "";
  if (others.length === 0) return `: ${first[0]}`;
  return `: ${[first, ...others].map(([text, names]) => `${buildNames(names.map(printable))}: ${text}`).join(", ")}`;
}

function count(pods: PodNames): string {
  if (pods.count === 0) return "no pods";
  return `${pods.count} ${pods.count === 1 ? "pod" : "pods"} ${describePods(pods)}`;
}
