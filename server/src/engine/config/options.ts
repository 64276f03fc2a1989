import { inCode } from "../text/code.js";

/** What a user may choose about a rule beside its severity, by name: declared by the rule as data. */
export type Options = Readonly<Record<string, Option>>;

export type Option = IntegerOption | StringsOption;

interface Documented {
  /** One sentence of Markdown, for the rule's page and for editors. */
  readonly description: string;
}

export interface IntegerOption extends Documented {
  readonly type: "integer";
  readonly default: number;
  readonly minimum: number;
}

/** A list; what the user gives takes the place of the default one. */
export interface StringsOption extends Documented {
  readonly type: "strings";
  readonly default: readonly string[];
}

/** The value of each option, as a rule's check gets it. */
export type OptionValues<O extends Options = Options> = { readonly [Name in keyof O]: OptionValue<O[Name]> };
type OptionValue<O extends Option = Option> = O extends IntegerOption ? number : readonly string[];

/** What the user has set of a rule's options; each has passed `readOption`. */
export type GivenOptions = Readonly<Record<string, OptionValue>>;

/** The values that the user has set, and for the others their defaults. */
export function optionValues(options: Options, given: GivenOptions): OptionValues {
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, given[name] ?? option.default]));
}

/** What of a value can be used for an option, and sentences about the rest; `path` leads to it from the value. */
export interface ReadOption<V = OptionValue> {
  readonly value: V | undefined;
  readonly problems: readonly { readonly path: readonly number[]; readonly text: string }[];
}

export function readOption(option: Option, value: unknown): ReadOption {
  switch (option.type) {
    case "integer": {
      if (typeof value !== "number" || !Number.isSafeInteger(value)) return wrong(value, "is not a whole number");
      if (value < option.minimum) return wrong(value, `is less than ${option.minimum}`);
      return { value, problems: [] };
    }
    case "strings":
      return readStrings(value);
  }
}

/** The texts of a list. */
export function readStrings(value: unknown): ReadOption<readonly string[]> {
  if (!Array.isArray(value)) return wrong(value, "is not a list");
  const items: readonly unknown[] = value;
  return {
    value: items.filter((item) => typeof item === "string"),
    problems: items.flatMap((item, index) =>
      typeof item === "string" ? [] : [{ path: [index], text: `${inCode(show(item))} is not a text` }],
    ),
  };
}

function wrong(value: unknown, why: string): ReadOption<never> {
  return { value: undefined, problems: [{ path: [], text: `${inCode(show(value))} ${why}` }] };
}

/** Any value as a sentence names it. */
export function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
