import { kustomizationNames } from "../../kustomize/read.js";
import type { DocumentEdit } from "../../lint/finding.js";
import { code } from "../../words/markdown.js";
import { fileName } from "../../workspace/directory.js";
import { isJson } from "../../workspace/source-file.js";
import { valueOr } from "../../yaml/field.js";
import { parse } from "../../yaml/parse.js";
import { patch } from "../../yaml/patch.js";
import type { Document } from "../document.js";
import { namesOf } from "../navigation/document-names.js";
import type { Files } from "../navigation/named.js";
import { fileAtPath } from "../navigation/paths.js";
import {
  changeOf,
  spansOf,
  unavailable,
  type Change,
  type NewFile,
  type Refactoring,
  type Unavailable,
} from "./refactoring.js";

/** Moves objects of a file with several into files of their own: the one at the cursor, or all but the first. */
export function newFiles(files: Files, document: Document): readonly Refactoring[] {
  const { uri } = document.id;
  if (isJson(uri)) return [];
  const held = files.documents(uri).flatMap((one) => objectIn(one) ?? []);
  const own = held.find((one) => one.document.id.document === document.id.document);
  if (held.length < 2 || own === undefined) return [];
  const [first, ...others] = held;
  const spans = spansOf(document, [own.place.at("kind"), own.place.at("metadata", "name")]);
  return [
    {
      title: `Move ${own.kind} ${own.name} to a file of its own`,
      sort: "move",
      spans,
      result: () => moved(files, document, [own]),
    },
    {
      title: `Split this file: ${held.length} files with one object each`,
      sort: "move",
      spans: first === own ? spans : [],
      result: () => moved(files, document, others),
    },
  ];
}

interface Held {
  readonly document: Document;
  readonly place: ReturnType<typeof parse>["root"];
  readonly kind: string;
  readonly name: string;
}

/** The object that is all of a document, of whatever kind; none in what only a tool can read. */
function objectIn(document: Document): Held | undefined {
  const { chunk } = document;
  if (chunk.template !== undefined) return undefined;
  const { root, problems, template } = parse(chunk.text);
  const kind = valueOr(root.at("kind").string(), undefined);
  const name = valueOr(root.at("metadata", "name").string(), undefined);
  if (template || problems.some(({ fatal }) => fatal) || !kind || !name) return undefined;
  return { document, place: root, kind, name };
}

function moved(files: Files, document: Document, held: readonly Held[]): Change | Unavailable {
  const { uri } = document.id;
  const texts = files.documents(uri).map(({ chunk }) => chunk);
  if (texts.some(({ template, visible, text }) => template !== undefined || visible !== text || text.includes("{{")))
    return unavailable("A template may write around this object.");
  const readers = readersOf(files, uri);
  if ("type" in readers) return readers;
  const created: NewFile[] = [];
  for (const {
    document: { chunk },
    kind,
    name,
  } of held) {
    const taken = (one: string) =>
      created.some((file) => file.name === one) || files.text(besideUri(uri, one)) !== undefined;
    const free = freeName(`${name}-${kind}`.toLowerCase().replaceAll(/[^a-z0-9._-]/g, "-"), extensionOf(uri), taken);
    created.push({ beside: uri, name: free, text: withoutMarker(chunk.text) });
  }
  const edits: DocumentEdit[] = held.map(({ document: { id, chunk } }) => ({
    op: "text",
    span: { start: 0, end: chunk.text.length },
    newText: "",
    document: id,
  }));
  for (const { reader, folder } of readers) {
    const listed = created.map(({ name }) => ({ op: "insert", path: ["resources"], value: folder + name }) as const);
    // No kustomization is kept parsed.
    const patched = patch(parse(reader.chunk.text), listed);
    if (patched === undefined) return unavailable(`${code(fileName(reader.id.uri))} cannot be changed safely.`);
    edits.push(...patched.map((edit) => ({ op: "text", ...edit, document: reader.id }) as const));
  }
  return changeOf(document, edits, { created });
}

/**
 * The kustomizations that read a file as a resource, each with the path to its directory. Not available where one reads
 * it as something else.
 */
function readersOf(
  files: Files,
  uri: string,
): readonly { readonly reader: Document; readonly folder: string }[] | Unavailable {
  const readers: { readonly reader: Document; readonly folder: string }[] = [];
  for (const other of files.uris()) {
    if (!kustomizationNames.includes(fileName(other))) continue;
    for (const reader of files.documents(other)) {
      for (const { holder, field } of namesOf(reader)) {
        if (holder.type !== "path" || fileAtPath(files, other, holder.path) !== uri) continue;
        if (field !== "resources[]")
          return unavailable(`${code(fileName(other))} reads this file in ${code(field)}, where one file is meant.`);
        readers.push({ reader, folder: holder.path.slice(0, holder.path.lastIndexOf("/") + 1) });
      }
    }
  }
  return readers;
}

/** The text of a document as a file: its `---` says nothing there, unless something follows it. */
function withoutMarker(text: string): string {
  return text.replace(/^---[ \t]*(?:\r\n|\n|\r)/, "");
}

function besideUri(uri: string, name: string): string {
  return uri.slice(0, uri.lastIndexOf("/") + 1) + encodeURIComponent(name);
}

function extensionOf(uri: string): string {
  return /\.\w+$/.exec(uri)?.[0] ?? ".yaml";
}

function freeName(base: string, extension: string, isTaken: (name: string) => boolean): string {
  for (let number = 1; ; number++) {
    const name = `${base}${number === 1 ? "" : `-${number}`}${extension}`;
    if (!isTaken(name)) return name;
  }
}
