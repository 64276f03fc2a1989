import { pairsBy, type Pair } from "../../builds/pairs.js";
import { canonicalJson } from "../../kubernetes/canonical-json.js";
import { isPartial, type StatefulSet } from "../../kubernetes/kinds/statefulset.js";
import type { Resource } from "../../kubernetes/resources/resource.js";
import { configObjectsOf, type ConfigObject } from "../../rollout/config-changes.js";
import { shift, type Span } from "../../text/span.js";
import { memoizeByName } from "../../workspace/memo.js";
import { autoscalersOf } from "../../workspace/autoscalers.js";
import type { Scope } from "../../workspace/scope.js";
import { formatPath, parsePath } from "../../yaml/path.js";
import type { Document } from "../document.js";
import { builtSet, setsOf, type WrittenSet } from "./sets.js";

/** A StatefulSet as it is applied: as it stands in a file, or as a kustomization or a chart's default values have it. */
export interface AppliedSet {
  readonly statefulSet: StatefulSet;
  /** What it is written in. */
  readonly document: Document;
  /** What a reader calls the kustomization or the values; `undefined` for one that stands for itself. */
  readonly build: string | undefined;
  /** Between which numbers autoscalers keep its replicas; empty without one. */
  readonly scaledBetween: readonly number[];
}

/** The complete StatefulSets of some files' documents, each as often as it is built. */
export function appliedSets(documents: readonly Document[]): readonly AppliedSet[] {
  // A tree is not read again to see that it holds none.
  const mayHold = documents.filter(({ chunk }) => /statefulset/i.test(chunk.text));
  return setsOf(mayHold).flatMap((set) =>
    applied(set)
      .filter(({ statefulSet }) => !isPartial(statefulSet))
      .map(({ statefulSet, build, scope }) => ({
        statefulSet,
        build,
        document: set.document,
        scaledBetween: rangeOf(statefulSet, scope),
      })),
  );
}

function applied(set: WrittenSet): readonly (Pick<AppliedSet, "statefulSet" | "build"> & { readonly scope: Scope })[] {
  const {
    document,
    statefulSet: { place },
  } = set;
  const scope = document.scope();
  if (document.chunk.template !== undefined) {
    const made = builtSet(set);
    return made === undefined ? [] : [{ statefulSet: made.statefulSet, build: made.builds[0], scope }];
  }
  const views = document.builds();
  if (views.length === 0) return [{ statefulSet: set.statefulSet, build: undefined, scope }];
  return views.flatMap(({ resource, build, base, scope: around }) =>
    resource.kind === "StatefulSet" && base !== undefined && formatPath(base.root) === formatPath(place.path)
      ? [{ statefulSet: resource, build, scope: around }]
      : [],
  );
}

/** The smallest and the largest number that an autoscaler in its directory or its build allows. */
function rangeOf({ key }: StatefulSet, scope: Scope): readonly number[] {
  const near = new Set(scope.all("Autoscaler", "directory"));
  const numbers = autoscalersOf(key, scope).flatMap((one) => (near.has(one) ? (one.replicas ?? []) : []));
  return numbers.length === 0 ? [] : [...new Set([Math.min(...numbers), Math.max(...numbers)])];
}

/** What is compared: a set, and what a reader calls the file or the build that it is from. */
export interface Comparable {
  readonly statefulSet: StatefulSet;
  readonly home: string;
}

/** The same StatefulSet before and after a change of the files. */
export type SetPair<T extends Comparable> = Pair<T>;

/**
 * Which sets are the same: those of one name in the same file or build, and then those whose name is nowhere else, so
 * that a file that was moved changes nothing. In the order of `after`, then what is gone.
 */
export function pairSets<T extends Comparable>(before: readonly T[], after: readonly T[]): readonly SetPair<T>[] {
  return pairsBy(before, after, [(set) => JSON.stringify([set.home, nameKey(set)]), nameKey]);
}

function nameKey({ statefulSet: { key } }: Comparable): string {
  return JSON.stringify([key.namespace, key.name]);
}

/** Whether the objects differ in anything but how they are written. */
export function isChanged({ before, after }: SetPair<Comparable>): boolean {
  const [old, now] = [before, after].map((set) => set && canonicalJson(set.statefulSet.place.value()));
  return old !== now;
}

/** Where the value of a field is written, or what is nearest to it; `undefined` where no file holds any of it. */
export function writtenAt(
  { statefulSet, document }: Pick<AppliedSet, "statefulSet" | "document">,
  field: string,
  documentsOf: (uri: string) => readonly Document[],
): { readonly uri: string; readonly span: Span } | undefined {
  const { keySpan, origin } = statefulSet.place.at(...parsePath(field));
  const home = origin.document === undefined ? document : documentsOf(origin.document.uri)[origin.document.document];
  return home && { uri: home.id.uri, span: shift(keySpan, home.start) };
}

/**
 * The ConfigMaps and Secrets that are applied with each set: of its build, or of the files in its directory.
 * `documents`: all that there are.
 */
export function configObjectsBeside(documents: readonly Document[]): (set: AppliedSet) => readonly ConfigObject[] {
  const values = new Map<string, unknown[]>();
  const add = (key: string, value: unknown) => {
    const known = values.get(key);
    if (known === undefined) values.set(key, [value]);
    else known.push(value);
  };
  for (const document of documents) {
    const views = document.builds();
    if (views.length === 0 && /ConfigMap|Secret/.test(document.chunk.text))
      add(directoryOf(document), document.chunk.document.root.value());
    for (const { build, base, resource } of views) {
      if (base !== undefined && isConfig(resource)) add(buildKey(build), resource.place.value());
    }
  }
  const objectsOf = memoizeByName((key) => configObjectsOf(values.get(key) ?? []));
  return ({ build, document }) => objectsOf(build === undefined ? directoryOf(document) : buildKey(build));
}

function isConfig({ key: { kind } }: Resource): boolean {
  return kind === "ConfigMap" || kind === "Secret";
}

function directoryOf({ id: { uri } }: Document): string {
  return uri.slice(0, uri.lastIndexOf("/") + 1);
}

function buildKey(build: string): string {
  return `build ${build}`;
}
