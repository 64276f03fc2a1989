/** One YAML document of a file, as text. */
export interface Chunk {
  readonly text: string;
  /** Where the chunk begins in its file, in UTF-16 code units. */
  readonly start: number;
}

/**
 * Cuts a file at its document markers without parsing it, so that an edit in one document leaves the others as they
 * are. Joined, the chunks are the file. A chunk begins with its own `---` line, or with the comments and directives
 * that lead up to it; a `...` line ends its chunk. There is always at least one chunk, and none that holds only
 * comments after `...`.
 */
export function split(text: string): readonly Chunk[] {
  const chunks: Chunk[] = [];
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
  return chunks;
}

/**
 * `---` or `...` at the beginning of a line, before white space or the end. Inside quotes and block scalars it is a
 * marker too (YAML 1.2.2, 9.1.2). Lines end as go-yaml has them, which Kubernetes reads with: also at NEL, U+2028 and
 * U+2029.
 */
const documentMarker = /(^\uFEFF?|[\n\r\u0085\u2028\u2029])(---|\.\.\.)(?=[ \t\n\r\u0085\u2028\u2029]|$)/g;

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
