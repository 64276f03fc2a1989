import { mayBeTemplate } from "../helm/chart.js";
import { summariseDefines } from "../helm/chart-version.js";
import { visibleText } from "../helm/defines.js";
import { templateProblems, type TemplateProblem } from "../helm/syntax.js";
import { commentsOf, mayWriteObjects, problemsOf, readTemplate, type Template } from "../helm/template.js";
import { otherKinds, respelledKinds, viewedKinds } from "../kubernetes/resources/kinds.js";
import { readResources, type Resource } from "../kubernetes/resources/resource.js";
import { lineIndex, type LineIndex } from "../text/lines.js";
import type { Span } from "../text/span.js";
import { parse, type ParsedDocument } from "../yaml/parse.js";
import { parseByItems } from "../yaml/parse-list.js";
import { split, type Chunk } from "../yaml/split.js";
import { externalServicesIn } from "./external-services.js";
import { attempt, type Failure } from "./failure.js";
import { listItems, type ListItem } from "./list-items.js";
import { memoize, once } from "./memo.js";
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
  /** Why Helm refuses the file, if it is a chart's template. Spans are in offsets of the file. */
  readonly templateProblems: readonly TemplateProblem[];
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
  /** What of a template's text is part of its documents, every offset the same; see `visibleText`. */
  readonly visible: string;
  readonly document: ParsedDocument;
  readonly resources: readonly Resource[];
  /** Of a list of objects that was read item by item. */
  readonly items?: readonly ListItem[] | undefined;
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

/**
 * What follows from a chunk's text. It may throw: then nothing is known of that chunk, and the others go on. `former` is
 * the chunk in whose place this one is, from which equal items of a list are taken over.
 */
export type ReadChunk = (text: string, reading: Reading, visible: string, former?: ParsedChunk) => ParsedChunk;

export const readChunk: ReadChunk = (text, reading, visible, former) => parsers[reading](text, visible, former);

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
  const visible = reading === "template" ? visibleText(text) : text;
  const parts = split(text).map(({ start, readBy, text: written }, document) => {
    const isDropped = readBy === "neither" && reading !== "template";
    const done = attempt("Reading this document", () => {
      const shown = visible.slice(start, start + written.length);
      const last = known.get(written);
      const former = previous?.documents[document]?.chunk;
      const chunk = isDropped
        ? ignoredChunk(written)
        : last?.visible === shown
          ? last
          : read(written, reading, shown, former);
      const summary = summaryIn(previous, document, chunk) ?? summariseChunk({ uri, document }, chunk);
      return { start, readBy, chunk, summary };
    });
    return done.type === "done"
      ? done.value
      : { start, readBy, ...failedDocument(written, { uri, document }, done.failure) };
  });
  const documents = parts.map(({ start, readBy, chunk }) => ({ start, readBy, chunk }));
  const before = previous?.documents.length === documents.length ? previous.readable : [];
  const readable = parts.map(({ chunk, summary }, document) => (isReadable(chunk) ? summary : before[document]));
  const defines = reading === "template" ? summariseDefines(text) : [];
  const summaries = parts.map(({ summary }, document) => {
    const own = readable[document] ?? summary;
    return document === 0 && defines.length > 0 ? { ...own, defines } : own;
  });
  const refused = reading === "template" ? attempt("Parsing this template", () => templateProblems(text)) : undefined;
  const problems = refused?.type === "done" ? refused.value : [];
  return { uri, text, lines: lineIndex(text), reading, documents, summaries, templateProblems: problems, readable };
}

function readingOf(uri: string, text: string): Reading {
  if (mayBeTemplate(uri) && text.includes("{{")) return "template";
  // What a test expects is never applied.
  return isTestAssert(uri) ? "expected" : "manifest";
}

/** The summary of the very chunk, if it had the same number before. */
function summaryIn(
  previous: SourceFile | undefined,
  document: number,
  chunk: ParsedChunk,
): DocumentSummary | undefined {
  return previous?.documents[document]?.chunk === chunk && isReadable(chunk) ? previous.readable[document] : undefined;
}

function isReadable({ state, failure }: ParsedChunk): boolean {
  return state !== "broken" && failure === undefined;
}

/** A document of which nothing is known. */
function failedDocument(text: string, id: DocumentId, failure: Failure) {
  const chunk: ParsedChunk = { ...withoutContent(text), visible: text, podDnsNames: [], hasUnknown: true, failure };
  return { chunk, summary: { ...summarise(id, [], [], []), hasUnknown: true } };
}

/** Of all that is not read. */
const emptyDocument = parse("");

