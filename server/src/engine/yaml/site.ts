import { isAlias, isMap, isScalar, isSeq, type CST, type ParsedNode, type YAMLMap, type YAMLSeq } from "yaml";
import type { Entry } from "./nodes.js";
import type { Path } from "./path.js";

/** Where a value stands. The nodes come with their source tokens. */
export type Site = { readonly kind: "root" } | ChildSite;
export type ChildSite =
  | { readonly kind: "entry"; readonly parent: YAMLMap.Parsed; readonly entry: Entry }
  | { readonly kind: "item"; readonly parent: YAMLSeq.Parsed; readonly index: number };

export interface Found {
  readonly site: Site;
  /** The value there; `null` where only a key is written, `undefined` in an empty text. */
  readonly node: ParsedNode | null | undefined;
  /** The rest of the path, which is not there. */
  readonly missing: Path;
}

/** Goes down the path as far as it is written. `undefined`: it leads through an alias. */
export function find(root: ParsedNode | undefined, path: Path): Found | undefined {
  let site: Site = { kind: "root" };
  let node: ParsedNode | null | undefined = root;
  for (const [depth, step] of path.entries()) {
    if (isAlias(node)) return undefined;
    const child = childSite(node, step);
    if (child === undefined) return { site, node, missing: path.slice(depth) };
    site = child;
    node = child.kind === "entry" ? child.entry.value : child.parent.items[child.index];
  }
  return { site, node, missing: [] };
}

function childSite(node: ParsedNode | null | undefined, step: string | number): ChildSite | undefined {
  if (isSeq(node)) {
    const isThere = typeof step === "number" && step < node.items.length;
    return isThere ? { kind: "item", parent: node, index: step } : undefined;
  }
  if (!isMap(node)) return undefined;
  const entry = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === step);
  return entry && { kind: "entry", parent: node, entry };
}

export function isInFlow(site: Site): boolean {
  return site.kind !== "root" && site.parent.flow === true;
}

/** The offset behind the colon of an entry. */
export function colonEnd(site: Site): number | undefined {
  const tokens = site.kind === "entry" ? site.entry.srcToken?.sep : undefined;
  const colon = tokens?.find(({ type }) => type === "map-value-ind");
  return colon && colon.offset + 1;
}

/** The dashes of a block list, one for each item. */
export function dashes({ srcToken }: YAMLSeq.Parsed): readonly CST.SourceToken[] {
  if (srcToken?.type !== "block-seq") return [];
  return srcToken.items.flatMap(({ start }) => start.filter(({ type }) => type === "seq-item-ind"));
}

/** The comment behind `|` or `>`, which is within the range of a block scalar, after a space. */
export function headerComment({ srcToken }: ParsedNode): string {
  const comment = srcToken?.type === "block-scalar" ? srcToken.props.find(({ type }) => type === "comment") : undefined;
  return comment !== undefined && "source" in comment ? ` ${comment.source}` : "";
}
