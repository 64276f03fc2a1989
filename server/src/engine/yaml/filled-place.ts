import type { Span } from "../text/span.js";
import type { Plain } from "./edit.js";
import type { Origin } from "./origin.js";
import type { Path } from "./path.js";
import type { FilledFrom, Place } from "./place.js";
import { equal, isList, isMapping } from "./plain.js";
import { ReadPlace } from "./read-place.js";

/** A spot in what a template fills in. Its path is that in the object, its spans are of the document it is taken from. */
export class FilledPlace extends ReadPlace {
  readonly path: Path;
  readonly #value: Plain | undefined;
  readonly #from: FilledFrom;

  constructor(path: Path, value: Plain | undefined, from: FilledFrom) {
    super();
    this.path = path;
    this.#value = value;
    this.#from = from;
  }

  /** Untouched as long as the template writes the value as it is. */
  get origin(): Origin {
    const { document, place } = this.#from;
    const untouched = this.#value === undefined ? !place.exists : equal(this.#value, place.value());
    return { document, path: place.path, isInline: false, untouched, holds: "resource", note: undefined };
  }

  get span(): Span {
    return this.#from.place.span;
  }

  get keySpan(): Span {
    return this.#from.place.keySpan;
  }

  get exists(): boolean {
    return this.#value !== undefined;
  }

  get kind(): Place["kind"] {
    const value = this.#value;
    if (value === undefined) return "absent";
    if (value === null) return "null";
    return isList(value) ? "list" : isMapping(value) ? "map" : "scalar";
  }

  get isOpen(): boolean {
    return false;
  }

  get source(): string | undefined {
    return this.origin.untouched ? this.#from.place.source : undefined;
  }

  get keySource(): string | undefined {
    return this.#from.place.keySource;
  }

  protected spanOf(part: string, index: number): Span | undefined {
    return this.origin.untouched ? this.#from.place.partOf(part, index).span : undefined;
  }

  at(...steps: readonly (string | number)[]): Place {
    return steps.reduce<FilledPlace>((place, step) => place.#child(step), this);
  }

  #child(step: string | number): FilledPlace {
    const value = this.#value;
    const part =
      typeof step === "number"
        ? isList(value)
          ? value[step]
          : undefined
        : isMapping(value) && Object.hasOwn(value, step)
          ? value[step]
          : undefined;
    const { document, place } = this.#from;
    return new FilledPlace([...this.path, step], part, { document, place: place.at(step) });
  }

  items(): readonly Place[] {
    return isList(this.#value) ? this.#value.map((_, index) => this.#child(index)) : [];
  }

  entries(): readonly (readonly [string, Place])[] {
    return isMapping(this.#value) ? Object.keys(this.#value).map((key) => [key, this.#child(key)]) : [];
  }

  value(): Plain | undefined {
    return this.#value;
  }
}
