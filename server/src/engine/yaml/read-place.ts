import type { Span } from "../text/span.js";
import type { Plain } from "./edit.js";
import type { Field, Invalid, Opaque, Present } from "./field.js";
import type { Origin, Pointed } from "./origin.js";
import type { Path } from "./path.js";
import type { Place, Writer } from "./place.js";

/** What every place reads in the same way, whatever its value comes from. */
export abstract class ReadPlace implements Place {
  abstract readonly path: Path;
  abstract readonly span: Span;
  abstract readonly keySpan: Span;
  abstract readonly origin: Origin;
  abstract readonly exists: boolean;
  abstract readonly kind: Place["kind"];
  abstract readonly isOpen: boolean;
  abstract readonly source: string | undefined;
  abstract readonly keySource: string | undefined;
  /** The span of a part of the text, if it is written as it is read. */
  protected abstract spanOf(part: string, index: number): Span | undefined;
  abstract at(...steps: readonly (string | number)[]): Place;
  abstract items(): readonly Place[];
  abstract entries(): readonly (readonly [string, Place])[];
  abstract value(): Plain | undefined;

  get writers(): readonly Writer[] {
    return [];
  }

  get place(): Place {
    return this;
  }

  get key(): Pointed {
    return { place: this, span: this.keySpan };
  }

  partOf(text: string, index: number): Pointed {
    return { place: this, span: this.spanOf(text, index) ?? this.span };
  }

  /** See `Opaque`. */
  protected get symbol(): string | undefined {
    return undefined;
  }

  string(): Field<string> {
    return this.#scalar("string", (value) => (typeof value === "string" ? value : undefined));
  }

  integer(): Field<number> {
    return this.#scalar("integer", (value) =>
      typeof value === "number" && Number.isInteger(value) ? value : undefined,
    );
  }

  number(): Field<number> {
    return this.#scalar("number", (value) => (typeof value === "number" ? value : undefined));
  }

  boolean(): Field<boolean> {
    return this.#scalar("boolean", (value) => (typeof value === "boolean" ? value : undefined));
  }

  intOrString(): Field<number | string> {
    return this.#scalar("integer or string", (value) =>
      typeof value === "string" || (typeof value === "number" && Number.isInteger(value)) ? value : undefined,
    );
  }

  stringMap(): Field<ReadonlyMap<string, string>> {
    return this.#strings(
      "map of strings",
      this.map(),
      (map) => map.entries(),
      (entries) => new Map(entries),
    );
  }

  stringList(): Field<readonly string[]> {
    return this.#strings(
      "list of strings",
      this.list(),
      (items) => items.map((item, index) => [String(index), item] as const),
      (entries) => entries.map(([, value]) => value),
    );
  }

  /** A field of which every part must be a string. */
  #strings<F, T>(
    expected: string,
    field: Field<F>,
    partsOf: (value: F) => readonly (readonly [string, Place])[],
    build: (strings: readonly (readonly [string, string])[]) => T,
  ): Field<T> {
    if (field.state === "invalid") return { ...field, expected };
    if (field.state !== "present") return field;
    if (this.isOpen) return this.#opaque();
    const strings: (readonly [string, string])[] = [];
    for (const [key, part] of partsOf(field.value)) {
      const string = part.string();
      if (string.state === "opaque") return this.#opaque();
      if (string.state === "invalid") return this.#invalid(expected);
      strings.push([key, string.state === "present" ? string.value : ""]);
    }
    return this.#present(build(strings));
  }

  map(): Field<Place> {
    // Items behind a tag may go on with a list that the tag begins, in a map that it writes.
    if (this.kind === "list" && this.isOpen) return this.#opaque();
    return this.#field("map", () => (this.kind === "map" ? this : undefined));
  }

  list(): Field<readonly Place[]> {
    const list = this.#field("list", () => (this.kind === "list" ? this.items() : undefined));
    return list.state === "present" && this.isOpen ? this.#opaque() : list;
  }

  #scalar<T>(expected: string, accept: (value: Plain | undefined) => T | undefined): Field<T> {
    return this.#field(expected, () => (this.kind === "scalar" ? accept(this.value()) : undefined));
  }

  #field<T>(expected: string, read: () => T | undefined): Field<T> {
    const { kind } = this;
    if (kind === "absent" || kind === "null") {
      return { state: "absent", place: this, path: this.path, span: this.exists ? this.keySpan : this.span };
    }
    if (kind === "opaque") return this.#opaque();
    const value = read();
    return value === undefined ? this.#invalid(expected) : this.#present(value);
  }

  #present<T>(value: T): Present<T> {
    return { state: "present", value, place: this, path: this.path, span: this.span, keySpan: this.keySpan };
  }

  #opaque(): Opaque {
    const { symbol } = this;
    return {
      state: "opaque",
      place: this,
      path: this.path,
      span: this.span,
      ...(symbol === undefined ? {} : { symbol }),
    };
  }

  #invalid(expected: string): Invalid {
    return { state: "invalid", expected, place: this, path: this.path, span: this.span };
  }
}
