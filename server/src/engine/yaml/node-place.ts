import { isAlias, isCollection, isMap, isPair, isScalar, isSeq, type Alias, type ParsedNode, type YAMLMap } from "yaml";
import { shift, type Span } from "../text/span.js";
import type { Plain } from "./edit.js";
import { binaryTag } from "./kubernetes-schema.js";
import { isBlock, isMergeKey, nodeSpan, scalarValue, writtenIndex, type Entry } from "./nodes.js";
import type { Origin } from "./origin.js";
import type { Path } from "./path.js";
import { holdsPlaceholder, isBlankOfForm } from "./placeholder.js";
import { ReadPlace } from "./read-place.js";
import { FilledPlace } from "./filled-place.js";
import type { Filled, Place, Writer, Unknowns, MergeKeys } from "./place.js";

/** The place of a whole document. `targets` says which node each alias stands for. */
export function rootPlace(
  text: string,
  contents: ParsedNode | undefined,
  targets: ReadonlyMap<Alias, ParsedNode>,
  { unknowns, mergeKeys = "in order" }: { readonly unknowns?: Unknowns; readonly mergeKeys?: MergeKeys } = {},
): Place {
  const reader: Reader = { text, offset: 0, targets, unknowns, mergeKeys, merged: new Map() };
  if (contents !== undefined)
    return new NodePlace(reader, [], { node: contents, keySpan: undefined, anchor: firstToken(text, contents) });
  const start = text.search(/\S/);
  return new NodePlace(reader, [], {
    node: undefined,
    keySpan: undefined,
    anchor: { start: Math.max(start, 0), end: start + 1 },
  });
}

/** A place that `rootPlace` made, as a part of a larger document: at a path of it, its text at an offset. */
export function movedPlace(place: Place, path: Path, offset: number): Place {
  return place instanceof NodePlace ? place.moved(path, offset) : place;
}

/** What all places of a document share. */
interface Reader {
  readonly text: string;
  /** Where the text begins in that of which the places tell spans. */
  readonly offset: number;
  readonly unknowns: Unknowns | undefined;
  readonly targets: ReadonlyMap<Alias, ParsedNode>;
  readonly mergeKeys: MergeKeys;
  /**
   * The entries of each map with a merge key, once they are asked for. Without it, merges of merges take exponential time.
   */
  readonly merged: Map<YAMLMap.Parsed, ReadonlyMap<string, Entry>>;
}

/** What is written at a place; spans are of the reader's text. */
interface Written {
  /** The value, maybe an alias; `undefined` where it is absent, `null` where a key is there without its colon. */
  readonly node: ParsedNode | null | undefined;
  /** `undefined` for items and the root. */
  readonly keySpan: Span | undefined;
  readonly keySource?: string | undefined;
  /** Where to point for what is missing here or below. */
  readonly anchor: Span;
  /** Nothing is written, but a tool may write something. */
  readonly unknown?: true;
}

class NodePlace extends ReadPlace {
  readonly path: Path;
  readonly #reader: Reader;
  readonly #written: Written;
  /** The value, aliases followed. */
  readonly #node: ParsedNode | undefined;

  constructor(reader: Reader, path: Path, written: Written) {
    super();
    this.path = path;
    this.#reader = reader;
    this.#written = written;
    this.#node = follow(reader, written.node ?? undefined);
  }

