import type { StatefulSet } from "../../kubernetes/kinds/statefulset.js";
import { builtSets as setsBuilt } from "../../builds/build.js";
import { readWrittenSpec } from "../../rollout/read.js";
import { shift, type Span } from "../../text/span.js";
import { resourceSpan } from "../../workspace/source-file.js";
import { formatPath } from "../../yaml/path.js";
import type { Document } from "../document.js";

/** A StatefulSet of a file, as it stands there and as it is applied. */
export interface PlacedStatefulSet {
  readonly statefulSet: StatefulSet;
  /** As kustomizations build it, where all that read it build the same; `undefined` for one that stands for itself. */
  readonly built: BuiltStatefulSet | undefined;
  /** Its whole YAML document, or its item in a list of objects, in the file. */
  readonly span: Span;
  /** Why its document cannot be read, so that what is known of it is a guess; `undefined` where it can. */
  readonly syntaxError: string | undefined;
}

export interface BuiltStatefulSet {
  readonly statefulSet: StatefulSet;
  /** What a reader calls the kustomizations. */
  readonly builds: readonly string[];
}

/** A StatefulSet with the document that it stands in. */
export interface WrittenSet {
  readonly statefulSet: StatefulSet;
  readonly document: Document;
}

/** The StatefulSets of a file's documents, in its order. */
export function setsOf(documents: readonly Document[]): readonly WrittenSet[] {
  return documents.flatMap((document) =>
    document.chunk.resources.flatMap((resource) =>
      resource.kind === "StatefulSet" ? [{ statefulSet: resource, document }] : [],
    ),
  );
}

export function placedSet(set: WrittenSet): PlacedStatefulSet {
  const { chunk, start } = set.document;
  return {
    statefulSet: set.statefulSet,
    built: builtSet(set),
    span: shift(resourceSpan(chunk, set.statefulSet), start),
    // Whatever the rules about it are set to. The text of a template is not read as it stands.
    syntaxError: chunk.template === undefined ? chunk.document.problems.find(({ fatal }) => fatal)?.message : undefined,
  };
}

/** The set as all builds that read it have it, or a chart's default values; `undefined` where builds differ. */
export function builtSet(set: WrittenSet): BuiltStatefulSet | undefined {
  const defaults = set.document.defaults();
  const [filled] = defaults === undefined ? [] : setsBuilt(defaults);
  if (defaults && filled) return { builds: [defaults.label], statefulSet: filled.resource };
  const sets = builtSets(set);
  const plays = new Set(sets.map(({ statefulSet }) => JSON.stringify(readWrittenSpec(statefulSet))));
  const [first] = sets;
  return first === undefined || plays.size > 1
    ? undefined
    : { statefulSet: first.statefulSet, builds: sets.flatMap(({ builds }) => builds) };
}

/** The set as each build that reads it has it. */
export function builtSets({ statefulSet: { place }, document }: WrittenSet): readonly BuiltStatefulSet[] {
  return document.builds().flatMap(({ build, resource, base }) => {
    const isSame = base === undefined || formatPath(base.root) === formatPath(place.path);
    return resource.kind === "StatefulSet" && isSame ? [{ builds: [build], statefulSet: resource }] : [];
  });
}
