import { playAsked } from "../../drawing/panel-play.js";
import { budgetSelector } from "../../kubernetes/kinds/pod-disruption-budget.js";
import { playedBehaviour } from "../../kubernetes/versions.js";
import { askedFor, type AskedPlay, type ShownPlay } from "../../maintenance/panel-play.js";
import { playVerdict } from "../../maintenance/play-report.js";
import { touches, type Span } from "../../text/span.js";
import { sameNamespace } from "../../workspace/namespace.js";
import { podsIn, selectable, selectedByBudget } from "../../workspace/selected-pods.js";
import { resourceSpan } from "../../workspace/source-file.js";
import type { DocumentId } from "../../workspace/summary.js";
import { formatPath } from "../../yaml/path.js";
import type { Document } from "../document.js";
import { playedInFile } from "./played-objects.js";
import { setsOf, type WrittenSet } from "./sets.js";

/** A play of nodes that shows what is wrong with a StatefulSet. */
export interface PlayToShow {
  readonly uri: string;
  /** Its place among the StatefulSets of the file. */
  readonly index: number;
  readonly asked: AskedPlay;
}

/** All documents of the workspace. */
type Documents = (uri: string) => readonly Document[];

/**
 * The first of some plays that ends badly for the StatefulSet or the budget at a place of a file; `undefined` where none
 * does, so that nothing is promised that would not be seen.
 */
export function playToShow(
  plays: readonly ShownPlay[],
  { uri, span }: { readonly uri: string; readonly span: Span },
  documentsOf: Documents,
): PlayToShow | undefined {
  for (const { document, statefulSet } of setsAt(uri, span, documentsOf)) {
    const documents = documentsOf(document.id.uri);
    const index = setsOf(documents).findIndex((one) => one.statefulSet === statefulSet);
    const documentOf = (id: DocumentId) => documentsOf(id.uri)[id.document];
    const found = playedInFile(documents, { index, together: false }, documentOf);
    if (found.type === "nothing") continue;
    for (const shown of plays) {
      const asked = askedFor(shown);
      const played = playAsked(found, asked, playedBehaviour(document.config));
      const endsBadly = played.type === "played" && playVerdict(played.result).tone === "bad";
      if (endsBadly && played.result.outcome.type !== "impossible") return { uri: document.id.uri, index, asked };
    }
  }
  return undefined;
}

/** The set that stands there, or those whose pods the budget selects that does. */
function setsAt(uri: string, span: Span, documentsOf: Documents): readonly WrittenSet[] {
  const document = documentsOf(uri).findLast(({ start }) => start <= span.start);
  if (document === undefined) return [];
  const within = { start: span.start - document.start, end: span.end - document.start };
  const resource = document.chunk.resources.find((one) => touches(resourceSpan(document.chunk, one), within));
  if (resource?.kind === "StatefulSet") return [{ document, statefulSet: resource }];
  if (resource?.kind !== "PodDisruptionBudget") return [];
  const selector = budgetSelector(resource);
  if (selector === undefined || selector === "nothing") return [];
  const scope = document.scope();
  const { namespace } = resource.key;
  return selectable(selector, scope).flatMap((set) => {
    if (set.kind !== "StatefulSet" || !sameNamespace(set.key, namespace)) return [];
    const selection = selectedByBudget({ selector }, podsIn(set, scope));
    if (selection === undefined || selection.pods === "none") return [];
    const home = documentsOf(set.document.uri)[set.document.document];
    const statefulSet = home?.chunk.resources.find(({ place }) => formatPath(place.path) === formatPath(set.root));
    return home && statefulSet?.kind === "StatefulSet" ? [{ document: home, statefulSet }] : [];
  });
}
