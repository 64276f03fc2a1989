import { isAlias, isCollection, isMap, isPair, isScalar, isSeq, type Alias, type ParsedNode } from "yaml";
import type { Span } from "../text/span.js";
import type { Path } from "./path.js";
import { isMergeKey, rangeOf, scalarValue, type Entry } from "./nodes.js";

/** What the YAML library leaves open: which node an alias stands for, and what go-yaml refuses beside syntax. */
export interface Inspection {
  /**
   * For each alias the node it stands for. Missing are aliases of unknown anchors and of anchors that hold them, and
   * all of an alias bomb: so following aliases ends, and ends soon.
   */
  readonly targets: ReadonlyMap<Alias, ParsedNode>;
  readonly findings: readonly InspectionFinding[];
}

export interface InspectionFinding {
  readonly code:
    | "duplicate-key"
    | "duplicate-merge"
    | "invalid-key"
    | "unknown-anchor"
    | "alias-cycle"
    | "alias-bomb"
    | "merge-value"
    | "too-deep";
  readonly span: Span;
  /** The key or the anchor's name. */
  readonly name: string;
  /** Of the map or list in which it is found. */
  readonly path: Path;
}

/** Stands for `<<`, which in quotes is a key like any other. */
const mergeKey = Symbol("<<");

/** How deep the aliases of a document may nest it, so that whoever follows them may recurse. */
const deepestAllowed = 1000;

/** One walk over the whole tree, in linear time: an alias counts what its anchor counted. */
export function inspect(root: ParsedNode): Inspection {
  const anchors = new Map<string, ParsedNode>();
  const open = new Set<ParsedNode>();
  const counts = new Map<ParsedNode, number>();
  const targets = new Map<Alias, ParsedNode>();
  const findings: InspectionFinding[] = [];
  /** The way to the node that is being counted. */
  const steps: (string | number)[] = [];
  const find = (code: InspectionFinding["code"], node: ParsedNode, name: string) =>
    findings.push({ code, span: rangeOf(node), name, path: [...steps] });
  let firstAlias: Alias.Parsed | undefined;
  /** Nodes that exist only because an alias repeats them. */
  let repeated = 0;
  /** The greatest depth so far, and how far each anchor goes below its own. */
  let deepest = 0;
  const heights = new Map<ParsedNode, number>();

  /** The nodes go-yaml would decode for this one, every alias spelled out. */
  function count(node: ParsedNode, depth: number): number {
    if (isAlias(node)) return 1 + countAlias(node, depth);
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (!isCollection(node)) return 1;
    const deepestBefore = deepest;
    deepest = depth;
    open.add(node);
    let sum = 1;
    const keys = new Set<unknown>();
    for (const [index, item] of node.items.entries()) {
      if (isPair(item)) {
        inspectKey(item, keys, isMap(node));
        if (isMap(node) && isMergeKey(item.key) && !canBeMerged(item.value, anchors)) find("merge-value", item.key, "");
        sum += count(item.key, depth + 1);
        steps.push(isScalar(item.key) ? String(item.key.value) : "");
        if (item.value !== null) sum += count(item.value, depth + 1);
      } else {
        steps.push(index);
        sum += count(item, depth + 1);
      }
      steps.pop();
    }
    open.delete(node);
    sum = Math.min(sum, Number.MAX_SAFE_INTEGER);
    if (node.anchor !== undefined) {
      counts.set(node, sum);
      heights.set(node, deepest - depth);
    }
    deepest = Math.max(deepest, deepestBefore);
    return sum;
  }

  function countAlias(alias: Alias.Parsed, depth: number): number {
    firstAlias ??= alias;
    const target = anchors.get(alias.source);
    if (target === undefined || open.has(target)) {
      find(target === undefined ? "unknown-anchor" : "alias-cycle", alias, alias.source);
      return 0;
    }
    targets.set(alias, target);
    deepest = Math.max(deepest, depth + (heights.get(target) ?? 0));
    if (deepest > deepestAllowed) find("too-deep", alias, alias.source);
    const nodes = counts.get(target) ?? 1;
    repeated += nodes;
    return nodes;
  }

  function inspectKey({ key }: Entry, keys: Set<unknown>, unique: boolean): void {
    const scalar = isAlias(key) ? anchors.get(key.source) : key;
    if (!isScalar(scalar) || scalar.value === null) {
      find("invalid-key", key, isScalar(scalar) ? "null" : "");
    } else if (unique) {
      const isMerge = isMergeKey(scalar);
      const identity = isMerge ? mergeKey : scalar.value;
      if (keys.has(identity)) find(isMerge ? "duplicate-merge" : "duplicate-key", key, String(scalarValue(scalar)));
      keys.add(identity);
    }
  }

  const total = count(root, 0);
  if (firstAlias !== undefined && isBomb(total, repeated)) {
    find("alias-bomb", firstAlias, firstAlias.source);
    targets.clear();
  }
  return { targets, findings };
}

/** `allowedAliasRatio` of go-yaml v2's decode.go: large documents may repeat themselves less. */
function isBomb(total: number, repeated: number): boolean {
  if (repeated <= 100 || total <= 1000) return false;
  const allowed = total <= 400_000 ? 0.99 : total >= 4_000_000 ? 0.1 : 0.99 - (0.89 * (total - 400_000)) / 3_600_000;
  return repeated / total > allowed;
}

/**
 * A map, or a list of maps (`merge` in go-yaml v2's decode.go); what an alias of no known anchor stands for is told
 * anyway.
 */
function canBeMerged(value: ParsedNode | null, anchors: ReadonlyMap<string, ParsedNode>): boolean {
  const isMapBehind = (node: ParsedNode | null) => {
    if (!isAlias(node)) return isMap(node);
    const target = anchors.get(node.source);
    return target === undefined || isMap(target);
  };
  return isSeq(value) ? value.items.every(isMapBehind) : isMapBehind(value);
}
