import { idsOf } from "../../kustomize/composed-resource.js";
import { isKnownKind, viewOf } from "../../kubernetes/resources/kinds.js";
import {
  isConfigMapKey,
  isDns1035Label,
  isDns1123Label,
  isDns1123Subdomain,
  isPathSegment,
  isValidLabelValue,
  isValidPortName,
  type Form,
} from "../../kubernetes/names.js";
import type { Resource } from "../../kubernetes/resources/resource.js";
import type { FileChange } from "../../lint/apply-fix.js";
import type { TextEdit } from "../../text/edit.js";
import { shift, type Span } from "../../text/span.js";
import { code } from "../../words/markdown.js";
import { fileName } from "../../workspace/directory.js";
import { sameNamespace } from "../../workspace/namespace.js";
import { detectStyle } from "../../yaml/style.js";
import { stringText } from "../../yaml/render.js";
import type { Document, DocumentPosition } from "../document.js";
import { aliasEdits } from "./alias-edits.js";
import { namesOf } from "./document-names.js";
import { liveEffects, type LiveEffect } from "./live-effects.js";
import { kindName } from "./manifest-names.js";
import { keyOf, spanInFile, type Files, type Named } from "./named.js";
import type { Occurrence } from "./occurrence.js";
import { definitionsOf } from "./resolve.js";
import { occurrencesOf, symbolAt, type Symbol } from "./symbol.js";

/** Why a name cannot be changed: a sentence for a reader. */
export interface Refused {
  readonly type: "refused";
  readonly reason: string;
}

/** What may be renamed at a cursor. */
export interface Renameable {
  readonly type: "name";
  /** In offsets of the file. */
  readonly span: Span;
  readonly name: string;
}

export interface Renaming {
  readonly type: "renaming";
  /** All that changes, in all files. */
  readonly changes: readonly FileChange[];
  /** What applying that does to objects that run already, where Kubernetes refuses it or data is left behind. */
  readonly effects: readonly LiveEffect[];
}

/** What a rename at the cursor would change; `undefined` where there is no name. */
export function renameable(files: Files, position: DocumentPosition): Renameable | Refused | undefined {
  const symbol = symbolAt(files, position);
  if (symbol === undefined) return undefined;
  const reason = whyFixed(symbol);
  if (reason !== undefined) return { type: "refused", reason };
  return { type: "name", span: spanInFile(symbol.at), name: writtenName(symbol.at.occurrence) };
}

/** The edits that give a name to what is under the cursor, wherever it is defined or used. */
export function rename(files: Files, position: DocumentPosition, newName: string): Renaming | Refused | undefined {
  const symbol = symbolAt(files, position);
  if (symbol === undefined) return undefined;
  const names = allNames(files, symbol);
  const reason = whyFixed(symbol) ?? formProblem(symbol, newName) ?? conflict(names, newName);
  if (reason !== undefined) return { type: "refused", reason };
  const old = writtenName((symbol.definitions[0] ?? symbol.at).occurrence);
  const changes = new Map<string, TextEdit[]>();
  for (const [document, some] of byDocument(names)) {
    const edits = editsIn(document, some, old, newName);
    if (edits === undefined) {
      const { uri } = document.id;
      return { type: "refused", reason: `${code(old)} is written in a way that cannot be changed in ${fileName(uri)}` };
    }
    changes.set(document.id.uri, [...(changes.get(document.id.uri) ?? []), ...edits]);
  }
  return {
    type: "renaming",
    changes: [...changes].map(([uri, edits]) => ({ uri, edits })),
    effects: liveEffects(names),
  };
}

/** Everything that has to change together: a selector may select pods of several workloads, each with the label. */
function allNames(files: Files, symbol: Symbol): readonly Named[] {
  const definitions = new Map(symbol.definitions.map((one) => [keyOf(one), one]));
  let found: readonly Named[] = [];
  for (let known = -1; known < definitions.size;) {
    known = definitions.size;
    found = occurrencesOf(files, { ...symbol, definitions: [...definitions.values()] }, files.uris());
    for (const one of found.flatMap((name) => definitionsOf(files, name))) definitions.set(keyOf(one), one);
  }
  return found;
}

