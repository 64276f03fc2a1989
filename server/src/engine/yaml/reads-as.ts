import { isCollection, isScalar, isSeq, visit, type ParsedNode } from "yaml";
import { applyEdits, type TextEdit } from "../text/edit.js";
import { shift, type Span } from "../text/span.js";
import type { Composition } from "./compose.js";
import type { Plain } from "./edit.js";
import { isBlock, isFlow, isMergeKey, rangeOf, type Collection } from "./nodes.js";
import { parse } from "./parse.js";
import type { Path } from "./path.js";
import { equal, isList, isMapping, valueAt } from "./plain.js";
import type { SimpleEdit } from "./rewrite.js";
import { dashes } from "./site.js";
import { isBlank, startOfLine } from "./source.js";

/**
 * Makes the function that says whether a text, after text edits, is read as the value that edits of its value give. It
 * reads the smallest part that all edits are in, if that means the same alone, and else all of the text. What was read
 * has its source tokens.
 */
export function createReadsAs(
  text: string,
  { source, contents }: Pick<Composition, "source" | "contents">,
  before: Plain | undefined,
): (textEdits: readonly TextEdit[], edits: readonly SimpleEdit[], after: Plain | undefined) => boolean {
  const anchors = anchorsIn(contents);

  return (textEdits, edits, after) => {
    const part = innermost({ source, contents, value: before }, textEdits, edits);
    if (part !== undefined) {
      const { span, cuts, of } = part;
      const cutBefore = (offset: number) =>
        sum(cuts.filter(({ end }) => end <= offset).map(({ start, end }) => end - start));
      const left = cuts.map((cut) => ({ span: shift(cut, -span.start), newText: "" }));
      const own = applyEdits(text.slice(span.start, span.end), left);
      const ownEdits = textEdits.map((edit) => ({
        ...edit,
        span: shift(edit.span, -span.start - cutBefore(edit.span.start)),
      }));
      const isAlone =
        !anchors.some((offset) => offset >= span.start && offset <= span.end) && isReadAs(own, of(before));
      if (isAlone && isReadAs(applyEdits(own, ownEdits), of(after))) return true;
    }
    return isReadAs(applyEdits(text, textEdits), after);
  };
}

function isReadAs(text: string, value: Plain | undefined): boolean {
  const { problems, root } = parse(text);
  return !problems.some(({ fatal }) => fatal) && equal(root.value(), value);
}

function anchorsIn(contents: ParsedNode | undefined): readonly number[] {
  const found: number[] = [];
  if (contents === undefined) return found;
  visit(contents, {
    Value: (_, node) => {
      if (node.anchor !== undefined && node.range) found.push(node.range[0]);
    },
  });
  return found;
}

/** A part of a text that means the same alone. */
interface Part {
  readonly span: Span;
  /** What is left out of it. */
  readonly cuts: readonly Span[];
  /** What it gives, where all of the text gives a value. */
  readonly of: (whole: Plain | undefined) => Plain | undefined;
}

interface Whole extends Pick<Composition, "source" | "contents"> {
  readonly value: Plain | undefined;
}

/** The smallest part in which all edits are: lines of a block collection's entry, or what is between two brackets. */
function innermost(
  { source, contents, value }: Whole,
  textEdits: readonly TextEdit[],
  edits: readonly SimpleEdit[],
): Part | undefined {
  const from = Math.min(...textEdits.map(({ span }) => span.start));
  const to = Math.max(...textEdits.map(({ span }) => span.end));
  const isInside = (node: ParsedNode) => from > rangeOf(node).start && to < rangeOf(node).end;
  let found: Part | undefined;
  let path: Path = [];
  let end = source.length;
  let node: ParsedNode | null | undefined = contents;
  while (isCollection(node) && node.anchor === undefined) {
    let index: number;
    if (isFlow(node)) {
      if (!isInside(node) || !edits.every((edit) => isBelow(edit, path))) break;
      const own = path;
      found = { span: rangeOf(node), cuts: [], of: (whole) => valueAt(whole, own) };
      index = valuesOf(node).findIndex((child) => child !== null && isInside(child));
    } else {
      const starts: readonly number[] = startsOf(node);
      index = starts.findLastIndex((start) => startOfLine(source, start) <= from);
      const [start, next] = [starts[index], starts[index + 1]];
      const step = stepTo(node, index);
      if (start === undefined || step === undefined) break;
      if (next !== undefined) end = startOfLine(source, next);
      if (to > end || !edits.every((edit) => isWithin(edit, edits, [...path, step], value))) break;
      const lineStart = startOfLine(source, start);
      const own = path;
      if (isBlank(source.slice(lineStart, start))) {
        const isBeside = edits.every((edit) => edit.path.length === path.length + 1 && edit.path.at(-1) !== step);
        const { cuts, of } = isBeside ? shortened(source, valuesOf(node)[index], { from, to }) : uncut;
        found = {
          span: { start: lineStart, end },
          cuts,
          of: (whole) => entriesOf(valueAt(value, own), valueAt(whole, own), step, of),
        };
      }
    }
    const step = stepTo(node, index);
    if (step === undefined) break;
    path = path.concat(step);
    node = valuesOf(node)[index];
  }
  return found;
}

