import { mayBeTemplate } from "../helm/chart.js";
import { commentsOf, mayWriteObjects, problemsOf, readTemplate, type Template } from "../helm/template.js";
import { readResources, type Resource } from "../k8s/resource.js";
import { lineIndex, type LineIndex } from "../text/lines.js";
import type { Span } from "../text/span.js";
import { parse, type ParsedDocument } from "../yaml/parse.js";
import { split, type Chunk } from "../yaml/split.js";
import { externalServicesIn } from "./external-services.js";
import { attempt, type Failure } from "./failure.js";
import { podDnsNames, type PodDnsName } from "./pod-dns.js";
import { summarise, summariseTemplate, type DocumentId, type DocumentSummary } from "./summary.js";
import { isTestAssert } from "./test-asserts.js";

/** One file as last seen: its text, its documents, and what other files may see of them. */
export interface SourceFile {
  readonly uri: string;
  readonly text: string;
  readonly lines: LineIndex;
  /** How its documents are read; the name and the whole text decide. */
  readonly reading: Reading;
  readonly documents: readonly SourceDocument[];
  readonly summaries: readonly DocumentSummary[];
  /** The summary of each document from when it could last be read. */
  readonly readable: readonly (DocumentSummary | undefined)[];
}

/** `template`: tags may stand anywhere, so what cannot be read is no mistake; `expected`: nothing is read. */
export type Reading = "manifest" | "template" | "expected";

/** A chunk at its place in the file. */
export interface SourceDocument {
  /** Where the chunk begins, in UTF-16 code units of the file. */
  readonly start: number;
  readonly chunk: ParsedChunk;
  readonly readBy: Chunk["readBy"];
}

/** All that follows from a chunk's text and the file's `reading`; the same object as long as both are the same. */
export interface ParsedChunk {
  readonly text: string;
  readonly document: ParsedDocument;
  readonly resources: readonly Resource[];
  readonly podDnsNames: readonly PodDnsName[];
  /** Of a document with tags in a directory for templates: what it may be. Only a chart makes a template of it. */
  readonly template: Template | undefined;
  /** It stands in a template and writes objects of which nothing is known. */
  readonly hasUnknown: boolean;
  /**
   * `checked`: rules run; `template`: those run for which enough is known, if a chart is around it; `broken`: it cannot
   * be read, so there is one syntax problem and no rule runs; `ignored`: it is nothing of ours, or a template, and
   * nothing is said about it.
   */
  readonly state: "checked" | "template" | "broken" | "ignored";
  /** Why nothing is known of it: reading it failed. Then it is `ignored`. */
  readonly failure?: Failure;
}

/** What follows from a chunk's text. It may throw: then nothing is known of that chunk, and the others go on. */
export type ReadChunk = (text: string, reading: Reading) => ParsedChunk;

export const readChunk: ReadChunk = (text, reading) => parsers[reading](text);

/**
 * Reads a file's text. What `previous` already knows of an equal chunk, read in the same way, is taken over. A chunk
 * that became unreadable keeps its last good summary while the file has as many documents as before, so that half-typed
 * YAML does not make others miss what it holds.
 */
export function readSourceFile(
  uri: string,
  text: string,
  previous: SourceFile | undefined,
  read: ReadChunk = readChunk,
): SourceFile {
  const reading = readingOf(uri, text);
  const same = previous?.reading === reading ? previous.documents.filter(({ readBy }) => readBy !== "neither") : [];
  const known = new Map(same.map(({ chunk }) => [chunk.text, chunk]));
  const parts = split(text).map(({ start, readBy, text: written }, document) => {
    const isDropped = readBy === "neither" && reading !== "template";
    const done = attempt("Reading this document", () => {
      const chunk = isDropped ? ignoredChunk(written) : (known.get(written) ?? read(written, reading));
      return { start, readBy, chunk, summary: summariseChunk({ uri, document }, chunk) };
    });
    return done.type === "done"
      ? done.value
      : { start, readBy, ...failedDocument(written, { uri, document }, done.failure) };
  });
  const documents = parts.map(({ start, readBy, chunk }) => ({ start, readBy, chunk }));
  const before = previous?.documents.length === documents.length ? previous.readable : [];
  const readable = parts.map(({ chunk, summary }, document) => (isReadable(chunk) ? summary : before[document]));
  const summaries = parts.map(({ summary }, document) => readable[document] ?? summary);
  return { uri, text, lines: lineIndex(text), reading, documents, summaries, readable };
}

function readingOf(uri: string, text: string): Reading {
  if (mayBeTemplate(uri) && text.includes("{{")) return "template";
  // What a test expects is never applied.
  return isTestAssert(uri) ? "expected" : "manifest";
}

function isReadable({ state, failure }: ParsedChunk): boolean {
  return state !== "broken" && failure === undefined;
}

