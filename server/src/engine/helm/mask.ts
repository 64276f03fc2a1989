import type { Span } from "../text/span.js";
import { pairTags, type Block, type Branch, type Piece } from "./blocks.js";
import { readTags } from "./tags.js";

/** A template as YAML: a text of the same length, in which every `{{ }}` is white space or a word. */
export interface Mask {
  readonly text: string;
  /** All tags, in their order. */
  readonly tags: readonly Span[];
  /** Where another text will be; no two overlap. What is in block scalars counts as one, with all of its scalar. */
  readonly outputs: readonly Span[];
  readonly openings: readonly Opening[];
  /** The innermost block's branch around an offset. */
  readonly branchAt: (offset: number) => Branch | undefined;
}

/** A place where entries, items or a value may be added that the mask does not show. */
export interface Opening {
  readonly offset: number;
  /** The column at which they will begin; `undefined` where that is not known. */
  readonly column: number | undefined;
  /** The tag that writes them, if one does and it is no block. */
  readonly tag?: Pick<Piece, "span" | "body">;
}

/**
 * The ways to read a template: in each, one branch of every `if` stays and the others are white space, so that no two
 * branches are mixed. Together they show every branch, as far as `most` ways can. None where a text is no template, or
 * joins its lines (`-}}`) so that the columns are not those that are written.
 */
export function masks(text: string): readonly Mask[] {
  const tags = readTags(text);
  const { pieces, openBefore } = pairTags(text, tags);
  const spans = tags.map(({ span }) => span);
  const shown = new Set<Branch>();
  const found: Mask[] = [];
  for (let way = 0; way < most; way++) {
    const taken: Branch[] = [];
    const mask = new Reading(text, {
      choose: (block) => block.branches.find((branch) => !shown.has(branch)) ?? block.branches[0],
      isDecided: () => false,
      take: (branch) => taken.push(branch),
    }).read(spans, pieces, openBefore);
    if (way > 0 && taken.every((branch) => shown.has(branch))) break;
    for (const branch of taken) shown.add(branch);
    if (mask !== undefined) found.push(mask);
  }
  return found;
}

const most = 4;

/**
 * The way to read a template in which certain blocks take the branches that they are known to take: `undefined` for
 * none of them, `unknown` for blocks of which that is not known.
 */
export function maskBy(
  text: string,
  decide: (block: Block) => Branch | "unknown" | undefined,
): DecidedMask | undefined {
  const tags = readTags(text);
  const { pieces, openBefore } = pairTags(text, tags);
  const decisions = new Map<Block, Branch | "unknown" | undefined>();
  const decisionOf = (block: Block) => {
    if (!decisions.has(block)) decisions.set(block, decide(block));
    return decisions.get(block);
  };
  const isDecided = (block: Block) => decisionOf(block) !== "unknown";
  const reading = new Reading(text, {
    choose: (block) => {
      const decision = decisionOf(block);
      return decision === "unknown" ? block.branches[0] : decision;
    },
    isDecided,
    take: () => undefined,
  });
  const spans = tags.map(({ span }) => span);
  const mask = reading.read(spans, pieces, openBefore);
  const undecided = (branch: Branch | undefined): Branch | undefined =>
    branch !== undefined && isDecided(branch.block) ? undecided(branch.parent) : branch;
  return mask && { ...mask, branchAt: (offset) => undecided(mask.branchAt(offset)), around: mask.branchAt };
}

/** Its branches are those of blocks of which nothing is known. */
export interface DecidedMask extends Mask {
  /** The innermost branch around an offset, of whichever block. */
  readonly around: Mask["branchAt"];
}

interface Choice {
  readonly choose: (block: Block) => Branch | undefined;
  /** Whether the branches that are not chosen are surely not there. */
  readonly isDecided: (block: Block) => boolean;
  readonly take: (branch: Branch) => void;
}

/** Where a line's text was joined to: the tag before it trims the line break. */
interface Joint {
  readonly column: number;
  /** The tag stands on a line of its own and does not trim what is before it. */
  readonly keepsColumn: boolean;
  /** It stands behind a key and its colon. */
  readonly isValue: boolean;
}

/** A block scalar that is being read. */
interface BlockScalar {
  /** Its content is further right than this. */
  readonly indent: number;
  /** The first of its lines in the output. */
  readonly from: number;
  readonly start: number;
  /** Behind its last line with content, in the output and in the text. */
  until: number;
  end: number;
  hasTags: boolean;
  /** Of the lines since its last line with content. */
  hasTagsBehind: boolean;
  pending: Opening[];
}

