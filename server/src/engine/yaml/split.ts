import { jsonValues } from "./json-values.js";

/** One document of a file, as text. */
export interface Chunk {
  readonly text: string;
  /** Where the chunk begins in its file, in UTF-16 code units. */
  readonly start: number;
  /**
   * Who reads the document. Both kubectl and kustomize cut a file at lines that begin with `---` alone, and of each part
   * read the first document: one that follows a bare `...` is dropped by both. Of a part that begins with a JSON object,
   * kustomize reads only that. (kubectl 1.33 and kustomize 5.6, by running them.)
   */
  readonly readBy: "both" | "kubectl" | "neither";
}

/**
 * Cuts a file at its document markers without parsing it, so that an edit in one document leaves the others as they
 * are. Joined, the chunks are the file. A chunk begins with its own `---` line, or with the comments and directives
 * that lead up to it; a `...` line ends its chunk. There is always at least one chunk, and none that holds only
 * comments after `...`. JSON objects that follow each other without a marker are chunks too.
 */
export function split(text: string): readonly Chunk[] {
  const { ends, rest } = jsonValues(text);
  const [first] = ends;
  if (first === undefined) return splitYaml(text, 0);
  if (ends.length === 1 && rest < text.length) {
    // Up to the line break it is still the object's line.
    const from = /^[ \t\r]*\n?/.exec(text.slice(first))?.[0].length ?? 0;
    const behind = splitYaml(text.slice(first + from), first + from);
    if (behind.length === 1 && isPreamble(text.slice(first + from))) return [{ text, start: 0, readBy: "both" }];
    return [
      { text: text.slice(0, first + from), start: 0, readBy: "both" },
      ...behind.map((chunk, index) =>
        index === 0 && !beginsPart(text, chunk) ? { ...chunk, readBy: "kubectl" as const } : chunk,
      ),
    ];
  }
  const starts = [0, ...ends.slice(0, -1), ...(rest < text.length ? [rest] : [])];
  return starts.map((start, index) => ({
    text: text.slice(start, starts[index + 1]),
    start,
    readBy: index === 0 ? "both" : index < ends.length ? "kubectl" : "neither",
  }));
}

/** The chunks of the text that begins at an offset of its file. */
function splitYaml(text: string, offset: number): readonly Chunk[] {
  const chunks: { readonly text: string; readonly start: number }[] = [];
  let start = 0;
  /** Whether the chunk that began at `start` has had its `---`, or content without one. */
  let begun = false;
  const cutAt = (end: number) => {
    chunks.push({ text: text.slice(start, end), start });
    start = end;
    begun = false;
  };

  let read = 0;
  for (const marker of text.matchAll(documentMarker)) {
    const at = marker.index + (marker[1] ?? "").length;
    begun ||= !isPreamble(text.slice(read, at));
    if (marker[2] === "---") {
      if (begun) cutAt(at);
      begun = true;
      read = at + 3;
      const next = lineEnd(text, at);
      // Of files that were joined: go-yaml passes over it where a document begins.
      if (text[next] === "\uFEFF") {
        cutAt(next);
        read = next + 1;
      }
    } else {
      read = lineEnd(text, at);
      if (begun) cutAt(read);
    }
  }
  const last = chunks.at(-1);
  if (last !== undefined && !begun && isPreamble(text.slice(read))) {
    chunks[chunks.length - 1] = { text: text.slice(last.start), start: last.start };
  } else {
    cutAt(text.length);
  }
  return chunks.map((chunk, index) => ({
    text: chunk.text,
    start: chunk.start + offset,
    readBy: index === 0 || beginsPart(text, chunk) ? "both" : "neither",
  }));
}

/** Whether a chunk of the text has a `---` of its own that kubectl sees: at the beginning of a line that `\n` ends. */
function beginsPart(text: string, chunk: { readonly text: string; readonly start: number }): boolean {
  const isLineStart = chunk.start === 0 || text[chunk.start - 1] === "\n";
  return (isLineStart && /^(?:---|\uFEFF)/.test(chunk.text)) || chunk.text.includes("\n---");
}

/** Where the document of a chunk ends: before the `...` that ends it, if there is one. */
export function documentEnd(chunk: string): number {
  let begun = false;
  let read = 0;
  for (const marker of chunk.matchAll(documentMarker)) {
    const at = marker.index + (marker[1] ?? "").length;
    begun ||= !isPreamble(chunk.slice(read, at)) || marker[2] === "---";
    if (marker[2] === "..." && begun) return at;
    read = marker[2] === "---" ? at + 3 : lineEnd(chunk, at);
  }
  return chunk.length;
}

/**
 * `---` or `...` at the beginning of a line, before white space or the end. Inside quotes and block scalars it is a
 * marker too (YAML 1.2.2, 9.1.2), and kubectl takes `---# comment` for one. Lines end as go-yaml has them, which Kubernetes reads with: also at NEL, U+2028 and
 * U+2029.
 */
const documentMarker = /(^\uFEFF?|[\n\r\u0085\u2028\u2029])(---(?=#)|(?:---|\.\.\.)(?=[ \t\n\r\u0085\u2028\u2029]|$))/g;

/** Whether nothing but blank lines, comments and directives is here. */
function isPreamble(text: string): boolean {
  return /^\uFEFF?(?:[ \t]*(?:#[^\n\r\u0085\u2028\u2029]*)?(?:[\n\r\u0085\u2028\u2029]|$)|%[^\n\r\u0085\u2028\u2029]*(?:[\n\r\u0085\u2028\u2029]|$))*$/.test(
    text,
  );
}

/** The offset after the line break that ends the line of `offset`. */
function lineEnd(text: string, offset: number): number {
  const lineBreak = /\r\n|[\n\r\u0085\u2028\u2029]/g;
  lineBreak.lastIndex = offset;
  return lineBreak.exec(text) === null ? text.length : lineBreak.lastIndex;
}
