import { PositionEncodingKind } from "vscode-languageserver";
import { lineIndex, type Analysis, type LineIndex, type Position } from "../engine/api.js";

/** In what an editor counts the characters of a line (LSP 3.17, `PositionEncodingKind`). */
export type PositionEncoding = "utf-8" | "utf-16" | "utf-32";

/** The lines of texts, with positions as the editor counts them. */
export interface Positions {
  readonly encoding: PositionEncoding;
  /** Of a file; nothing for one that is not known. */
  of(analysis: Analysis, uri: string): LineIndex | undefined;
  ofText(text: string): LineIndex;
}

/** The first of the encodings that the client offers and this server knows; UTF-16 is what every client knows. */
export function chosenEncoding(offered: readonly string[]): PositionEncoding {
  return offered.find(isEncoding) ?? "utf-16";
}

function isEncoding(name: string): name is PositionEncoding {
  return (
    name === PositionEncodingKind.UTF8 || name === PositionEncodingKind.UTF16 || name === PositionEncodingKind.UTF32
  );
}

export function createPositions(encoding: PositionEncoding): Positions {
  if (encoding === "utf-16") return { encoding, of: (analysis, uri) => analysis.lines(uri), ofText: lineIndex };
  const encoded = new WeakMap<LineIndex, LineIndex>();
  return {
    encoding,
    of(analysis, uri) {
      const lines = analysis.lines(uri);
      if (lines === undefined) return undefined;
      let found = encoded.get(lines);
      if (found === undefined) {
        found = new EncodedLines(analysis.text(uri) ?? "", lines, encoding);
        encoded.set(lines, found);
      }
      return found;
    },
    ofText: (text) => new EncodedLines(text, lineIndex(text), encoding),
  };
}

/** The same lines, with `character` in another unit than UTF-16. */
class EncodedLines implements LineIndex {
  readonly #lines: LineIndex;
  readonly #wide: WideCharacters;

  constructor(text: string, lines: LineIndex, encoding: Exclude<PositionEncoding, "utf-16">) {
    this.#lines = lines;
    this.#wide = wideCharacters(text, encoding);
  }

  get lineCount(): number {
    return this.#lines.lineCount;
  }

  lineStart(line: number): number {
    return this.#lines.lineStart(line);
  }

  position(offset: number): Position {
    const { line, character } = this.#lines.position(offset);
    const start = this.lineStart(line);
    return { line, character: this.#units(start + character) - this.#units(start) };
  }

  offset({ line, character }: Position): number {
    if (line < 0 || line >= this.lineCount) return this.#lines.offset({ line, character });
    const start = this.lineStart(line);
    return this.#lines.offset({ line, character: this.#offsetAt(this.#units(start) + Math.max(character, 0)) - start });
  }

  /** How many units stand before an offset of the text; before a character, for an offset within it. */
  #units(offset: number): number {
    const { ends, starts, unitEnds } = this.#wide;
    const index = lastAtMost(ends, offset);
    const before = Math.min(offset, starts[index + 1] ?? Infinity);
    return index < 0 ? before : (unitEnds[index] ?? 0) + before - (ends[index] ?? 0);
  }

  /** The offset before which so many units stand; where that is within a character, its start. */
  #offsetAt(units: number): number {
    const { ends, starts, unitEnds } = this.#wide;
    const index = lastAtMost(unitEnds, units);
    const offset = index < 0 ? units : (ends[index] ?? 0) + units - (unitEnds[index] ?? 0);
    return Math.min(offset, starts[index + 1] ?? Infinity);
  }
}

/** The characters that are not as wide as in UTF-16, in their order: offsets in the text, and units up to their end. */
interface WideCharacters {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly unitEnds: readonly number[];
}

function wideCharacters(text: string, encoding: Exclude<PositionEncoding, "utf-16">): WideCharacters {
  const starts: number[] = [];
  const ends: number[] = [];
  const unitEnds: number[] = [];
  let surplus = 0;
  for (const { 0: character, index } of text.matchAll(
    encoding === "utf-8" ? /[^\0-\x7f]/gu : /[\u{10000}-\u{10ffff}]/gu,
  )) {
    surplus += (encoding === "utf-8" ? utf8Length(character) : 1) - character.length;
    const end = index + character.length;
    starts.push(index);
    ends.push(end);
    unitEnds.push(end + surplus);
  }
  return { starts, ends, unitEnds };
}

/** RFC 3629; half of a surrogate pair is sent as U+FFFD, which takes three bytes. */
function utf8Length(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x800) return code < 0x80 ? 1 : 2;
  return code < 0x10000 ? 3 : 4;
}

/** The index of the last of ascending numbers that is no larger; -1 if all are. */
function lastAtMost(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
