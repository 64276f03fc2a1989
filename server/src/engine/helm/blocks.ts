import type { Tag } from "./tags.js";

/** One of the ways through a block: what is between `if` and `else`, `else` and `end`, or in a `range`. */
export interface Branch {
  /** The branch that holds its block; `undefined` where the block stands in no other. */
  readonly parent: Branch | undefined;
  readonly block: Block;
  /** `if .Values.x`, `else if .Values.y`, `else`; empty where it began in an earlier document of the file. */
  readonly condition: string;
  /** Where it begins, behind its tag; 0 for what began in an earlier document of the file. */
  readonly start: number;
}

export interface Block {
  /** `if .Values.x`; empty where it was opened in an earlier document of the file. */
  readonly condition: string;
  readonly branches: readonly Branch[];
}

/** A tag of which the mask knows what it does: an `if` with its `end` on one line is one output. */
export type Piece = Pick<Tag, "span" | "body" | "trimsLeft" | "trimsRight"> & Doing;
type Doing =
  | { readonly kind: "output" | "silent" }
  | { readonly kind: "open"; readonly block: Block }
  | { readonly kind: "else"; readonly branch: Branch }
  | { readonly kind: "end" };

export interface Blocks {
  readonly pieces: readonly Piece[];
  /** Blocks that are open where the text begins, the outermost first: those that end or go on in it unopened. */
  readonly openBefore: readonly Block[];
}

interface GrowingBlock extends Block {
  readonly branches: Branch[];
  readonly opener: Tag | undefined;
  /** The number of pieces before its own. */
  readonly at: number;
  readonly line: number;
}

/** Finds out which tags belong together. What is closed but was not opened, was opened before the text. */
export function pairTags(text: string, tags: readonly Tag[]): Blocks {
  const pieces: Piece[] = [];
  const open: GrowingBlock[] = [];
  const begin = (opener: Tag | undefined, line: number) => {
    const block: GrowingBlock = { condition: opener?.body ?? "", branches: [], opener, at: pieces.length, line };
    addBranch(block, open.at(-1), opener);
    open.push(block);
    return block;
  };
  const openBefore = Array.from({ length: unopened(tags) }, () => begin(undefined, -1));

  let line = 0;
  let from = 0;
  for (const tag of tags) {
    line += lineBreaks(text.slice(from, tag.span.start));
    from = tag.span.end;
    switch (tag.kind) {
      case "output":
      case "silent":
        pieces.push({ ...tag, kind: tag.kind });
        break;
      case "open": {
        const block = begin(tag, line);
        pieces.push({ ...tag, kind: "open", block });
        break;
      }
      case "else": {
        const block = open.at(-1);
        if (block !== undefined) pieces.push({ ...tag, kind: "else", branch: addBranch(block, open.at(-2), tag) });
        break;
      }
      case "end": {
        const block = open.pop();
        if (block?.opener === undefined || block.line !== line) {
          pieces.push({ ...tag, kind: "end" });
        } else {
          pieces.splice(block.at, Infinity, oneLine(text, block.opener, tag));
        }
        break;
      }
    }
  }
  return { pieces, openBefore };
}

function addBranch(block: GrowingBlock, around: GrowingBlock | undefined, tag: Tag | undefined): Branch {
  const branch = { parent: around?.branches.at(-1), block, condition: tag?.body ?? "", start: tag?.span.end ?? 0 };
  block.branches.push(branch);
  return branch;
}

function oneLine(text: string, opener: Tag, end: Tag): Piece {
  const span = { start: opener.span.start, end: end.span.end };
  return {
    kind: "output",
    span,
    body: text.slice(span.start + 2, span.end - 2),
    trimsLeft: opener.trimsLeft,
    trimsRight: end.trimsRight,
  };
}

/** How many blocks must have been open before the first tag. */
function unopened(tags: readonly Tag[]): number {
  let depth = 0;
  let count = 0;
  /** An `else` without its `if` was met, and not yet the `end`. */
  let goesOn = false;
  for (const { kind } of tags) {
    if (kind === "open") depth++;
    if (kind === "else" && depth === 0) goesOn = true;
    if (kind === "end" && depth > 0) depth--;
    else if (kind === "end") {
      count++;
      goesOn = false;
    }
  }
  return count + (goesOn ? 1 : 0);
}

function lineBreaks(text: string): number {
  return text.split("\n").length - 1;
}
