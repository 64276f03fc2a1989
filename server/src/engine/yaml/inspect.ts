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
  readonly hasAliases: boolean;
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
  return new Walk().inspect(root);
}

class Walk {
  readonly #anchors = new Map<string, ParsedNode>();
  /** The node that is being counted, and all above it. */
  readonly #open = new Set<ParsedNode>();
  readonly #counts = new Map<ParsedNode, number>();
  readonly #targets = new Map<Alias, ParsedNode>();
  readonly #findings: InspectionFinding[] = [];
  /** The way to the node that is being counted. */
  readonly #steps: (string | number)[] = [];
  #firstAlias: Alias.Parsed | undefined;
  /** Nodes that exist only because an alias repeats them. */
  #repeated = 0;
  /** The greatest depth so far, and how far each anchor goes below its own. */
  #deepest = 0;
  readonly #heights = new Map<ParsedNode, number>();

  /** Walks over the whole tree: once for each `Walk`. */
  inspect(root: ParsedNode): Inspection {
    const total = this.#count(root, 0);
    if (this.#firstAlias !== undefined && isBomb(total, this.#repeated)) {
      this.#find("alias-bomb", this.#firstAlias, this.#firstAlias.source);
      this.#targets.clear();
    }
    return { targets: this.#targets, findings: this.#findings, hasAliases: this.#firstAlias !== undefined };
  }

  /** Reports at a node, in the map or list that is being counted. */
  #find(code: InspectionFinding["code"], node: ParsedNode, name: string): void {
    this.#findings.push({ code, span: rangeOf(node), name, path: [...this.#steps] });
  }

  /** The nodes go-yaml would decode for this one, every alias spelled out. */
  #count(node: ParsedNode, depth: number): number {
    if (isAlias(node)) return 1 + this.#countAlias(node, depth);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (!isCollection(node)) return 1;
    const deepestBefore = this.#deepest;
    this.#deepest = depth;
    this.#open.add(node);
    let sum = 1;
    const keys = new Set<unknown>();
    for (const [index, item] of node.items.entries()) {
      if (isPair(item)) {
        this.#inspectKey(item, keys, isMap(node));
        if (isMap(node) && isMergeKey(item.key) && !canBeMerged(item.value, this.#anchors))
          this.#find("merge-value", item.key, "");
        sum += this.#count(item.key, depth + 1);
        this.#steps.push(isScalar(item.key) ? String(item.key.value) : "");
        if (item.value !== null) sum += this.#count(item.value, depth + 1);
      } else {
        this.#steps.push(index);
        sum += this.#count(item, depth + 1);
      }
      this.#steps.pop();
    }
    this.#open.delete(node);
    sum = Math.min(sum, Number.MAX_SAFE_INTEGER);
    if (node.anchor !== undefined) {
      this.#counts.set(node, sum);
      this.#heights.set(node, this.#deepest - depth);
    }
    this.#deepest = Math.max(this.#deepest, deepestBefore);
    return sum;
  }

  /** What an alias stands for, as often as it is written. */
  #countAlias(alias: Alias.Parsed, depth: number): number {
    this.#firstAlias ??= alias;
    const target = this.#anchors.get(alias.source);
    if (target === undefined || this.#open.has(target)) {
      this.#find(target === undefined ? "unknown-anchor" : "alias-cycle", alias, alias.source);
      return 0;
    }
    this.#targets.set(alias, target);
    this.#deepest = Math.max(this.#deepest, depth + (this.#heights.get(target) ?? 0));
    if (this.#deepest > deepestAllowed) this.#find("too-deep", alias, alias.source);
    const nodes = this.#counts.get(target) ?? 1;
    this.#repeated += nodes;
    return nodes;
  }

  /** A key must be a scalar and, in a map, the only one of its name. */
  #inspectKey({ key }: Entry, keys: Set<unknown>, unique: boolean): void {
    const scalar = isAlias(key) ? this.#anchors.get(key.source) : key;
    if (!isScalar(scalar) || scalar.value === null) {
      this.#find("invalid-key", key, isScalar(scalar) ? "null" : "");
    } else if (unique) {
      const isMerge = isMergeKey(scalar);
      const identity = isMerge ? mergeKey : scalar.value;
      if (keys.has(identity)) {
        this.#find(isMerge ? "duplicate-merge" : "duplicate-key", key, String(scalarValue(scalar)));
      }
      keys.add(identity);
    }
  }
}

/** `allowedAliasRatio` of go-yaml v2's decode.go: large documents may repeat themselves less. */
function isBomb(total: number, repeated: number): boolean {
  if (repeated <= 100 || total <= 1000) return false;
  const allowed = total <= 400_000 ? 0.99 : total >= 4_000_000 ? 0.1 : 0.99 - (0.89 * (total - 400_000)) / 3_600_000;
  return repeated / total > allowed;
}

/**
 * A map, or a list of maps (`merge` in go-yaml v2's decode.go); an alias of an unknown anchor is reported
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
