import type { TextEdit } from "../text/edit.js";
import { shift } from "../text/span.js";
import { memoize } from "../workspace/memo.js";
import { isJson, type SourceDocument, type SourceFile } from "../workspace/source-file.js";
import type { DocumentId } from "../workspace/summary.js";
import type { Edit, Plain } from "../yaml/edit.js";
import { jsonValues } from "../yaml/json-values.js";
import { createPatch } from "../yaml/patch.js";
import type { Path } from "../yaml/path.js";
import { documentText } from "../yaml/render.js";
import { documentEnd } from "../yaml/split.js";
import { detectStyle, type Style } from "../yaml/style.js";
import type { Fix, FixEdit } from "./finding.js";

/** Text edits of one file, in offsets of the file. */
export interface FileChange {
  readonly uri: string;
  readonly edits: readonly TextEdit[];
}

/** What becomes of a fix of a finding in `own`. */
export type Changes = (fix: Fix, own: DocumentId) => readonly FileChange[] | undefined;

/**
 * Makes the function that gives a fix as text edits by file; `undefined` where a file is not known, where the edit
 * cannot be made without touching something else (a value shared through an anchor), or where there is nothing to edit.
 * Whatever it reads, it reads once.
 */
export function createChanges(fileOf: (uri: string) => SourceFile | undefined): Changes {
  const patchOf = memoize(({ chunk }: SourceDocument) => createPatch(chunk.document));
  const formOf = memoize(readForm);
  return (fix, own) => {
    const changes = new Map<string, TextEdit[]>();
    const held = heldObjects(fileOf(own.uri)?.documents[own.document]);
    const ownEdits = fix.edits.map((edit) => (edit.op === "addDocument" ? asItem(edit, held) : edit));
    for (const { target, edits } of byDocument(ownEdits, own)) {
      const file = fileOf(target.uri);
      const document = file?.documents[target.document];
      if (file === undefined || document === undefined) return undefined;
      const known = changes.get(target.uri) ?? [];
      for (const edit of edits) {
        const made = "op" in edit ? textEdits(edit, document, file, formOf) : patchOf(document)(edit);
        if (made === undefined) return undefined;
        known.push(...made.map(({ span, newText }) => ({ span: shift(span, document.start), newText })));
      }
      changes.set(target.uri, known);
    }
    const made = [...changes].filter(([, edits]) => edits.length > 0).map(([uri, edits]) => ({ uri, edits }));
    return made.length === 0 ? undefined : made;
  };
}

/** The list in which a document holds its objects, if it is such a one. */
function heldObjects(document: SourceDocument | undefined): Path | undefined {
  const path = document?.chunk.resources[0]?.place.path ?? [];
  return path.length > 0 ? path.slice(0, 1) : undefined;
}

/** What is added beside an object in a list is added to the list. */
function asItem(edit: Extract<FixEdit, { op: "addDocument" }>, list: Path | undefined): FixEdit {
  return list === undefined ? edit : { op: "insert", path: list, value: edit.value };
}

type DocumentEdit = readonly Edit[] | Exclude<FixEdit, Edit>;

/** YAML edits of one document are patched together, since each sees the text as it was before all of them. */
function byDocument(
  edits: readonly FixEdit[],
  own: DocumentId,
): readonly { target: DocumentId; edits: DocumentEdit[] }[] {
  const groups = new Map<string, { target: DocumentId; yaml: Edit[]; other: Exclude<FixEdit, Edit>[] }>();
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

/** In offsets of the document. */
function textEdits(
  edit: Exclude<FixEdit, Edit>,
  document: SourceDocument,
  file: SourceFile,
  formOf: (file: SourceFile) => Form,
): readonly TextEdit[] | undefined {
  switch (edit.op) {
    case "text":
      return [edit];
    case "addDocument": {
      const added = addedDocument(edit.value, document, file, formOf(file));
      return added && [added];
    }
  }
}

interface Form {
  readonly style: Style;
  readonly canSeparate: boolean;
}

/** No `---` can stand among JSON objects, and in lines that `\r` ends. */
function readForm({ uri, text }: SourceFile): Form {
  const style = detectStyle(text);
  return { style, canSeparate: !isJson(uri) && style.eol !== "\r" && jsonValues(text).ends.length <= 1 };
}

/**
 * A new document right after another one, written as the file is; before the `...` that ends that one, so that what
 * follows stays as it is separated.
 */
function addedDocument(
  value: Plain,
  { start, chunk }: SourceDocument,
  { text }: SourceFile,
  { style, canSeparate }: Form,
): TextEdit | undefined {
  if (!canSeparate) return undefined;
  const end = documentEnd(chunk.text);
  const isNewLine = start + end === 0 || /[\r\n]/.test(text.charAt(start + end - 1));
  const newline = isNewLine ? "" : style.eol;
  return { span: { start: end, end }, newText: `${newline}---${style.eol}${documentText(value, style)}` };
}
