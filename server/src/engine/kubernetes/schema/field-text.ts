import { descriptions, texts } from "./data/descriptions.js";
import type { FieldSchema, Scalar } from "./schema.js";

/** What the API documentation says of one field, in its own words: plain text, mostly of one paragraph. */
export interface FieldText {
  readonly summary: string;
  /** What is said of each value that is listed with an explanation. */
  readonly values: ReadonlyMap<string, string>;
}

/** `undefined` where the documentation says nothing. `owner` is the type that has the field, such as `Container`. */
export function fieldText(owner: string, field: string): FieldText | undefined {
  const number = descriptions()[owner]?.[field];
  const text = number === undefined ? undefined : texts()[number];
  if (text === undefined || text === "") return undefined;
  const [before = "", listed = ""] = text.split("Possible enum values:");
  const summary = listed === "" ? before : before.trimEnd();
  // - `"Always"` means that kubelet always attempts to pull the latest image.
  const values = listed.matchAll(/^ - `"([^"]*)"` ?(.*)$/gm);
  return { summary, values: new Map([...values].map(([, value = "", meaning = ""]) => [value, meaning])) };
}

/**
 * The value that stands for one that is left out, as far as the documentation says so without an "if": `Defaults to 3.
 * Minimum value is 1.` has one, `Defaults to Always if :latest tag is specified` has none. Only a value that the field
 * may have counts.
 */
export function documentedDefault(field: FieldSchema, summary: string): string | undefined {
  if (field.type.kind !== "scalar") return undefined;
  for (const { 0: sentence, 1: found = "", index } of summary.matchAll(defaultSentence)) {
    const end = index + sentence.length;
    const [behind = ""] = summary.slice(end, end + 30).split("\n");
    const value = found.replace(/^["`](.*)["`]$/, "$1");
    if (value !== "" && unconditional.test(behind) && mayBe(value, field, field.type.scalar)) return value;
  }
  return undefined;
}

const defaultSentence = /\b[Dd]efaults?(?: (?:value|policy))?,? ?(?:to|is|of)? ("[^"\n]*"|`[^`\n]*`|[A-Za-z0-9]+)/g;

/** How the sentence goes on behind a default that always holds. */
const unconditional = /^(?:[.,;]?$|[.;] |, uses | ?\(| seconds?\.| pods?\.| is used| if (?:unset|unspecified)\.)/;

function mayBe(value: string, { values }: FieldSchema, scalar: Scalar): boolean {
  if (values !== undefined) return values.some((one) => one.value === value);
  switch (scalar) {
    case "bool":
      return value === "true" || value === "false";
    case "int32":
    case "int64":
      return /^\d+$/.test(value);
    default:
      return false;
  }
}
