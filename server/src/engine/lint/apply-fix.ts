import { visibleText } from "../helm/defines.js";
import { applyEdits, type TextEdit } from "../text/edit.js";
import { shift, type Span } from "../text/span.js";
import { isJson, type ParsedChunk, type SourceDocument, type SourceFile } from "../workspace/source-file.js";
import type { DocumentId } from "../workspace/summary.js";
import type { Edit, Plain } from "../yaml/edit.js";
import { patch } from "../yaml/patch.js";
import type { Path } from "../yaml/path.js";
import { documentText } from "../yaml/render.js";
import { documentEnd, split } from "../yaml/split.js";
import { detectStyle } from "../yaml/style.js";
import type { DocumentFix, DocumentEdit } from "./finding.js";
import { restore } from "./restore.js";

/** Text edits of one file, in offsets of the file. */
export interface FileChange {
  readonly uri: string;
  readonly edits: readonly TextEdit[];
}

/**
 * A fix of a finding in `own` as text edits by file; `undefined` where a file is not known, where the edit cannot be
 * made without touching something else (a value shared through an anchor), or where there is nothing to edit.
 */
export function changesOf(
  fix: Pick<DocumentFix, "edits" | "restores">,
  own: DocumentId,
  fileOf: (uri: string) => SourceFile | undefined,
  formerOf: FormerOf = () => undefined,
): readonly FileChange[] | undefined {
  const edit = fix.restores === true ? restoring(formerOf) : patching;
  const changes = new Map<string, TextEdit[]>();
  const held = heldObjects(fileOf(own.uri)?.documents[own.document]);
  const ownEdits = fix.edits.map((edit) => (edit.op === "addDocument" ? asItem(edit, held) : edit));
  for (const { target, edits } of byDocument(ownEdits, own)) {
    const file = fileOf(target.uri);
    const document = file?.documents[target.document];
    if (file === undefined || document === undefined) return undefined;
    const made = edits.map((group) => textEdits(group, target, document, file, edit));
    const known = changes.get(target.uri) ?? [];
    for (const one of made) {
      if (one === undefined) return undefined;
      known.push(...one);
    }
    changes.set(target.uri, known);
  }
  const made = [...changes].filter(([, edits]) => edits.length > 0).map(([uri, edits]) => ({ uri, edits }));
  return made.length === 0 ? undefined : made;
}

/** What stood at the base where a document is now; `undefined` where it was not there. */
export type FormerOf = (document: DocumentId) => SourceDocument | undefined;

type PatchDocument = (
  document: SourceDocument,
  edits: readonly Edit[],
  id: DocumentId,
) => readonly TextEdit[] | undefined;

const patching: PatchDocument = ({ chunk }, edits) => patch(chunk.document, edits);

function restoring(formerOf: FormerOf): PatchDocument {
  return (document, edits, id) => {
    const former = formerOf(id)?.chunk;
    if (former === undefined) return patching(document, edits, id);
    const pathOf = formerPaths(document.chunk, former);
    return restore(document.chunk.document, edits, { document: former.document, pathOf });
  };
}

/** The same field of the same object, which may be another item of a list. */
function formerPaths(now: ParsedChunk, former: ParsedChunk): (path: Path) => Path {
  return (path) => {
    const own = now.resources.find(({ place }) => place.path.every((step, index) => step === path[index]));
    const same = former.resources.find(({ key }) => key.kind === own?.key.kind && key.name === own.key.name);
    return own === undefined || same === undefined ? path : [...same.place.path, ...path.slice(own.place.path.length)];
  };
}

/** The list in which a document holds its objects, if it is such a one. */
function heldObjects(document: SourceDocument | undefined): Path | undefined {
  const path = document?.chunk.resources[0]?.place.path ?? [];
  return path.length > 0 ? path.slice(0, 1) : undefined;
}

/** What is added beside an object in a list is added to the list. */
function asItem(edit: Extract<DocumentEdit, { op: "addDocument" }>, list: Path | undefined): DocumentEdit {
  return list === undefined ? edit : { op: "insert", path: list, value: edit.value };
}

type EditGroup = readonly Edit[] | Exclude<DocumentEdit, Edit>;

/** YAML edits of one document are patched together, since each sees the text as it was before all of them. */
function byDocument(
  edits: readonly DocumentEdit[],
  own: DocumentId,
): readonly { target: DocumentId; edits: EditGroup[] }[] {
  const groups = new Map<string, { target: DocumentId; yaml: Edit[]; other: Exclude<DocumentEdit, Edit>[] }>();
  for (const edit of edits) {
    const target = ("document" in edit ? edit.document : undefined) ?? own;
    const key = `${target.document} ${target.uri}`;
    const group = groups.get(key) ?? { target, yaml: [], other: [] };
    groups.set(key, group);
    if (edit.op === "addDocument" || edit.op === "text") group.other.push(edit);
    else group.yaml.push(edit);
  }
  return [...groups.values()].map(({ target, yaml, other }) => ({
    target,
    edits: [...(yaml.length > 0 ? [yaml] : []), ...other],
  }));
}

function textEdits(
  edit: EditGroup,
  id: DocumentId,
  document: SourceDocument,
  file: SourceFile,
  patchDocument: PatchDocument,
): readonly TextEdit[] | undefined {
  if (!("op" in edit)) {
    return patchDocument(document, edit, id)?.map(({ span, newText }) => ({
      span: shift(span, document.start),
      newText,
    }));
  }
  switch (edit.op) {
    case "text":
      return [{ span: shift(edit.span, document.start), newText: edit.newText }];
    case "addDocument": {
      const added = isJson(file.uri) ? undefined : addedDocument(edit.value, document, file);
      return added && [added];
    }
  }
}

/**
 * A new document right after another one, written as the file is; before the `...` that ends that one, so that what
 * follows stays as it is separated. None where it would not be read as one: among JSON objects, between lines that `\n`
 * does not end, in a `define` that is not closed.
 */
function addedDocument(value: Plain, document: SourceDocument, file: SourceFile): TextEdit | undefined {
  const style = detectStyle(file.text);
  const end = document.start + documentEnd(document.chunk.text);
  const newline = /(?:^|[\r\n])$/.test(file.text.slice(0, end)) ? "" : style.eol;
  const newText = `---${style.eol}${documentText(value, style)}`;
  const edit = { span: { start: end, end }, newText: newline + newText };
  const after = applyEdits(file.text, [edit]);
  const added = { start: end + newline.length, end: end + edit.newText.length };
  return isSeparate(after, file, document) && isRendered(after, added, file) ? edit : undefined;
}

/** Whether a text is that of the file with one more document behind this one, and the others are read as before. */
function isSeparate(after: string, { documents }: SourceFile, document: SourceDocument): boolean {
  const expected = documents.flatMap((one) => (one === document ? [one.readBy, "both"] : [one.readBy]));
  const chunks = split(after);
  return chunks.length === expected.length && chunks.every(({ readBy }, index) => readBy === expected[index]);
}

/** Whether Helm writes a stretch of a template as it stands, its first line as a line of its own. */
function isRendered(text: string, { start, end }: Span, { reading }: SourceFile): boolean {
  if (reading !== "template") return true;
  return (
    !text.slice(0, start).trimEnd().endsWith("-}}") && visibleText(text).slice(start, end) === text.slice(start, end)
  );
}