/** The part of a name that a rename changes: of a label its value, of a chart's value the last key. */
function writtenName({ sort, text }: Occurrence): string {
  if (sort === "label") return text.slice(text.indexOf("=") + 1);
  return sort === "value" ? lastKey(text).replaceAll("\\.", ".") : text;
}

/** `tag` of `image.tag`; dots within a key are escaped. */
function lastKey(path: string): string {
  return path.split(/(?<!\\)\./).at(-1) ?? path;
}

/** Why the name under the cursor cannot be changed, whatever the new one is. */
function whyFixed({ at: { occurrence }, definitions }: Symbol): string | undefined {
  const name = code(writtenName(occurrence));
  const [definition] = definitions;
  if (occurrence.sort === "file") return `${name} is a path. Rename the file instead`;
  if (definition === undefined) return `${name} is not defined in this workspace`;
  if (occurrence.text.includes("{{")) return `${name} is written by a template. Rename what the expression uses`;
  const { sort, inside, field } = definition.occurrence;
  if (inside !== undefined && sort === "object" && kindName(inside) === "/Namespace")
    return `Objects cannot be moved to another namespace, so ${name} cannot be renamed`;
  if (sort === "key" && field === "files[]") return `${name} is the name of a file. Rename the file instead`;
  return undefined;
}

/** What Kubernetes, or Helm, does not take as a name of this sort. */
function formProblem({ definitions }: Symbol, newName: string): string | undefined {
  for (const { occurrence } of definitions) {
    const problem = formOf(occurrence)(newName);
    if (problem !== undefined) return `${code(newName)} is not a valid name: it ${problem}`;
  }
  return undefined;
}