const uncut: Pick<Part, "cuts" | "of"> = { cuts: [], of: (value) => value };

/**
 * A block collection with nothing but its last entry, which is shortened so itself, where the lines of the others can be
 * left out.
 */
function shortened(
  source: string,
  node: ParsedNode | null | undefined,
  edited: { readonly from: number; readonly to: number },
): Pick<Part, "cuts" | "of"> {
  if (!isBlock(node) || node.anchor !== undefined) return uncut;
  const starts = startsOf(node);
  const last = stepTo(node, starts.length - 1);
  const [first, final] = [starts[0], starts.at(-1)];
  if (first === undefined || final === undefined || last === undefined) return uncut;
  const below = shortened(source, valuesOf(node)[starts.length - 1], edited);
  const [start, end] = [startOfLine(source, first), startOfLine(source, final)];
  const isCut = isBlank(source.slice(start, first)) && start < end && (edited.to <= start || edited.from >= end);
  return {
    cuts: [...(isCut ? [{ start, end }] : []), ...below.cuts],
    of: (value) => {
      const own = below.of(valueAt(value, [last]));
      if (own === undefined) return undefined;
      if (isList(value)) return isCut ? [own] : [...value.slice(0, -1), own];
      if (!isMapping(value)) return undefined;
      return isCut ? { [last]: own } : { ...value, [last]: own };
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => one + other, 0);
}

function valuesOf(node: Collection): readonly (ParsedNode | null)[] {
  return isSeq(node) ? node.items : node.items.map(({ value }) => value);
}

/** Where the keys or dashes of a block collection are; none where an entry means something for the others. */
function startsOf(node: Collection): readonly number[] {
  if (isSeq(node)) return dashes(node).map(({ offset }) => offset);
  const isPlain = node.items.every(({ key, srcToken }) => {
    const isMarked = srcToken?.start.some(({ type }) => ["explicit-key-ind", "anchor", "tag"].includes(type));
    return isScalar(key) && !isMergeKey(key) && isMarked !== true;
  });
  return isPlain ? node.items.map(({ key }) => rangeOf(key).start) : [];
}

function stepTo(node: Collection, index: number): string | number | undefined {
  if (isSeq(node)) return index < 0 ? undefined : index;
  const key = node.items[index]?.key;
  return isScalar(key) ? String(key.value) : undefined;
}

function isBelow(edit: SimpleEdit, path: Path): boolean {
  return edit.path.length > path.length && path.every((step, index) => step === edit.path[index]);
}

/** Whether an edit changes nothing but the entry at a path, or is the only one and adds an entry or takes it away. */
function isWithin(edit: SimpleEdit, edits: readonly SimpleEdit[], path: Path, value: Plain | undefined): boolean {
  if (isBelow(edit, path)) return true;
  const [parent, own, other] = [path.slice(0, -1), path.at(-1), edit.path.at(-1)];
  if (edit.path.length !== path.length || !isBelow(edit, parent)) return false;
  const isNew = edit.op === "set" && valueAt(value, edit.path) === undefined;
  if (own === other) return edits.length === 1 || (edit.op === "set" && !isNew);
  return edits.length === 1 && isNew && (typeof own !== "number" || other === own + 1);
}

/**
 * An entry of a map or list, of which `of` is left, and one that comes beside it: the map or list has come of an old
 * one.
 */
function entriesOf(
  old: Plain | undefined,
  now: Plain | undefined,
  step: string | number,
  of: Part["of"],
): Plain | undefined {
  const only = (value: Plain | undefined) => of(value) ?? null;
  if (isList(old) && isList(now) && typeof step === "number") {
    const items = now.slice(step, step + 1 + now.length - old.length);
    return items.length === 0 ? undefined : items.map((item, index) => (index === 0 ? only(item) : item));
  }
  if (!isMapping(old) || !isMapping(now)) return undefined;
  const entries = Object.entries(now).filter(([key]) => key === step || !Object.hasOwn(old, key));
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([key, entry]) => [key, key === step ? only(entry) : entry]));
}
