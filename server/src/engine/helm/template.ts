import { isAlias, isCollection, isMap, isPair, isScalar, type ParsedNode, type YAMLMap } from "yaml";
import { readResourceAs, readResources, type Resource } from "../kubernetes/resources/resource.js";
import { spansIn, type Span } from "../text/span.js";
import { compose } from "../yaml/compose.js";
import { inspect } from "../yaml/inspect.js";
import { isFlow, rangeOf, type Collection } from "../yaml/nodes.js";
import { comments, duplicateKeyProblem, parse, type Comment, type ParsedDocument } from "../yaml/parse.js";
import type { Problem } from "../yaml/problem.js";
import type { Plain } from "../yaml/edit.js";
import type { Path } from "../yaml/path.js";
import type { Filling, Place, Unknowns } from "../yaml/place.js";
import { rootPlace } from "../yaml/node-place.js";
import type { Branch } from "./blocks.js";
import { masks, type Mask } from "./mask.js";
import { columnOfEntries, entryStart, findOpened, type Opened } from "./openings.js";
import { normalise } from "./written.js";
import { certainProblem } from "./yaml-problem.js";

/** A document of a chart's template, in every way that it can be read. */
export interface Template {
  /** See `visibleText`. */
  readonly text: string;
  readonly readings: readonly Reading[];
  /** Why what Helm makes of it is no YAML, whatever the tags write. The readings are without these lines. */
  readonly broken: readonly Problem[];
}

/**
 * One way to read a template: of every `if` one branch. What is in a branch is there or not, so no two branches are
 * told about together, unless one holds the other.
 */
export interface Reading {
  /** As it is written: all that is in branches counts. */
  readonly document: ParsedDocument;
  readonly written: readonly Resource[];
  /** What is there whatever the values are; all that is in branches may be there or not. */
  readonly certain: readonly Resource[];
  /** What is there where a branch is taken. */
  readonly within: (branch: Branch) => readonly Resource[];
  /** The innermost branch around an offset; `undefined` for what is always there, if the object is. */
  readonly branchAt: (offset: number) => Branch | undefined;
  /** The branch that holds the whole object, or its kind. */
  readonly base: Branch | undefined;
  readonly mask: Mask;
}

/** `undefined` where nothing can be said: the text is no YAML once its tags are masked, and a tag may be why. */
export function readTemplate(text: string): Template | undefined {
  const readings: Reading[] = [];
  const broken: Problem[] = [];
  for (const mask of masks(text)) {
    const reading = readMask(text, mask) ?? readBroken(text, mask, broken);
    if (reading !== undefined) readings.push(reading);
  }
  return readings.length === 0 && broken.length === 0 ? undefined : { text, readings, broken };
}

/** Reads a mask without the lines that keep it from being YAML; `broken` gets the problems. */
function readBroken(text: string, broken: Mask, problems: Problem[]): Reading | undefined {
  let mask = broken;
  for (let attempt = 0; attempt < 3; attempt++) {
    const problem = certainProblem(text, mask);
    if (problem === undefined) return undefined;
    problems.push(problem);
    mask = withoutLines(mask, problem.span.start);
    const reading = readMask(text, mask);
    if (reading !== undefined) return reading;
  }
  return undefined;
}

/** Without the line of an offset and those below it that are further right; anything may have stood there. */
function withoutLines(mask: Mask, offset: number): Mask {
  const start = mask.text.lastIndexOf("\n", offset - 1) + 1;
  const [lines = ""] = /^([ \t]*)\S[^\n]*(?:\n(?:\1[ \t][^\n]*|[ \t]*(?=\n)))*/.exec(mask.text.slice(start)) ?? [];
  const blank = lines.replace(/[^\r\n]/g, " ");
  return {
    ...mask,
    text: mask.text.slice(0, start) + blank + mask.text.slice(start + lines.length),
    openings: [...mask.openings, { offset, column: undefined }],
  };
}

/**
 * The keys that a map sets twice, unless they stand in branches of which only one may be there, or what is written
 * between them may end the map: `toYaml . | nindent 8` that writes another item, to which the second key then belongs.
 */