/** One way through a template, line by line: what each line is in the mask, and what the lines below it depend on. */
class Reading {
  readonly #text: string;
  readonly #choice: Choice;
  readonly #out: string[] = [];
  readonly #outputs: Span[] = [];
  readonly #openings: Opening[] = [];
  readonly #boundaries: { readonly at: number; readonly branch: Branch | undefined }[] = [];
  readonly #stack: { readonly branch: Branch; readonly chosen: Branch | undefined }[] = [];
  #scalar: BlockScalar | undefined;
  #joint: Joint | undefined;
  /** Whether a line before has text that is neither a comment nor `---`. */
  #hasText = false;
  /** The least column of the lines left out since the last tag: only what is further left opens another collection. */
  #leastHidden = Infinity;
  /** The column of what a tag writes on lines of its own: what is further right behind it goes on with that. */
  #begun: number | undefined;

  constructor(text: string, choice: Choice) {
    this.#text = text;
    this.#choice = choice;
  }

  /** The mask; `undefined` where some line would be another line if a tag were not there. */
  read(tags: readonly Span[], pieces: readonly Piece[], openBefore: readonly Block[]): Mask | undefined {
    if (openBefore.length > deepest) return undefined;
    for (const block of openBefore) this.#enter(block);
    for (const line of lines(this.#text, pieces)) {
      if (line.pieces.length > mostInLine || this.#stack.length > deepest) return undefined;
      const masked = this.#maskedLine(line);
      if (masked === undefined) return undefined;
      this.#out.push(masked);
    }
    this.#closeScalar();
    const boundaries = this.#boundaries;
    return {
      text: this.#out.join(""),
      tags,
      outputs: this.#outputs.toSorted((a, b) => a.start - b.start),
      openings: this.#openings,
      branchAt: (offset) => boundaries[lastAtOrBefore(boundaries, offset)]?.branch,
    };
  }

  /** What a line is in the mask, by what stands in it and above it. */
  #maskedLine(line: Line): string | undefined {
    const { content, indent, isComment, isOfTags } = line;
    if (content === "" && line.pieces.length === 0) return line.source;
    if (this.#scalar !== undefined && !isOfTags && indent > this.#scalar.indent) {
      return this.#scalarLine(line, this.#scalar);
    }
    if (!isOfTags) this.#closeScalar();
    const joint = this.#joint;
    this.#joint = jointAfter(this.#text, line, joint);
    if (isOfTags) return this.#tagsLine(line, joint);
    const isContinued = this.#begun !== undefined && indent > this.#begun;
    if (!isContinued && !isComment) this.#begun = undefined;
    if (isContinued || !this.#isVisible()) return this.#hiddenLine(line, isContinued);
    if (joint !== undefined && !isComment && !isSeparator(content) && !this.#isSame(line, joint)) return undefined;
    return this.#textLine(line, joint !== undefined);
  }

  /** A line of a block scalar, which is one value with all that its tags write. */
  #scalarLine({ source, pieces, end }: Line, scalar: BlockScalar): string {
    const isBlank = pieces.length > 0 || !this.#isVisible();
    for (const piece of pieces) this.#pass(piece);
    scalar.hasTags ||= pieces.length > 0 || scalar.hasTagsBehind;
    scalar.hasTagsBehind = false;
    scalar.pending = [];
    scalar.until = this.#out.length + 1;
    scalar.end = end;
    this.#joint = undefined;
    return isBlank ? blank(source) : source;
  }

  /** Tags alone. A block that opens or ends here decides about what is behind it. */
  #tagsLine({ pieces, indent, source }: Line, joint: Joint | undefined): string {
    for (const piece of pieces) {
      this.#pass(piece);
      if (piece.kind !== "output" || this.#isElsewhere()) continue;
      const column = joint === undefined ? columnOf(piece, indent, this.#scalar) : knownColumn(nindent(piece));
      const opening = { offset: piece.span.start, column, tag: piece };
      if (this.#scalar === undefined) {
        this.#openings.push(opening);
        this.#begun = column;
      } else {
        this.#scalar.pending.push(opening);
      }
    }
    if (this.#scalar !== undefined) this.#scalar.hasTagsBehind = true;
    return blank(source);
  }

  /** A line of a branch that is not chosen, or one that goes on with what a tag has begun. */
  #hiddenLine(line: Line, isContinued: boolean): string | undefined {
    const { pieces, start, indent, content, isComment, tagBefore } = line;
    if (tagBefore !== undefined && tagBefore.kind !== "output" && tagBefore.kind !== "silent") return undefined;
    if (!isComment && content !== "---" && indent < this.#leastHidden && !this.#isElsewhere()) {
      this.#leastHidden = indent;
      this.#openings.push({ offset: start + indent, column: isContinued ? undefined : indent });
    }
    for (const piece of pieces) this.#pass(piece);
    return blank(line.source);
  }

  /** Whether a line that was joined to one above reads as if it were not. */
  #isSame({ indent, content }: Line, joint: Joint): boolean {
    // A value may as well begin on the line behind its key.
    if (joint.isValue) return indent > joint.column && !/^-\s|:(?:\s|$)/.test(content);
    return indent === (joint.keepsColumn ? joint.column : this.#hasText ? undefined : 0);
  }

  /** A line that is shown, with a word or white space for each of its tags. */
  #textLine(line: Line, isJoined: boolean): string | undefined {
    const { isComment, end } = line;
    const masked = this.#coverTags(line, isJoined);
    if (masked === undefined) return undefined;
    this.#hasText ||= !isComment && !isSeparator(line.content);
    const indent = isComment ? undefined : blockScalarIndent(masked);
    if (indent !== undefined) {
      const from = this.#out.length + 1;
      const noTags = { hasTags: false, hasTagsBehind: false, pending: [] };
      this.#scalar = { indent, from, start: end, until: from, end, ...noTags };
    }
    return masked;
  }

  /** `undefined` where it would be another line if a tag were not there. */
  #coverTags(line: Line, isJoined: boolean): string | undefined {
    const { pieces, isComment } = line;
    let masked = line.source;
    const cover = ({ start, end }: Span, filler: string) => {
      masked = masked.slice(0, start - line.start) + filler + masked.slice(end - line.start);
    };
    for (const [index, piece] of pieces.entries()) {
      const { span } = piece;
      const before = withoutPieces(this.#text, line.start, span.start, pieces.slice(0, index)).trim();
      const behind = withoutPieces(this.#text, span.end, line.end, pieces.slice(index + 1)).trim();
      const isLast = behind === "" || behind.startsWith("#");
      const isFirst = before === "" && pieces.slice(0, index).every(({ kind }) => kind !== "output");
      if (piece.kind === "output") {
        if (isFirst && piece.trimsLeft && this.#hasText && !isComment && !isJoined) return undefined;
        const column = nindent(piece);
        const others = pieces.slice(index + 1).some(({ kind }) => kind === "output");
        if (column !== undefined && isLast && !others && !isComment) {
          this.#begun = knownColumn(column);
          this.#openings.push({ offset: span.start, column: this.#begun, tag: piece });
          cover(span, blank(this.#text.slice(span.start, span.end)));
        } else {
          this.#outputs.push(span);
          cover(span, "x".repeat(span.end - span.start));
        }
      } else {
        if (isFirst && !isComment) return undefined;
        if (!isLast && piece.kind !== "silent" && !isComment) return undefined;
        cover(span, blank(this.#text.slice(span.start, span.end)));
        this.#pass(piece);
      }
    }
    return masked;
  }

  /** Takes the branch of a block that a tag opens, goes on with its next one or leaves it. */
  #pass(piece: Piece): void {
    this.#leastHidden = Infinity;
    if (piece.kind === "open") this.#enter(piece.block);
    if (piece.kind === "else") {
      const top = this.#stack.pop();
      if (top === undefined) return;
      this.#stack.push({ branch: piece.branch, chosen: top.chosen });
      this.#boundaries.push({ at: piece.span.end, branch: piece.branch });
    }
    if (piece.kind === "end") {
      this.#stack.pop();
      this.#boundaries.push({ at: piece.span.end, branch: this.#stack.at(-1)?.branch });
    }
  }

  /** Begins with the first branch of a block, whichever of them is chosen. */
  #enter(block: Block): void {
    const [branch] = block.branches;
    if (branch === undefined) return;
    const chosen = this.#choice.choose(block);
    if (chosen !== undefined && this.#isVisible()) this.#choice.take(chosen);
    this.#stack.push({ branch, chosen });
    this.#boundaries.push({ at: branch.start, branch });
  }

  /** In chosen branches alone. */
  #isVisible(): boolean {
    return this.#stack.every(({ branch, chosen }) => branch === chosen);
  }

  /** In a branch that is surely not taken. */
  #isElsewhere(): boolean {
    return this.#stack.some(({ branch, chosen }) => branch !== chosen && this.#choice.isDecided(branch.block));
  }

  /** Leaves out a block scalar with tags: what it comes to is not known. */
  #closeScalar(): void {
    const scalar = this.#scalar;
    if (scalar === undefined) return;
    if (scalar.hasTags) {
      for (let line = scalar.from; line < scalar.until; line++) this.#out[line] = blank(this.#out[line] ?? "");
      this.#outputs.push({ start: scalar.start, end: scalar.end });
    }
    this.#openings.push(...scalar.pending);
    this.#scalar = undefined;
  }
}

/** How the line behind this one is joined to it, if it is; `joint` is how this one was joined to the one before. */
function jointAfter(text: string, line: Line, joint: Joint | undefined): Joint | undefined {
  const { pieces, start, end, content, indent, tagBefore } = line;
  const last = pieces.at(-1);
  if (last?.trimsRight !== true || text.slice(last.span.end, end).trim() !== "") return undefined;
  if (joint !== undefined && tagBefore !== undefined && content === "") return joint;
  return {
    column: indent,
    keepsColumn: content === "" && pieces[0]?.trimsLeft === false,
    isValue: text.slice(start, last.span.start).trimEnd().endsWith(":"),
  };
}

/**
 * More tags than any line has, and deeper blocks than any template: what follows may look at all of them again and
 * again.
 */
const mostInLine = 200;
const deepest = 50;

interface Line extends Span {
  readonly pieces: readonly Piece[];
  readonly source: string;
  /** What is there beside the tags, without white space around it. */
  readonly content: string;
  readonly indent: number;
  /** The tag that it begins with. */
  readonly tagBefore: Piece | undefined;
  readonly isComment: boolean;
  /** Nothing but tags; a comment behind one does not count. */
  readonly isOfTags: boolean;
}

/** The lines with their line breaks; a tag that goes on over several makes them one. */
function* lines(text: string, pieces: readonly Piece[]): Generator<Line> {
  let next = 0;
  let start = 0;
  while (start < text.length) {
    const own: Piece[] = [];
    let lineBreak = text.indexOf("\n", start);
    for (let piece = pieces[next]; piece !== undefined; piece = pieces[next]) {
      if (lineBreak !== -1 && piece.span.start > lineBreak) break;
      own.push(piece);
      next++;
      if (lineBreak !== -1 && lineBreak < piece.span.end) lineBreak = text.indexOf("\n", piece.span.end);
    }
    const end = lineBreak === -1 ? text.length : lineBreak + 1;
    yield lineOf(text, start, end, own);
    start = end;
  }
}

function lineOf(text: string, start: number, end: number, pieces: readonly Piece[]): Line {
  const source = text.slice(start, end);
  const content = withoutPieces(text, start, end, pieces).trim();
  const indent = /^[ \t]*/.exec(source)?.[0].length ?? 0;
  const [first] = pieces;
  const tagBefore = first?.span.start === start + indent ? first : undefined;
  const isComment = content.startsWith("#");
  const isOfTags = content === "" || (isComment && tagBefore !== undefined);
  return { start, end, pieces, source, content, indent, tagBefore, isComment, isOfTags };
}

/** A stretch of the text without the tags in it. */
function withoutPieces(text: string, start: number, end: number, pieces: readonly Piece[]): string {
  let bare = "";
  let from = start;
  for (const { span } of pieces) {
    bare += text.slice(from, span.start);
    from = span.end;
  }
  return bare + text.slice(from, end);
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, " ");
}

function isSeparator(content: string): boolean {
  return content.startsWith("---");
}

/** The number behind the last `nindent` of a tag; `unknown` where it is none. */
function nindent({ body }: Pick<Piece, "body">): number | "unknown" | undefined {
  const code = body.replace(/"(?:[^"\\]|\\.)*"?|`[^`]*`?/g, '""');
  const found = [...code.matchAll(/\bnindent\s+(\(?\s*\d*)/g)].at(-1);
  if (found === undefined) return undefined;
  return /^\d+$/.test(found[1] ?? "") ? Number(found[1]) : "unknown";
}

function knownColumn(column: number | "unknown" | undefined): number | undefined {
  return column === "unknown" ? undefined : column;
}

/** At which column the text of a tag on a line of its own will begin. */
function columnOf(piece: Piece, column: number, scalar: BlockScalar | undefined): number | undefined {
  if (/^(?:if|with|range)\b/.test(piece.body)) return undefined;
  const after = nindent(piece);
  if (after !== undefined) return knownColumn(after);
  if (scalar !== undefined && column > scalar.indent) return column;
  if (piece.trimsLeft) return undefined;
  const indent = /\bindent\s+(\S*)/.exec(piece.body)?.[1];
  if (indent === undefined) return column;
  return /^\d+$/.test(indent) && column === 0 ? Number(indent) : undefined;
}

const longestHeader = 1000;

/** The column of the key or dash whose value is a block scalar that begins on this line. */
function blockScalarIndent(line: string): number | undefined {
  if (line.length > longestHeader) return undefined;
  if (!/(?:^|[\s:-])[ \t](?:[&!]\S*[ \t]+)*[|>](?:[1-9]?[-+]?|[-+][1-9])[ \t]*(?:[ \t]#.*)?\r?\n?$/.test(` ${line}`))
    return undefined;
  const [, spaces = "", dashes = "", key] = /^([ \t]*)((?:-[ \t]+)*)([^|>\s])?/.exec(line) ?? [];
  if (key !== undefined) return spaces.length + dashes.length;
  return spaces.length + Math.max(dashes.trimEnd().length - 1, -1);
}

function lastAtOrBefore(sorted: readonly { readonly at: number }[], offset: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.at ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
