import type { DocumentId } from "../workspace/summary.js";
import type { Origin, Point } from "../yaml/origin.js";
import type { Path } from "../yaml/path.js";
import type { DocumentEdit, DocumentFinding, DocumentFix, Finding, Fix, FixEdit, Related, What } from "./finding.js";

/** What a finding's places lead to beside their own origins. */
export interface Around {
  /** The place that stands for another document's path; `undefined` where that document stands for itself. */
  readonly placeOf: (document: DocumentId, path: Path) => Point | undefined;
  /** Whether a new document is right after the one of an origin. */
  readonly mayAdd: (origin: Origin) => boolean;
}

/** Around what is applied as it is written. */
export const asWritten: Around = { placeOf: () => undefined, mayAdd: () => true };

/** The finding in terms of the document that its place comes from: the span, and the path and the edits there. */
export function locate({ place, fixes, ...finding }: Finding, around: Around): DocumentFinding {
  const { origin } = place;
  return {
    ...finding,
    path: origin.path,
    ...(origin.note === undefined ? {} : { note: origin.note }),
    related: finding.related.map((related) => relatedIn(related, around)),
    fixes: fixes.flatMap((fix) => fixIn(fix, origin, around) ?? []),
  };
}

function relatedIn(related: Related, { placeOf }: Around): Related {
  if (related.document === undefined) return related;
  const origin = placeOf(related.document, related.path)?.origin;
  return origin?.document === undefined ? related : { ...related, document: origin.document, path: origin.path };
}

function fixIn(fix: Fix, own: Origin, around: Around): DocumentFix | undefined {
  const edits = fix.edits.map((edit) => editIn(edit, own, around));
  const possible = edits.filter((edit) => edit !== undefined);
  return possible.length < edits.length ? undefined : { ...fix, edits: possible };
}

/** `undefined` for an edit that would not be one of what was judged. */
function editIn(edit: FixEdit, own: Origin, { placeOf, mayAdd }: Around): DocumentEdit | undefined {
  if (edit.op === "addDocument") return mayAdd(own) ? edit : undefined;
  if ("at" in edit) {
    const { at, ...what } = edit;
    return editAt(what, at.place.origin, own);
  }
  const { document, path, ...what } = edit;
  const place = placeOf(document, path);
  if (place !== undefined) return editAt(what, place.origin, own);
  return own.document === undefined ? edit : undefined;
}

/** None where a patch or a transformer has touched the text, and what is taken out of a patch would stay in its base. */
function editAt(what: What, { document, path, untouched, holds }: Origin, own: Origin): DocumentEdit | undefined {
  const isPossible = untouched && (holds === "resource" || (holds === "patch" && what.op !== "remove"));
  if (!isPossible) return undefined;
  return { ...what, path, ...(document === undefined || isSame(document, own.document) ? {} : { document }) };
}

export function isSame(one: DocumentId, other: DocumentId | undefined): boolean {
  return one.uri === other?.uri && one.document === other.document;
}