function duplicateKeys(node: ParsedNode, mask: Mask, path: Path): readonly Problem[] {
  if (!isCollection(node)) return [];
  const seen = new Map<string, (readonly [start: number, branch: Branch | undefined])[]>();
  return node.items.flatMap((item, index) => {
    if (!isPair(item)) return duplicateKeys(item, mask, [...path, index]);
    const key = isScalar(item.key) ? String(item.key.value) : "";
    const below = item.value === null ? [] : duplicateKeys(item.value, mask, [...path, key]);
    if (!isScalar(item.key) || isTouched(item.key, mask) || item.key.value === "<<") return below;
    const start = entryStart(item);
    const branch = mask.branchAt(start);
    const before = seen.get(key) ?? [];
    seen.set(key, [...before.slice(-20), [start, branch]]);
    const isTwice = before.some(
      ([other, around]) =>
        (isAround(around, branch) || isAround(branch, around)) && !mayEndBetween(other, start, node, mask),
    );
    return isTwice ? [duplicateKeyProblem(key, rangeOf(item.key), path), ...below] : below;
  });
}

/** Whether something is written between two entries of a block that may stand further left than they do. */
function mayEndBetween(start: number, end: number, node: Collection, mask: Mask): boolean {
  const own = columnOfEntries(mask.text, node);
  return mask.openings.some(
    ({ offset, column }) => offset > start && offset < end && (column === undefined || column < own),
  );
}

/** One reading; `undefined` for a mask that is no YAML. `filling` says what is known of what tags write. */
export function readMask(text: string, mask: Mask, filling?: (opened: Opened) => Filling): Reading | undefined {
  const { contents, errors, comments: commentSpans } = compose(mask.text, { keepSourceTokens: false });
  if (errors.length > 0 || !isMap(contents)) return undefined;
  const { targets, findings } = inspect(contents);
  if (findings.some(({ code }) => code !== "duplicate-key" && code !== "duplicate-merge")) return undefined;

  const base = baseOf(contents, mask);
  const opened = findOpened(mask.text, contents, mask.openings);
  const { open, opaque, writers, branched } = opened;
  openAround(contents, commonBranch(branchesOf(contents, mask)), mask, branched);

  const isOpaque = (node: ParsedNode) => opaque.has(node) || isTouched(node, mask);
  const unknowns = (isThere: (branch: Branch | undefined) => boolean): Unknowns => ({
    isOpaque,
    isOpen: (node) => open.has(node) || branched.has(node),
    writers: (node) =>
      (writers.get(node) ?? []).flatMap(({ tag, offset }) =>
        tag !== undefined && isThere(mask.branchAt(offset))
          ? [{ span: tag.span, symbol: normalise(`{{ ${tag.body} }}`) }]
          : [],
      ),
    ...filling?.(opened),
    isHidden: (node) => !isThere(mask.branchAt(node.range[0])),
    written: ({ range: [start, end] }) => text.slice(start, end),
    symbol: ({ range: [start, end] }) => normalise(text.slice(start, end)),
  });
  const placeWhere = (isThere: (branch: Branch | undefined) => boolean) =>
    rootPlace(mask.text, contents, targets, { unknowns: unknowns(isThere) });
  const within = (branch: Branch | undefined) => resourcesAt(placeWhere((other) => isAround(other, branch)));
  const root = placeWhere(() => true);
  return {
    document: {
      text,
      root,
      problems: duplicateKeys(contents, mask, []),
      comments: comments(mask.text, commentSpans),
      template: true,
      hasAliases: targets.size > 0,
      masked: {
        text: mask.text,
        isFree: ({ start, end }, near) =>
          !touches(mask.tags, start, end) &&
          mask.branchAt(start) === mask.branchAt(near) &&
          mask.branchAt(end) === mask.branchAt(near),
        valueOf: maskedValue,
      },
    },
    written: resourcesAt(root),
    certain: within(base),
    within,
    branchAt: (offset) => {
      const branch = mask.branchAt(offset);
      return isAround(branch, base) ? undefined : branch;
    },
    base,
    mask,
  };
}

function maskedValue(text: string): Plain | undefined {
  const [mask] = masks(text);
  const document = mask && parse(mask.text);
  return document?.problems.some(({ fatal }) => fatal) === false ? document.root.value() : undefined;
}

