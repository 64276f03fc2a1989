import type { Span } from "../text/span.js";
import type { Plain } from "../yaml/edit.js";
import type { Origin } from "../yaml/origin.js";
import type { Path } from "../yaml/path.js";
import type { Place } from "../yaml/place.js";
import { ReadPlace } from "../yaml/read-place.js";
import { asList, asMap, plainWritten, shapeOf, written, type Source, type Value } from "./value.js";

/**
 * A spot in a resource as kustomize builds it. Its path is that in the built resource, below the path of the base; its
 * spans are of the text that the value comes from, which its origin names.
 */
export function composedPlace(value: Value, path: Path): Place {
  return new ComposedPlace(path, { value, pointer: value.place, source: value.source, absence: "certain" });
}

/** What is known of a spot. */
interface Found {
  /** `undefined` where it is absent. */
  readonly value: Value | undefined;
  /** What stands for it in the source: for what is absent, a place there that is absent as a rule. */
  readonly pointer: Place;
  readonly source: Source;
  /**
   * Of what has no value: `open`, it may be there all the same; `removed`, what the pointer leads to took it away.
   */
  readonly absence: "certain" | "open" | "removed";
}

class ComposedPlace extends ReadPlace {
  readonly path: Path;
  readonly #value: Value | undefined;
  readonly #pointer: Place;
  readonly #source: Source;
  readonly #absence: Found["absence"];

  constructor(path: Path, { value, pointer, source, absence }: Found) {
    super();
    this.path = path;
    this.#value = value;
    this.#pointer = pointer;
    this.#source = source;
    this.#absence = absence;
  }

  get origin(): Origin {
    const { path } = this.#pointer;
    const { inline } = this.#source;
    const value = this.#value;
    return {
      document: this.#source.document,
      holds: this.#source.holds,
      note: value?.note,
      path: inline === undefined ? path : inline.path,
      isInline: inline !== undefined,
      untouched: value === undefined ? this.#absence === "certain" && !this.#pointer.exists : value.type === "written",
    };
  }

  get span(): Span {
    const isRemoved = this.#value === undefined && this.#absence === "removed";
    return this.#outer(isRemoved ? this.#pointer.keySpan : this.#pointer.span);
  }

  get keySpan(): Span {
    return this.#outer(this.#pointer.keySpan);
  }

  #outer(span: Span): Span {
    return this.#source.inline?.span(span) ?? span;
  }

  get exists(): boolean {
    const value = this.#value;
    if (value === undefined) return this.#absence === "open";
    return value.type === "written" ? value.place.exists : true;
  }

  get kind(): Place["kind"] {
    const value = this.#value;
    if (value === undefined) return this.#absence === "open" ? "opaque" : "absent";
    if (value.type === "written") return value.place.kind;
    const shape = shapeOf(value);
    return shape === "unknown" ? "opaque" : shape;
  }

  get isOpen(): boolean {
    const value = this.#value;
    if (value?.type === "written") return value.place.isOpen;
    return value?.type === "map" && value.open;
  }

  get source(): string | undefined {
    return this.#value?.type === "written" ? this.#value.place.source : undefined;
  }

  get keySource(): string | undefined {
    return this.#value?.type === "written" ? this.#value.place.keySource : undefined;
  }

  spanOf(part: string, index: number): Span | undefined {
    if (this.#value?.type !== "written") return undefined;
    const { span } = this.#value.place.partOf(part, index);
    return this.#outer(span);
  }

  at(...steps: readonly (string | number)[]): Place {
    return steps.reduce<ComposedPlace>((place, step) => place.#child(step), this);
  }

  #child(step: string | number): ComposedPlace {
    const value = this.#value;
    if (value?.type === "written") return this.#below(step, written(value.place.at(step), value.source));
    const part =
      value?.type === "map" && typeof step === "string"
        ? value.entries.get(step)
        : value?.type === "list" && typeof step === "number"
          ? value.items[step]
          : undefined;
    if (part !== undefined) return this.#below(step, part);
    return new ComposedPlace([...this.path, step], this.#missing(step));
  }

  #missing(step: string | number): Found {
    const value = this.#value;
    const nothing = { value: undefined, source: this.#source } as const;
    if (value === undefined && this.#absence === "removed") {
      return { ...nothing, pointer: this.#pointer, absence: "removed" };
    }
    const remover = value?.type === "map" && typeof step === "string" ? value.removed?.get(step) : undefined;
    if (remover !== undefined) {
      return { value: undefined, pointer: remover.place, source: remover.source, absence: "removed" };
    }
    const isOpen = value === undefined ? this.#absence === "open" : value.type === "unknown" || this.isOpen;
    return { ...nothing, pointer: this.#pointer.at(step), absence: isOpen ? "open" : "certain" };
  }

  #below(step: string | number, part: Value): ComposedPlace {
    const { place, source } = part;
    return new ComposedPlace([...this.path, step], { value: part, pointer: place, source, absence: "certain" });
  }

  items(): readonly Place[] {
    const list = this.#value && asItems(this.#value);
    return list?.map((item, index) => this.#below(index, item)) ?? [];
  }

  entries(): readonly (readonly [string, Place])[] {
    const map = this.#value && asMap(this.#value);
    return map === undefined ? [] : [...map.entries].map(([key, entry]) => [key, this.#below(key, entry)]);
  }

  value(): Plain | undefined {
    return this.#value && plain(this.#value);
  }
}

/** The items that are known, also where a tool may add more. */
function asItems(value: Value): readonly Value[] | undefined {
  if (value.type === "written") return value.place.items().map((item) => written(item, value.source));
  return asList(value)?.items;
}

/** As far as it is known: what is not counts as null. */
function plain(value: Value): Plain | undefined {
  switch (value.type) {
    case "written":
      return plainWritten(value);
    case "made":
      return value.value;
    case "unknown":
      return null;
    case "map":
      return Object.fromEntries([...value.entries].map(([key, entry]) => [key, plain(entry) ?? null]));
    case "list":
      return value.items.map((item) => plain(item) ?? null);
  }
}