/** A document of which nothing is known. */
function failedDocument(text: string, id: DocumentId, failure: Failure) {
  const chunk: ParsedChunk = { ...withoutContent(text), podDnsNames: [], hasUnknown: true, failure };
  return { chunk, summary: { ...summarise(id, [], [], []), hasUnknown: true } };
}

function withoutContent(text: string): Pick<ParsedChunk, "text" | "document" | "resources" | "template" | "state"> {
  return { text, document: parse(""), resources: [], template: undefined, state: "ignored" };
}

/** Whether a file is JSON by its name: one document, without comments. */
export function isJson(uri: string): boolean {
  return /\.json$/i.test(uri);
}

/** Where a resource of a chunk stands in it: all of the chunk, or its item of a list. */
export function resourceSpan({ text, state }: ParsedChunk, { place }: Resource): Span {
  // Where a broken text goes on is not known.
  const isItem = place.path.length > 0 && state === "checked";
  return isItem ? place.span : { start: 0, end: text.length };
}

function summariseChunk(
  id: DocumentId,
  { document, template, resources, podDnsNames: names, hasUnknown }: ParsedChunk,
): DocumentSummary {
  const external = externalServicesIn(document);
  if (template === undefined) return { ...summarise(id, resources, names, external), hasUnknown };
  return { ...summarise(id, [], names, external), hasUnknown, templated: summariseTemplate(id, template) };
}

/** Without a look at what it says. */
function ignoredChunk(text: string): ParsedChunk {
  return { ...withoutContent(text), podDnsNames: podDnsNames(text), hasUnknown: false };
}

function parseChunk(text: string): ParsedChunk {
  if (!mayHoldOurs(text)) return ignoredChunk(text);
  const shared = { text, podDnsNames: podDnsNames(text), template: undefined, hasUnknown: false };
  const document = parse(text);
  if (document.template) return { ...shared, document, resources: [], state: "ignored" };
  const resources = readResources(document.root);
  if (document.problems.some((problem) => problem.fatal)) {
    return { ...shared, document, resources, state: looksLikeOurs(text) ? "broken" : "ignored" };
  }
  return { ...shared, document, resources, state: resources.length > 0 ? "checked" : "ignored" };
}

/** A chunk of a file with tags: no chunk of it is YAML that must be right, not even one without tags. */
function parseTemplateChunk(text: string): ParsedChunk {
  if (!text.includes("{{")) {
    const chunk = parseChunk(text);
    return chunk.state === "broken" ? { ...chunk, resources: [], state: "ignored" } : chunk;
  }
  const shared = { text, podDnsNames: podDnsNames(text), hasUnknown: false };
  const template = mayHoldOurs(text) ? readTemplate(text) : undefined;
  const [first] = template?.readings ?? [];
  if (template === undefined || first === undefined) {
    const ignored = { template: undefined, document: parse(""), resources: [], state: "ignored" } as const;
    return { ...shared, ...ignored, hasUnknown: mayWriteObjects(text) };
  }
  const resources = first.written;
  const hasUnknown = template.readings.some(({ certain }) => certain.length === 0) && mayWriteObjects(text);
  const document = { ...first.document, comments: commentsOf(template), problems: problemsOf(template) };
  return { ...shared, hasUnknown, template, document, resources, state: "template" };
}

const parsers: Readonly<Record<Reading, (text: string) => ParsedChunk>> = {
  manifest: parseChunk,
  template: parseTemplateChunk,
  expected: ignoredChunk,
};

/** The chunk as one of which nothing is said. */
export function ignored(chunk: ParsedChunk): ParsedChunk {
  return { ...chunk, template: undefined, document: parse(""), resources: [], state: "ignored" };
}

const kinds =
  /\b(?:StatefulSet|Service|PodDisruptionBudget|HorizontalPodAutoscaler|ScaledObject|PersistentVolumeClaim|StorageClass|Deployment|DaemonSet|ReplicaSet)(?:List)?\b/;

/** Kinds whose names are common words: only where they stand as a kind. */
const validatedKinds = /\bkind["']?\s*:\s*["']?(?:ConfigMap|Secret|ServiceAccount)(?:List)?\b/;

/** The same in letters of any case, see the rule kind-misspelt. */
const misspeltKinds =
  /\bkind["']?\s*:\s*["']?(?:StatefulSet|Service|PersistentVolumeClaim|Deployment|DaemonSet|ReplicaSet)\b/i;

/** A test that costs nothing, so that a bundle of other kinds is not parsed at all. */
function mayHoldOurs(text: string): boolean {
  const isOurs = kinds.test(text) || validatedKinds.test(text) || misspeltKinds.test(text);
  return isOurs && text.includes("apiVersion") && text.includes("kind");
}

/** Whether a text that cannot be read is a manifest all the same, and not something that only mentions one. */
function looksLikeOurs(text: string): boolean {
  return /^\uFEFF?"?apiVersion"?\s*:/m.test(text) && /^\uFEFF?"?kind"?\s*:/m.test(text);
}