/**
 * The objects of a template. An apiVersion that an expression gives is the one that all supported releases have: it is
 * chosen by what the cluster knows.
 */
function resourcesAt(place: Place): readonly Resource[] {
  if (place.at("apiVersion").kind !== "opaque") return readResources(place);
  const kind = place.at("kind").string();
  const apiVersion = kind.state === "present" ? usualVersions[kind.value] : undefined;
  return kind.state === "present" && apiVersion !== undefined ? [readResourceAs(place, apiVersion, kind.value)] : [];
}

const usualVersions: Readonly<Record<string, string>> = {
  DaemonSet: "apps/v1",
  Deployment: "apps/v1",
  PersistentVolumeClaim: "v1",
  PodDisruptionBudget: "policy/v1",
  Service: "v1",
  StatefulSet: "apps/v1",
};

/** The branch that holds the whole object; one that only says what kind it is decides about the rest as well. */
function baseOf(contents: YAMLMap.Parsed, mask: Mask): Branch | undefined {
  const whole = commonBranch(branchesOf(contents, mask));
  const kind = contents.items.find(({ key }) => isScalar(key) && key.value === "kind");
  const ofKind = kind && mask.branchAt(entryStart(kind));
  return isAround(whole, ofKind) ? ofKind : whole;
}

function branchesOf({ items }: YAMLMap.Parsed, mask: Mask): readonly (Branch | undefined)[] {
  return items.map((item) => mask.branchAt(entryStart(item)));
}

/** Whether what is in `outer` is there wherever what is in `inner` is. */
function isAround(outer: Branch | undefined, inner: Branch | undefined): boolean {
  if (outer === undefined) return true;
  for (let branch = inner; branch !== undefined; branch = branch.parent) if (branch === outer) return true;
  return false;
}

function commonBranch([first, ...others]: readonly (Branch | undefined)[]): Branch | undefined {
  let common = first;
  for (const other of others) while (!isAround(common, other)) common = common?.parent;
  return common;
}

/** Opens every collection of which a part is in a branch that does not hold the whole. */
function openAround(node: ParsedNode, own: Branch | undefined, mask: Mask, open: Set<ParsedNode>): void {
  if (!isCollection(node)) return;
  if (isFlow(node) && touches(mask.outputs, node.range[0], node.range[1])) open.add(node);
  for (const item of node.items) {
    const branch = mask.branchAt(entryStart(item));
    if (branch !== own) open.add(node);
    if (isPair(item)) {
      if (isTouched(item.key, mask)) open.add(node);
      if (item.value !== null) openAround(item.value, branch, mask, open);
    } else {
      openAround(item, branch, mask, open);
    }
  }
}

/** Whether a tag is in the text of a scalar, or a key or an alias is one. */
export function isTouched(node: ParsedNode, { tags, outputs }: Mask): boolean {
  if (isAlias(node)) return touches(outputs, node.range[0], node.range[1]);
  if (!isScalar(node)) return false;
  const isBlockScalar = node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED";
  // The range of a block scalar goes on over the empty lines behind it, where tags stand that are none of its.
  return touches(isBlockScalar ? outputs : tags, node.range[0], node.range[1]);
}

function touches(sorted: readonly Span[], start: number, end: number): boolean {
  return spansIn(sorted, start, end).length > 0;
}

/** The comments of all readings, each once. */
export function commentsOf({ readings }: Template): readonly Comment[] {
  const all = new Map(
    readings.flatMap(({ document }) => document.comments.map((comment) => [comment.span.start, comment])),
  );
  return [...all.values()].toSorted((a, b) => a.span.start - b.span.start);
}

/** The problems of all readings, each once. */
export function problemsOf({ readings, broken }: Template): readonly Problem[] {
  const problems = [...broken, ...readings.flatMap(({ document }) => document.problems)];
  const all = new Map(problems.map((problem) => [problem.span.start, problem]));
  return [...all.values()].toSorted((a, b) => a.span.start - b.span.start);
}

/** Whether a text may become Services, or objects of any kind that other templates define. */
export function mayWriteObjects(text: string): boolean {
  return (
    /^\{\{-?\s*(?:include|template|tpl|toYaml|block)\b/m.test(text) || /\bkind:[ \t]*["']?(?:Service\b|\{\{)/.test(text)
  );
}