  moved(path: Path, offset: number): Place {
    return new NodePlace({ ...this.#reader, offset }, path, this.#written);
  }

  get origin(): Origin {
    return {
      document: undefined,
      path: this.path,
      isInline: false,
      untouched: true,
      holds: "resource",
      note: undefined,
    };
  }

  get exists(): boolean {
    return this.#written.node !== undefined || this.#written.unknown === true;
  }

  get span(): Span {
    const { node, anchor } = this.#written;
    const { text, offset } = this.#reader;
    if (node === null) return shift({ start: anchor.end, end: anchor.end }, offset);
    return shift(node === undefined ? anchor : nodeSpan(text, node), offset);
  }

  get keySpan(): Span {
    const { keySpan } = this.#written;
    return keySpan === undefined ? this.span : shift(keySpan, this.#reader.offset);
  }

  get kind(): Place["kind"] {
    const node = this.#node;
    if (!this.exists) return "absent";
    const filled = filledIn(this.#reader, node);
    if (filled !== undefined) return filled.value === null ? "null" : "scalar";
    if (this.#isOpaque()) return "opaque";
    if (isMap(node)) return "map";
    if (isSeq(node)) return "list";
    return isScalar(node) && node.value !== null ? "scalar" : "null";
  }

  at(...steps: readonly (string | number)[]): Place {
    const [step, ...rest] = steps;
    return step === undefined ? this : this.#child(step).at(...rest);
  }

  #child(step: string | number): Place {
    const node = this.#node;
    if (typeof step === "number") {
      const item = isSeq(node) ? node.items[step] : undefined;
      if (item !== undefined) return this.#item(item, step);
    } else if (isMap(node)) {
      const pair = findPair(this.#reader, node, step);
      if (pair !== undefined) return this.#entry(pair, step);
      const [, added] = this.#added().findLast(([key]) => key === step) ?? [];
      if (added !== undefined) return this.#filled(step, added);
    }
    return this.#absent(step);
  }

  #absent(step: string | number): NodePlace {
    return new NodePlace(this.#reader, [...this.path, step], {
      node: undefined,
      keySpan: undefined,
      anchor: this.#written.anchor,
      ...(this.#isOpaque() || this.isOpen ? { unknown: true } : {}),
    });
  }

  /** The entries that a tool surely adds. */
  #added(): readonly (readonly [string, Filled])[] {
    return addedTo(this.#reader, this.#node);
  }

  #filled(step: string | number, { value, from }: Filled): Place {
    return new FilledPlace([...this.path, step], value, from ?? { document: undefined, place: this.#absent(step) });
  }

  #item(node: ParsedNode, index: number): Place {
    return this.#below(index, {
      node,
      keySpan: undefined,
      anchor: firstToken(this.#reader.text, node),
    });
  }

  #entry(pair: Entry, key: string): Place {
    const keySpan = nodeSpan(this.#reader.text, pair.key);
    return this.#below(key, {
      node: pair.value,
      keySpan,
      keySource: plainSource(follow(this.#reader, pair.key)),
      anchor: keySpan,
    });
  }

  #below(step: string | number, written: Written): Place {
    const path = [...this.path, step];
    const filled = filledIn(this.#reader, follow(this.#reader, written.node ?? undefined));
    const place = new NodePlace(this.#reader, path, written);
    if (filled === undefined) return place;
    const isScalarHere = filled.from === undefined && (typeof filled.value !== "object" || filled.value === null);
    return isScalarHere ? place : new FilledPlace(path, filled.value, filled.from ?? { document: undefined, place });
  }

  items(): readonly Place[] {
    const node = this.#node;
    if (!isSeq(node)) return [];
    const places = node.items.map((item, index) => this.#item(item, index));
    return places.filter((_, index) => !isHidden(this.#reader, node.items[index]));
  }

  entries(): readonly (readonly [string, Place])[] {
    const node = this.#node;
    if (!isMap(node)) return [];
    const written = pairsOf(this.#reader, node);
    const added = new Map(this.#added().filter(([key]) => !written.has(key)));
    return [
      ...[...written].map(([key, pair]) => [key, this.#entry(pair, key)] as const),
      ...[...added].map(([key, filled]) => [key, this.#filled(key, filled)] as const),
    ];
  }

  /** Whether a tool will put another value here, or the value is bytes. */
  #isOpaque(): boolean {
    const node = this.#node;
    if (this.#written.unknown === true || (node !== undefined && this.#reader.unknowns?.isOpaque(node) === true))
      return true;
    if (!isScalar(node)) return false;
    const source = node.source ?? "";
    return node.tag === binaryTag || holdsPlaceholder(this.path, source) || isBlankOfForm(this.path, source);
  }

  get source(): string | undefined {
    return plainSource(this.#node);
  }

  get keySource(): string | undefined {
    return this.#written.keySource;
  }

  spanOf(part: string, index: number): Span | undefined {
    const { node } = this.#written;
    if (!isScalar(node) || typeof node.value !== "string") return undefined;
    const { text, offset } = this.#reader;
    const span = nodeSpan(text, node);
    const start = writtenIndex(text.slice(span.start, span.end), node.value, part, index);
    if (start === undefined) return undefined;
    return shift({ start: span.start + start, end: span.start + start + part.length }, offset);
  }

  get isOpen(): boolean {
    const { unknowns } = this.#reader;
    return this.#node !== undefined && unknowns?.isOpen(this.#node) === true && !unknowns.added?.(this.#node);
  }

  override get writers(): readonly Writer[] {
    return this.#node === undefined ? [] : (this.#reader.unknowns?.writers?.(this.#node) ?? []);
  }

  protected override get symbol(): string | undefined {
    return isScalar(this.#node) ? this.#reader.unknowns?.symbol?.(this.#node) : undefined;
  }

  value(): Plain | undefined {
    return plainValue(this.#reader, this.#node);
  }
}

/** What is written in a plain scalar. */
function plainSource(node: ParsedNode | undefined): string | undefined {
  return isScalar(node) && node.type === "PLAIN" ? node.source : undefined;
}

function follow(reader: Reader, node: ParsedNode | undefined): ParsedNode | undefined {
  return isAlias(node) ? reader.targets.get(node) : node;
}

/**
 * Entries in the order of the text; a later one wins, and a merge key sets its entries where it stands (go-yaml v2, seen
 * with kubectl 1.32) or before all others (`deAnchor` in kyaml/yaml/rnode.go, kustomize 5.4 to 5.8).
 */
function pairsOf(reader: Reader, map: YAMLMap.Parsed): ReadonlyMap<string, Entry> {
  const known = reader.merged.get(map);
  if (known !== undefined) return known;
  const pairs = new Map<string, Entry>();
  let hasMerge = false;
  const isBelow = reader.mergeKeys === "below";
  const items = isBelow ? map.items.toSorted((one, other) => rank(one) - rank(other)) : map.items;
  for (const pair of items) {
    // kustomize takes away whatever is called `<<`, also in quotes.
    if (isBelow && !isMergeKey(pair.key) && keyName(reader, pair) === "<<") {
      hasMerge = true;
    } else if (isMergeKey(pair.key)) {
      hasMerge = true;
      for (const source of mergeSources(reader, pair)) {
        for (const [key, merged] of pairsOf(reader, source)) pairs.set(key, merged);
      }
    } else if (!isUncertain(reader, pair)) {
      pairs.set(keyName(reader, pair), pair);
    }
  }
  if (hasMerge) reader.merged.set(map, pairs);
  return pairs;
}

/** Merge keys first. */
function rank({ key }: Entry): number {
  return isMergeKey(key) ? 0 : 1;
}

function findPair(reader: Reader, map: YAMLMap.Parsed, name: string): Entry | undefined {
  if (name === "<<" || map.items.some((pair) => isMergeKey(pair.key))) return pairsOf(reader, map).get(name);
  return map.items.findLast((pair) => keyName(reader, pair) === name && !isUncertain(reader, pair));
}

/** What a tool puts in the place of a scalar, where that is known. */
function filledIn({ unknowns }: Reader, node: ParsedNode | undefined): Filled | undefined {
  return isScalar(node) ? unknowns?.filledIn?.(node) : undefined;
}

/** The entries that a tool surely adds to a map. */
function addedTo({ unknowns }: Reader, node: ParsedNode | undefined): readonly (readonly [string, Filled])[] {
  return (isMap(node) && unknowns?.added?.(node)) || [];
}

/** Whether an entry may not be there, or its key will be another one. */
function isUncertain(reader: Reader, { key }: Entry): boolean {
  return isHidden(reader, key) || reader.unknowns?.isOpaque(key) === true;
}

function isHidden({ unknowns }: Reader, node: ParsedNode | undefined): boolean {
  return node !== undefined && unknowns?.isHidden?.(node) === true;
}

/** The maps a merge key brings in, the one that wins last. */
function mergeSources(reader: Reader, pair: Entry): readonly YAMLMap.Parsed[] {
  const value = follow(reader, pair.value ?? undefined);
  const sources = isSeq(value) ? value.items.map((item) => follow(reader, item)).toReversed() : [value];
  return sources.filter((source) => isMap(source));
}

/** Keys that are no strings become strings as in JSON: `1`, `true`. */
function keyName(reader: Reader, pair: Entry): string {
  const key = follow(reader, pair.key);
  return isScalar(key) ? String(key.value) : "";
}

function plainValue(reader: Reader, written: ParsedNode | null | undefined): Plain | undefined {
  const node = follow(reader, written ?? undefined);
  if (isMap(node)) {
    const pairs = [...pairsOf(reader, node)];
    const added = addedTo(reader, node).map(([key, { value }]) => [key, value] as const);
    return Object.fromEntries([...added, ...pairs.map(([key, { value }]) => [key, plainValue(reader, value) ?? null])]);
  }
  if (isSeq(node)) return node.items.map((item) => plainValue(reader, item) ?? null);
  if (!isScalar(node)) return undefined;
  const filled = filledIn(reader, node);
  if (filled !== undefined) return filled.value;
  const isReplaced = node.value !== null && reader.unknowns?.isOpaque(node) === true;
  return (isReplaced ? reader.unknowns.written?.(node) : undefined) ?? scalarValue(node);
}

/** Where to point for something that a value lacks: its first key or scalar, or the bracket it begins with. */
function firstToken(text: string, node: ParsedNode): Span {
  const first = isBlock(node) ? node.items[0] : undefined;
  if (first !== undefined) return firstToken(text, isPair(first) ? first.key : first);
  const { start, end } = nodeSpan(text, node);
  return isCollection(node) ? { start, end: start + 1 } : { start, end };
}