function withoutContent(text: string): Pick<ParsedChunk, "text" | "document" | "resources" | "template" | "state"> {
  return { text, document: emptyDocument, resources: [], template: undefined, state: "ignored" };
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

function summariseChunk(id: DocumentId, chunk: ParsedChunk): DocumentSummary {
  const { document, template, items, podDnsNames: names, hasUnknown } = chunk;
  const external = externalServicesIn(document);
  if (template === undefined) return { ...summarise(id, items ?? chunk.resources, names, external), hasUnknown };
  return { ...summarise(id, [], names, external), hasUnknown, templated: summariseTemplate(id, template) };
}

/** Without a look at what it says. */
function ignoredChunk(text: string, visible = text): ParsedChunk {
  return { ...withoutContent(text), visible, podDnsNames: podDnsNames(text), hasUnknown: false };
}

function parseChunk(text: string, visible = text, former?: ParsedChunk): ParsedChunk {
  if (!mayHoldOurs(visible)) return ignoredChunk(text, visible);
  const document = parseByItems(visible, former?.document);
  const names = visible === text ? podDnsNamesIn(document) : podDnsNames(text);
  const shared = { text, visible, podDnsNames: names, template: undefined, hasUnknown: false };
  if (document.template) return { ...shared, document, resources: [], state: "ignored" };
  const items = listItems(document);
  if (items !== undefined) {
    const resources = once(() => items.flatMap(({ resource }) => resource() ?? []));
    const state = items.some(({ resource }) => resource() !== undefined) ? "checked" : "ignored";
    return {
      ...shared,
      document,
      items,
      state,
      get resources() {
        return resources();
      },
    };
  }
  const resources = readResources(document.root);
  if (document.problems.some((problem) => problem.fatal)) {
    return { ...shared, document, resources, state: looksLikeOurs(visible) ? "broken" : "ignored" };
  }
  return { ...shared, document, resources, state: resources.length > 0 ? "checked" : "ignored" };
}

/** As `podDnsNames`: those of the items of a list are looked for once. */
function podDnsNamesIn({ text, items = [] }: ParsedDocument): readonly PodDnsName[] {
  const [first, last] = [items[0], items.at(-1)];
  if (first === undefined || last === undefined) return podDnsNames(text);
  const names = [
    ...podDnsNames(text.slice(0, first.start)),
    ...items.flatMap(({ tree }) => namesOfItem(tree)),
    ...podDnsNames(text.slice(last.start + last.tree.text.length)),
  ];
  return [...new Map(names.map((name) => [`${name.set ?? ""}.${name.service}`, name])).values()];
}

const namesOfItem = memoize(({ text }: ParsedDocument) => podDnsNames(text));

/** A chunk of a file with tags: what is broken in it may be mended by a tag. */
function parseTemplateChunk(text: string, visible: string): ParsedChunk {
  if (!visible.includes("{{")) {
    const chunk = parseChunk(text, visible);
    if (chunk.state !== "broken") return chunk;
  }
  const shared = { text, visible, podDnsNames: podDnsNames(text) };
  const hasUnknown = mayWriteObjects(visible);
  const template = mayHoldOurs(visible) ? readTemplate(visible) : undefined;
  if (template === undefined || (template.readings.length === 0 && !looksLikeOurs(visible))) {
    return { ...shared, hasUnknown, template: undefined, document: emptyDocument, resources: [], state: "ignored" };
  }
  const [first] = template.readings;
  const document = {
    ...(first?.document ?? emptyDocument),
    comments: commentsOf(template),
    problems: problemsOf(template),
  };
  return {
    ...shared,
    hasUnknown: (hasUnknown && !template.readings.every(({ certain }) => certain.length > 0)) || first === undefined,
    template,
    document,
    resources: first?.written ?? [],
    state: "template",
  };
}

const parsers: Readonly<Record<Reading, ReadAs>> = {
  manifest: parseChunk,
  template: parseTemplateChunk,
  expected: ignoredChunk,
};

type ReadAs = (text: string, visible: string, former: ParsedChunk | undefined) => ParsedChunk;

/** The chunk as one of which nothing is said. */
export function ignored(chunk: ParsedChunk): ParsedChunk {
  const { visible, podDnsNames: names, hasUnknown, failure } = chunk;
  const told = { ...withoutContent(chunk.text), visible, podDnsNames: names, hasUnknown };
  return failure === undefined ? told : { ...told, failure };
}

const mentioned = new RegExp(String.raw`\b(?:${viewedKinds.join("|")})(?:List)?\b`);

/** Kinds without a view: only where they stand as a kind. */
const asKind = new RegExp(String.raw`\bkind["']?\s*:\s*["']?(?:${otherKinds.join("|")})(?:List)?\b`);

/** The same in letters of any case, see the rule kind-misspelt. */
const misspeltKinds = new RegExp(String.raw`\bkind["']?\s*:\s*["']?(?:${respelledKinds.join("|")})\b`, "i");

/** A test that costs nothing, so that a bundle of other kinds is not parsed at all. */
function mayHoldOurs(text: string): boolean {
  const isOurs = mentioned.test(text) || asKind.test(text) || misspeltKinds.test(text);
  return isOurs && text.includes("apiVersion") && text.includes("kind");
}

/** Whether a text that cannot be read is a manifest all the same, and not something that only mentions one. */
function looksLikeOurs(text: string): boolean {
  return /^\uFEFF?"?apiVersion"?\s*:/m.test(text) && /^\uFEFF?"?kind"?\s*:/m.test(text);
}
