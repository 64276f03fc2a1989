import { diffArrays } from "diff";
import { applyEdits, type TextEdit } from "../text/edit.js";
import { lineIndex, type LineIndex } from "../text/lines.js";
import type { Edit } from "../yaml/edit.js";
import { parse, type ParsedDocument } from "../yaml/parse.js";
import { patch } from "../yaml/patch.js";
import type { Path } from "../yaml/path.js";
import { equal } from "../yaml/plain.js";

/** The document that an edit restores something of. */
export interface Former {
  readonly document: ParsedDocument;
  /** Where a path of the present document is in the former one. */
  readonly pathOf: (path: Path) => Path;
}

/**
 * The text edits that give a document its former values back, written as they were: with their quotes, comments and
 * order, and where they stood. The law of `patch` holds: it then reads as after these edits. Where the former text
 * cannot do that (other values stand on the same lines, the document is a template), it is what `patch` makes.
 */
export function restore(
  document: ParsedDocument,
  edits: readonly Edit[],
  former: Former,
): readonly TextEdit[] | undefined {
  const plain = patch(document, edits);
  if (plain === undefined || plain.length === 0 || document.masked !== undefined) return plain;
  if (isJson(document) !== isJson(former.document)) return plain;
  const wanted = parse(applyEdits(document.text, plain));
  const means = (textEdits: readonly TextEdit[]) => {
    const result = parse(applyEdits(document.text, textEdits));
    return (
      result.problems.length <= wanted.problems.length &&
      equal(result.root.value(), wanted.root.value()) &&
      keepsComments(wanted, result)
    );
  };
  const ways = [changedLines, ownLines, ownText];
  for (const way of ways) {
    const textEdits = way(document, edits, former);
    if (textEdits !== undefined && textEdits.length > 0 && means(textEdits)) return textEdits;
  }
  return plain;
}

/** Also those that were written since. */
function keepsComments(wanted: ParsedDocument, result: ParsedDocument): boolean {
  const left = commentsOf(result);
  return commentsOf(wanted).every((comment) => {
    const index = left.indexOf(comment);
    if (index !== -1) left.splice(index, 1);
    return index !== -1;
  });
}

function commentsOf({ comments, text }: ParsedDocument): string[] {
  return comments.map(({ span }) => text.slice(span.start, span.end));
}

type Way = typeof restore;

/** What differs from the former text where the values stand, or stood, is as it was; no other line is touched. */
const changedLines: Way = (document, edits, former) => {
  const [now, then] = [linesOf(document.text), linesOf(former.document.text)];
  const touched = edits.map(({ path }) => ({
    is: linesAt(document, path, now),
    was: linesAt(former.document, former.pathOf(path), then),
  }));
  if (touched.some(({ is, was }) => is === "shared" || was === "shared")) return undefined;
  const hunks = hunksBetween(then.texts, now.texts)?.filter((hunk) =>
    touched.some(({ is, was }) => overlaps(hunk.now, is) || overlaps(hunk.former, was)),
  );
  const isOwn = (hunk: Hunk) =>
    hunk.now.first === hunk.now.end || touched.some(({ is }) => is !== "shared" && contains(is, hunk.now));
  if (hunks?.every(isOwn) !== true) return undefined;
  return hunks.map((hunk) => replaced(now, hunk.now, then.texts.slice(hunk.former.first, hunk.former.end)));
};

/** The lines of each value are those that it had. */
const ownLines: Way = (document, edits, former) => {
  const [now, then] = [linesOf(document.text), linesOf(former.document.text)];
  const made = edits.map(({ path }) => {
    const is = linesAt(document, path, now);
    const was = linesAt(former.document, former.pathOf(path), then);
    if (is === undefined || is === "shared" || was === undefined || was === "shared") return undefined;
    return replaced(now, is, then.texts.slice(was.first, was.end));
  });
  return whole(made);
};

