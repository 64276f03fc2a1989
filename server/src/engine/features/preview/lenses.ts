import { buildNames } from "../../builds/told-once.js";
import { describePods, isPartial, podNames, type PodNames } from "../../kubernetes/kinds/statefulset.js";
import { shift, type Span } from "../../text/span.js";
import { printable } from "../../text/printable.js";
import { textOrSymbol } from "../../yaml/field.js";
import type { Place } from "../../yaml/place.js";
import type { Document } from "../document.js";
import { builtSet, builtSets, setsOf, type BuiltStatefulSet } from "./sets.js";

/** An offer to preview the rollout of one StatefulSet, above it. */
export interface PreviewLens {
  /** The lens stands above the line where this begins. */
  readonly span: Span;
  readonly title: string;
  /** Which StatefulSet of the file it is, 0 for the first. */
  readonly index: number;
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
    return [{ span, title: `Preview rollout${podsOf(whole)}${serviceOf(whole)}${by}`, index }];
  });
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
