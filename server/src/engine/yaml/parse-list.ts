import { shift, type Span } from "../text/span.js";
import { cutList, type Cut } from "./cut-list.js";
import type { Plain } from "./edit.js";
import { movedPlace } from "./node-place.js";
import type { Origin } from "./origin.js";
import { parse, type Comment, type ParsedDocument } from "./parse.js";
import type { Path } from "./path.js";
import type { Place } from "./place.js";
import { ReadPlace } from "./read-place.js";

/**
 * Reads one document as `parse` does. Of a list of objects, each item is read by itself, and those that `former` has
 * with the same text are taken over: an edit in one of them reads that one.
 */
export function parseByItems(text: string, former?: ParsedDocument): ParsedDocument {
  const formerItems = former?.items ?? former?.formerItems;
  const list = parseList(text, formerItems);
  if (list !== undefined) return list;
  return { ...parse(text), ...(formerItems === undefined ? {} : { formerItems }) };
}

function parseList(text: string, former: ParsedDocument["items"]): ParsedDocument | undefined {
  const list = cutList(text);
  if (list === undefined) return undefined;
  const header = readPart(list.header);
  const key = header?.tree.root.at("items");
  if (header === undefined || key?.exists !== true || key.kind !== "null") return undefined;

  const known = itemsByText(former);
  const items: Part[] = [];
  for (const cut of list.items) {
    const part = readPart(cut, known.get(cut.text)?.pop());
    // What is wrong, or refers to another item, is judged in the whole text.
    if (part === undefined) return undefined;
    items.push(part);
  }
  const trailer = list.trailer && readPart(list.trailer);
  if (list.trailer !== undefined && trailer === undefined) return undefined;

  const entriesBehind = trailer === undefined ? [] : movedPlace(trailer.tree.root, [], trailer.start).entries();
  const entriesBefore = header.tree.root.entries();
  const names = new Set(entriesBefore.map(([name]) => name));
  if (entriesBehind.some(([name]) => names.has(name))) return undefined;

  const places = items.map(({ tree, start }, item) => movedPlace(tree.root, ["items", item], start));
  const listEnd = places.at(-1)?.span.end ?? 0;
  const dash = text.indexOf("-", items[0]?.start);
  const itemsPlace = new JoinedPlace(
    { kind: "list", span: { start: dash, end: listEnd }, key },
    places.map((place, item) => [item, place]),
  );
  const root = new JoinedPlace(
    {
      kind: "map",
      span: { start: header.tree.root.span.start, end: entriesBehind.at(-1)?.[1].span.end ?? listEnd },
      key: header.tree.root,
    },
    [...entriesBefore.map(([name, place]) => [name, name === "items" ? itemsPlace : place] as const), ...entriesBehind],
  );
  return {
    text,
    root,
    problems: [],
    comments: [header, ...items, ...(trailer === undefined ? [] : [trailer])].flatMap(commentsOf),
    template: false,
    hasAliases: false,
    items,
  };
}

interface Part extends Pick<Cut, "start" | "line"> {
  readonly tree: ParsedDocument;
}

/** `undefined` for what has to be read with all that is around it. */
function readPart({ text, start, line }: Cut, known?: ParsedDocument): Part | undefined {
  const tree = known ?? parse(text);
  const { root, problems, template, hasAliases } = tree;
  const isBlockMap = root.kind === "map" && text[root.span.start] !== "{";
  return isBlockMap && problems.length === 0 && !template && !hasAliases ? { tree, start, line } : undefined;
}

/** What is equal is there as often as it is written. */
function itemsByText(items: ParsedDocument["items"] = []): ReadonlyMap<string, ParsedDocument[]> {
  const byText = new Map<string, ParsedDocument[]>();
  for (const { tree } of items.toReversed()) {
    const same = byText.get(tree.text);
    if (same === undefined) byText.set(tree.text, [tree]);
    else same.push(tree);
  }
  return byText;
}

function commentsOf({ tree, start, line }: Part): readonly Comment[] {
  return start === 0
    ? tree.comments
    : tree.comments.map((comment) => ({ ...comment, span: shift(comment.span, start), line: comment.line + line }));
}

/** The place of a map or list in block style of which each child was read by itself. */
class JoinedPlace extends ReadPlace {
  readonly path: Path;
  readonly kind: "map" | "list";
  readonly span: Span;
  readonly exists = true;
  readonly isOpen = false;
  readonly source = undefined;
  readonly #key: Place;
  readonly #children: ReadonlyMap<string | number, Place>;

  /** `key` is the place as it is read without its children. */
  constructor(
    { kind, span, key }: { readonly kind: "map" | "list"; readonly span: Span; readonly key: Place },
    children: readonly (readonly [string | number, Place])[],
  ) {
    super();
    this.kind = kind;
    this.span = span;
    this.path = key.path;
    this.#key = key;
    this.#children = new Map(children);
  }

  get keySpan(): Span {
    return this.path.length === 0 ? this.span : this.#key.keySpan;
  }

  get keySource(): string | undefined {
    return this.#key.keySource;
  }

  get origin(): Origin {
    return this.#key.origin;
  }

  protected spanOf(): undefined {
    return undefined;
  }

  at(...steps: readonly (string | number)[]): Place {
    const [step, ...rest] = steps;
    if (step === undefined) return this;
    return this.#children.get(step)?.at(...rest) ?? this.#key.at(...steps);
  }

  items(): readonly Place[] {
    return this.kind === "list" ? [...this.#children.values()] : [];
  }

  entries(): readonly (readonly [string, Place])[] {
    return this.kind === "map" ? [...this.#children].map(([name, place]) => [String(name), place]) : [];
  }

  value(): Plain {
    const children = [...this.#children].map(([step, place]) => [step, place.value() ?? null] as const);
    return this.kind === "list" ? children.map(([, value]) => value) : Object.fromEntries(children);
  }
}