/** The text of each value is the one that it had. */
const ownText: Way = (document, edits, former) => {
  const made = edits.map(({ path }): TextEdit | undefined => {
    const [is, was] = [document.root.at(...path), former.document.root.at(...former.pathOf(path))];
    if (!is.exists || !was.exists) return undefined;
    const newText = former.document.text.slice(was.span.start, was.span.end);
    return /[\r\n]/.test(newText) ? undefined : { span: is.span, newText };
  });
  return whole(made);
};

function isJson({ text }: ParsedDocument): boolean {
  return text.trimStart().startsWith("{");
}

function whole(edits: readonly (TextEdit | undefined)[]): readonly TextEdit[] | undefined {
  const made = edits.filter((edit) => edit !== undefined);
  return made.length < edits.length ? undefined : made;
}

/** From the first line to the one before the end. */
interface LineRange {
  readonly first: number;
  readonly end: number;
}

interface Lines {
  readonly text: string;
  readonly index: LineIndex;
  /** Without line breaks. */
  readonly texts: readonly string[];
  readonly eol: string;
}

function linesOf(text: string): Lines {
  const eol = /\r\n|\n|\r/.exec(text)?.[0] ?? "\n";
  return { text, index: lineIndex(text), texts: text.split(/\r\n|\n|\r/), eol };
}

/** The lines of the entry or the item at a path; `undefined` where it is not there, `shared` where others stand on them. */
function linesAt(
  { root }: ParsedDocument,
  path: Path,
  { text, index, texts }: Lines,
): LineRange | "shared" | undefined {
  const place = root.at(...path);
  if (!place.exists) return undefined;
  const start = Math.min(place.keySpan.start, place.span.start);
  const end = Math.max(place.keySpan.end, place.span.end);
  const [first, last] = [index.position(start).line, index.position(Math.max(start, end - 1)).line];
  const [before, behind] = [
    text.slice(index.lineStart(first), start),
    text.slice(end, index.lineStart(last) + (texts[last]?.length ?? 0)),
  ];
  return /^[ \t]*$/.test(before) && /^[ \t]*(?:#|$)/.test(behind) ? { first, end: last + 1 } : "shared";
}

type Touched = ReturnType<typeof linesAt>;

function overlaps(one: LineRange, other: Touched): boolean {
  return other !== undefined && other !== "shared" && one.first < other.end && other.first < one.end;
}

function contains(outer: LineRange | undefined, inner: LineRange): boolean {
  return outer !== undefined && outer.first <= inner.first && inner.end <= outer.end;
}

function replaced({ text, index, texts, eol }: Lines, { first, end }: LineRange, lines: readonly string[]): TextEdit {
  // The last line of a text is not ended.
  const isLast = end >= texts.length;
  const start = index.lineStart(first);
  const span = { start, end: first === end ? start : isLast ? text.length : index.lineStart(end) };
  return { span, newText: lines.join(eol) + (isLast || lines.length === 0 ? "" : eol) };
}

interface Hunk {
  readonly former: LineRange;
  readonly now: LineRange;
}

/** What differs between two texts, as small as it can be; `undefined` where that is nearly all of them. */
function hunksBetween(then: readonly string[], now: readonly string[]): readonly Hunk[] | undefined {
  const parts = diffArrays([...then], [...now], { maxEditLength: mostEdits });
  if (parts === undefined) return undefined;
  const hunks: Hunk[] = [];
  let [old, present] = [0, 0];
  let [from, since] = [0, 0];
  const close = () => {
    if (old > from || present > since)
      hunks.push(...splitHunk({ first: from, end: old }, { first: since, end: present }));
  };
  for (const { added, removed, value } of parts) {
    if (added || removed) {
      if (removed) old += value.length;
      else present += value.length;
      continue;
    }
    close();
    old += value.length;
    present += value.length;
    [from, since] = [old, present];
  }
  close();
  return hunks;
}

const mostEdits = 400;

/** Lines of an equal number stand for each other. */
function splitHunk(then: LineRange, now: LineRange): readonly Hunk[] {
  const count = then.end - then.first;
  if (count !== now.end - now.first) return [{ former: then, now }];
  return Array.from({ length: count }, (_, line) => ({
    former: { first: then.first + line, end: then.first + line + 1 },
    now: { first: now.first + line, end: now.first + line + 1 },
  }));
}