function formOf({ sort, inside, holder }: Occurrence): Form {
  switch (sort) {
    case "object": {
      const resource = inside ?? (holder.type === "own" ? holder.resource : undefined);
      return formOfObject(resource === undefined ? "" : kindName(resource));
    }
    case "volume":
    case "container":
    case "servicePort":
      return isDns1123Label;
    case "containerPort":
      return isValidPortName;
    case "key":
      return isConfigMapKey;
    case "label":
      return (text) => (text === "" ? "must not be empty" : isValidLabelValue(text));
    case "value":
      // Fields of Go templates; other keys need `index`.
      return (text) =>
        /^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(text) ? undefined : "must consist of letters, digits and '_'";
    case "template":
      return (text) => (/^[^"\\`\s]+$/.test(text) ? undefined : "must not be empty or hold quotes or spaces");
    case "file":
      return () => undefined;
  }
}

/** NameIsDNS1035Label, NameIsDNSSubdomain and so on of the kinds' validation (pkg/apis, Kubernetes 1.36). */
function formOfObject(kind: string): Form {
  if (kind === "/Service") return isDns1035Label;
  if (kind === "apps/StatefulSet") return isDns1123Label;
  return kind.startsWith("rbac.authorization.k8s.io/") ? isPathSegment : isDns1123Subdomain;
}

/** Who has the new name already. */
function conflict(names: readonly Named[], newName: string): string | undefined {
  const taken = `${code(newName)} is already in use`;
  for (const { document, occurrence } of names) {
    const { sort, holder, text, role } = occurrence;
    if (role !== "definition") continue;
    if (sort === "object" && holder.type === "own") {
      const other = objectNamed(document, holder.resource, newName);
      if (other !== undefined) return `${taken}: ${holder.resource.key.kind} in ${fileName(other)}`;
    } else if (sort === "label" && holder.type === "own") {
      const label = `${text.slice(0, text.indexOf("="))}=${newName}`;
      const other = podsWith(document, holder.resource.key.namespace, label);
      if (other !== undefined) return `Pods of ${other} have the label ${code(label)} already`;
    } else if (sort === "value" || sort === "template") {
      const renamed = {
        ...occurrence,
        text: text.slice(0, text.length - (sort === "value" ? lastKey(text) : text).length) + newName,
      };
      if (namesOf(document).some((one) => one.role === "definition" && one.sort === sort && one.text === renamed.text))
        return `${taken} in ${fileName(document.id.uri)}`;
    } else if (holder.type === "own") {
      const { place } = holder.resource;
      const isTaken = namesOf(document).some(
        (one) =>
          one.sort === sort &&
          one.role === "definition" &&
          one.text === newName &&
          one.holder.type === "own" &&
          one.holder.resource.place.path.join() === place.path.join(),
      );
      if (isTaken) return `${taken} in ${holder.resource.key.kind} ${holder.resource.key.name}`;
    }
  }
  return undefined;
}

/** The file of another object of the kind and namespace that has the name. */
function objectNamed(document: Document, { key }: Pick<Resource, "key">, name: string): string | undefined {
  const kind = kindName({ key });
  if (!isKnownKind(kind)) return undefined;
  const isOther = (other: Pick<Resource, "key">) =>
    kindName(other) === kind && other.key.name === name && sameNamespace(other.key, key.namespace);
  const found = document.scope().named(viewOf(kind), name).find(isOther);
  if (found !== undefined) return found.document.uri;
  const built = document
    .kustomizations()
    .flatMap((build) => build.resources())
    .find(
      ({ resource, composed }) =>
        isOther(resource) || idsOf(composed).some((id) => id.kind === key.kind && id.name === name),
    );
  return built && (built.composed.base?.uri ?? document.id.uri);
}

/** A workload whose pods have a label, `app=db`. */
function podsWith(document: Document, namespace: string | undefined, label: string): string | undefined {
  const at = label.indexOf("=");
  const [key, value] = [label.slice(0, at), label.slice(at + 1)];
  const scope = document.scope();
  return [...scope.all("StatefulSet"), ...scope.all("Workload")]
    .filter((workload) => sameNamespace(workload.key, namespace) && workload.podLabels?.get(key) === value)
    .map((workload) => `${workload.key.kind} ${code(workload.key.name)}`)[0];
}

function byDocument(names: readonly Named[]): ReadonlyMap<Document, readonly Occurrence[]> {
  const found = new Map<Document, Occurrence[]>();
  for (const { document, occurrence } of names) {
    const others = found.get(document);
    if (others === undefined) found.set(document, [occurrence]);
    else others.push(occurrence);
  }
  return found;
}

/** The edits of a document, in offsets of its file; `undefined` where a name cannot be replaced alone. */
function editsIn(
  { chunk, start }: Document,
  names: readonly Occurrence[],
  old: string,
  newName: string,
): readonly TextEdit[] | undefined {
  const { text } = chunk;
  const edits: TextEdit[] = [];
  for (const { scalar, span, ...occurrence } of names) {
    const name = writtenName({ scalar, span, ...occurrence });
    const at = name.indexOf(old);
    // `prod-db` is what kustomize makes of `db`.
    if (at === -1 || name.includes(old, at + 1)) return undefined;
    const full = name.slice(0, at) + newName + name.slice(at + old.length);
    const isWhole = span.start === scalar.start && span.end === scalar.end;
    const written = text.slice(span.start, span.end);
    if (written.startsWith("*")) continue;
    if (written !== name && !(isWhole && /^["']/.test(written))) return undefined;
    const isPlain = isWhole && written === name && occurrence.holder.type !== "chart";
    const newText =
      isPlain || written !== name ? stringText(full, { flow: true, quotes: quoteOf(written), style }) : full;
    edits.push({ span, newText });
  }
  const aliases = aliasEdits(chunk, names, edits, { old, newName });
  return [...edits, ...aliases].map((edit) => ({ ...edit, span: shift(edit.span, start) }));
}

const style = detectStyle("");

function quoteOf(written: string): '"' | "'" | undefined {
  return written.startsWith('"') ? '"' : written.startsWith("'") ? "'" : undefined;
}
