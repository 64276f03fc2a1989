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
  /** The column at which they will begin; `undefined` where that cannot be told. */
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
    const mask = maskOnce(text, spans, pieces, openBefore, {
      choose: (block) => block.branches.find((branch) => !shown.has(branch)) ?? block.branches[0],
      isDecided: () => false,
      take: (branch) => taken.push(branch),
    });
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
export function maskBy(text: string, decide: (block: Block) => Branch | "unknown" | undefined): Mask | undefined {
  const tags = readTags(text);
  const { pieces, openBefore } = pairTags(text, tags);
  const decisions = new Map<Block, Branch | "unknown" | undefined>();
  const decisionOf = (block: Block) => {
    if (!decisions.has(block)) decisions.set(block, decide(block));
    return decisions.get(block);
  };
  const isDecided = (block: Block) => decisionOf(block) !== "unknown";
  const mask = maskOnce(
    text,
    tags.map(({ span }) => span),
    pieces,
    openBefore,
    {
      choose: (block) => {
        const decision = decisionOf(block);
        return decision === "unknown" ? block.branches[0] : decision;
      },
      isDecided,
      take: () => undefined,
    },
  );
  const undecided = (branch: Branch | undefined): Branch | undefined =>
    branch !== undefined && isDecided(branch.block) ? undecided(branch.parent) : branch;
  return mask && { ...mask, branchAt: (offset) => undecided(mask.branchAt(offset)) };
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

function maskOnce(
  text: string,
  tags: readonly Span[],
  pieces: readonly Piece[],
  openBefore: readonly Block[],
  { choose, isDecided, take }: Choice,
): Mask | undefined {
  const out: string[] = [];
  const outputs: Span[] = [];
  const openings: Opening[] = [];
  const boundaries: { readonly at: number; readonly branch: Branch | undefined }[] = [];
  const stack: { readonly branch: Branch; readonly chosen: Branch | undefined }[] = [];
  let scalar: BlockScalar | undefined;
  let joint: Joint | undefined;
  let hasText = false;
  /** The least column of the lines left out since the last tag: only what is further left opens another collection. */
  let leastHidden = Infinity;
  /** The column of what a tag writes on lines of its own: what is further right behind it goes on with that. */
  let begun: number | undefined;

  const enter = (block: Block) => {
    const [branch] = block.branches;
    if (branch === undefined) return;
    const chosen = choose(block);
    if (chosen !== undefined && isVisible()) take(chosen);
    stack.push({ branch, chosen });
    boundaries.push({ at: branch.start, branch });
  };
  const isVisible = () => stack.every(({ branch, chosen }) => branch === chosen) && !isElsewhere();
  /** In a branch that is surely not taken. */
  const isElsewhere = () => stack.some(({ branch, chosen }) => branch !== chosen && isDecided(branch.block));
  const pass = (piece: Piece) => {
    leastHidden = Infinity;
    if (piece.kind === "open") enter(piece.block);
    if (piece.kind === "else") {
      const top = stack.pop();
      if (top === undefined) return;
      stack.push({ branch: piece.branch, chosen: top.chosen });
      boundaries.push({ at: piece.span.end, branch: piece.branch });
    }
    if (piece.kind === "end") {
      stack.pop();
      boundaries.push({ at: piece.span.end, branch: stack.at(-1)?.branch });
    }
  };
  const closeScalar = () => {
    if (scalar === undefined) return;
    if (scalar.hasTags) {
      for (let line = scalar.from; line < scalar.until; line++) out[line] = blank(out[line] ?? "");
      outputs.push({ start: scalar.start, end: scalar.end });
    }
    openings.push(...scalar.pending);
    scalar = undefined;
  };
  if (openBefore.length > deepest) return undefined;
  for (const block of openBefore) enter(block);

  for (const line of lines(text, pieces)) {
    if (line.pieces.length > mostInLine || stack.length > deepest) return undefined;
    const source = text.slice(line.start, line.end);
    const bare = withoutPieces(text, line);
    const content = bare.trim();
    const first = line.pieces[0];
    const indent = /^[ \t]*/.exec(source)?.[0].length ?? 0;
    const startsWithTag = first !== undefined && first.span.start === line.start + indent;
    const isComment = content.startsWith("#");

    if (content === "" && line.pieces.length === 0) {
      out.push(source);
      continue;
    }
    const isContent = scalar !== undefined && content !== "" && indent > scalar.indent && !(startsWithTag && isComment);
    if (scalar !== undefined && isContent) {
      const visible = isVisible();
      line.pieces.forEach(pass);
      out.push(line.pieces.length > 0 || !visible ? blank(source) : source);
      scalar.hasTags ||= line.pieces.length > 0 || scalar.hasTagsBehind;
      scalar.hasTagsBehind = false;
      scalar.pending = [];
      scalar.until = out.length;
      scalar.end = line.end;
      joint = undefined;
      continue;
    }
    if (content !== "" && !(isComment && startsWithTag)) closeScalar();

    const visible = isVisible();
    const wasJoint = joint;
    const last = line.pieces.at(-1);
    const endsWithTag = last !== undefined && text.slice(last.span.end, line.end).trim() === "";
    joint =
      endsWithTag && last.trimsRight
        ? wasJoint !== undefined && startsWithTag && content === ""
          ? wasJoint
          : {
              column: indent,
              keepsColumn: content === "" && first?.trimsLeft === false,
              isValue: text.slice(line.start, last.span.start).trimEnd().endsWith(":"),
            }
        : undefined;

    if (content === "" || (isComment && startsWithTag)) {
      // Tags alone. A block that opens or ends here decides about what is behind it.
      for (const piece of line.pieces) {
        pass(piece);
        if (piece.kind !== "output" || isElsewhere()) continue;
        const column = wasJoint === undefined ? columnOf(piece, indent, scalar) : knownColumn(nindent(piece));
        const opening = { offset: piece.span.start, column, tag: piece };
        if (scalar === undefined) {
          openings.push(opening);
          begun = column;
        } else {
          scalar.pending.push(opening);
        }
      }
      if (scalar !== undefined) scalar.hasTagsBehind = true;
      out.push(blank(source));
      continue;
    }

    const isContinued = begun !== undefined && indent > begun;
    if (!isContinued && !isComment) begun = undefined;
    if (!visible || isContinued) {
      if (startsWithTag && first.kind !== "output" && first.kind !== "silent") return undefined;
      if (!isComment && content !== "---" && indent < leastHidden && !isElsewhere()) {
        leastHidden = indent;
        openings.push({ offset: line.start + indent, column: isContinued ? undefined : indent });
      }
      line.pieces.forEach(pass);
      out.push(blank(source));
      continue;
    }
    if (wasJoint !== undefined && !isComment && !isSeparator(content)) {
      // A value may as well begin on the line behind its key.
      const isSame = wasJoint.isValue
        ? indent > wasJoint.column && !/^-\s|:(?:\s|$)/.test(content)
        : indent === (wasJoint.keepsColumn ? wasJoint.column : hasText ? undefined : 0);
      if (!isSame) return undefined;
    }
    const masked = maskLine(line, source, { isComment, isJoined: wasJoint !== undefined });
    if (masked === undefined) return undefined;
    out.push(masked);
    hasText ||= !isComment && !isSeparator(content);
    const header = isComment ? undefined : blockScalarIndent(masked);
    if (header !== undefined) {
      const end = line.end;
      scalar = {
        indent: header,
        from: out.length,
        start: end,
        until: out.length,
        end,
        hasTags: false,
        hasTagsBehind: false,
        pending: [],
      };
    }
  }
  closeScalar();
  const masked = out.join("");
  return {
    text: masked,
    tags,
    outputs: outputs.toSorted((a, b) => a.start - b.start),
    openings,
    branchAt: (offset) => boundaries[lastAtOrBefore(boundaries, offset)]?.branch,
  };

  /** A line with text and tags. `undefined` where it would be another line if a tag were not there. */
  function maskLine(line: Line, source: string, { isComment, isJoined }: LineKind): string | undefined {
    let masked = source;
    const cover = ({ start, end }: Span, filler: string) => {
      masked = masked.slice(0, start - line.start) + filler + masked.slice(end - line.start);
    };
    for (const [index, piece] of line.pieces.entries()) {
      const { span } = piece;
      const before = withoutPieces(text, { ...line, end: span.start, pieces: line.pieces.slice(0, index) }).trim();
      const behind = withoutPieces(text, { ...line, start: span.end, pieces: line.pieces.slice(index + 1) }).trim();
      const isLast = behind === "" || behind.startsWith("#");
      const isFirst = before === "" && line.pieces.slice(0, index).every(({ kind }) => kind !== "output");
      switch (piece.kind) {
        case "output": {
          if (isFirst && piece.trimsLeft && hasText && !isComment && !isJoined) return undefined;
          const column = nindent(piece);
          const others = line.pieces.slice(index + 1).some(({ kind }) => kind === "output");
          if (column !== undefined && isLast && !others && !isComment) {
            openings.push({ offset: span.start, column: knownColumn(column), tag: piece });
            begun = knownColumn(column);
            cover(span, blank(text.slice(span.start, span.end)));
          } else {
            outputs.push(span);
            cover(span, "x".repeat(span.end - span.start));
          }
          break;
        }
        case "silent":
        case "open":
        case "else":
        case "end":
          if (isFirst && !isComment) return undefined;
          if (!isLast && piece.kind !== "silent" && !isComment) return undefined;
          cover(span, blank(text.slice(span.start, span.end)));
          pass(piece);
          break;
      }
    }
    return masked;
  }
}

/**
 * More tags than any line has, and deeper blocks than any template: what follows may look at all of them again and
 * again.
 */
const mostInLine = 200;
const deepest = 50;

interface LineKind {
  readonly isComment: boolean;
  /** The tag before it trims the line break. */
  readonly isJoined: boolean;
}

interface Line extends Span {
  readonly pieces: readonly Piece[];
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
    yield { start, end, pieces: own };
    start = end;
  }
}

function withoutPieces(text: string, { start, end, pieces }: Line): string {
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
