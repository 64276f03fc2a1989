import { describeClaim, describePods, isPartial, podNames } from "../../kubernetes/kinds/statefulset.js";
import type { Span } from "../../text/span.js";
import { autoscalersOf } from "../../workspace/autoscalers.js";
import { budgetsFor } from "../../workspace/budgets.js";
import { governingService } from "../../workspace/governing-service.js";
import { podsOfSet } from "../../workspace/selected-pods.js";
import type { DocumentSummary, ResourceSummary } from "../../workspace/summary.js";
import { valueOr } from "../../yaml/field.js";
import type { Path } from "../../yaml/path.js";
import type { Document } from "../document.js";
import { placedSet, setsOf, type WrittenSet } from "../preview/sets.js";

/** A StatefulSet of the workspace, with what belongs to it. */
export interface SetNode {
  readonly uri: string;
  /** Which of the file's it is, 0 for the first. */
  readonly index: number;
  readonly name: string;
  /** Of its name, in the file. */
  readonly span: Span;
  /** All of it: its document or list item. */
  readonly whole: Span;
  readonly parts: readonly SetPart[];
}

/** A thing to go to. */
export interface SetPart {
  readonly sort: "pods" | "claims" | "service" | "budget" | "autoscaler";
  readonly text: string;
  readonly uri: string;
  readonly span: Span;
}

/** The files of a workspace, with what is known of each document without looking into it. */
interface Files {
  documents(uri: string): readonly Document[];
  summaries(): Iterable<DocumentSummary>;
}

/** The StatefulSets of all files but parts of some, in the order of the files' names. */
export function setTree(files: Files): readonly SetNode[] {
  return [...setUris(files)].flatMap((uri) => setNodes(files, uri));
}

/** Those of one file. */
export function setNodes(files: Pick<Files, "documents">, uri: string): readonly SetNode[] {
  return setsOf(files.documents(uri)).flatMap((set, index) =>
    isPartial(set.statefulSet) ? [] : [nodeOf(files, uri, set, index)],
  );
}

/** The files that hold a StatefulSet, by their summaries. */
export function setUris(files: Pick<Files, "summaries">): ReadonlySet<string> {
  const uris = new Set<string>();
  for (const { id, resources, templated } of files.summaries())
    if ([...resources, ...templated].some(({ kind, partial }) => kind === "StatefulSet" && !partial)) uris.add(id.uri);
  return uris;
}

function nodeOf(files: Pick<Files, "documents">, uri: string, written: WrittenSet, index: number): SetNode {
  const placed = placedSet(written);
  const { statefulSet, document } = written;
  return {
    uri,
    index,
    name: statefulSet.key.name,
    span: spanAt(document, [...statefulSet.place.path, "metadata", "name"]),
    whole: placed.span,
    parts: partsOf(files, { statefulSet: placed.built?.statefulSet ?? statefulSet, document }, written),
  };
}

function partsOf(
  files: Pick<Files, "documents">,
  { statefulSet: set, document }: WrittenSet,
  { statefulSet: own }: WrittenSet,
): readonly SetPart[] {
  const scope = document.scope();
  const { uri } = document.id;
  const here = (...path: Path) => ({ uri, span: spanAt(document, [...own.spec.path, ...path]) });
  const pods = podNames(set);
  const labelled = podsOfSet(set, scope);
  const there = (sort: SetPart["sort"], one: Pick<ResourceSummary, "document" | "root" | "key">) => {
    const target = files.documents(one.document.uri)[one.document.document];
    if (target === undefined) return [];
    const span = spanAt(target, [...one.root, "metadata", "name"]);
    return [{ sort, text: `${one.key.kind} ${one.key.name}`, uri: one.document.uri, span }];
  };
  return [
    ...(pods === undefined
      ? []
      : [{ sort: "pods" as const, text: pods.count === 0 ? "no pods" : describePods(pods), ...here("replicas") }]),
    ...(valueOr(set.claimTemplates, []) ?? []).flatMap((template, index) => {
      const name = valueOr(template.name, undefined);
      if (pods === undefined || name === undefined || pods.count === 0) return [];
      return [
        {
          sort: "claims" as const,
          text: describeClaim(pods, name),
          ...here("volumeClaimTemplates", index, "metadata", "name"),
        },
      ];
    }),
    ...(governingService(set, scope)?.candidates ?? []).slice(0, 1).flatMap((one) => there("service", one)),
    ...((labelled && budgetsFor(set.key, labelled, scope)) ?? []).flatMap((one) => there("budget", one)),
    ...autoscalersOf(set.key, scope).flatMap((one) => there("autoscaler", one)),
  ];
}

/** Where a path of a document is written, or the nearest key above it, in the file. */
function spanAt({ chunk, start }: Document, path: Path): Span {
  const { exists, kind, span, keySpan } = chunk.document.root.at(...path);
  const { start: from, end } = exists && kind === "scalar" ? span : keySpan;
  return { start: from + start, end: end + start };
}
