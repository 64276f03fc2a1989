import * as v from "valibot";

/* What the schemas of specs, edits and messages are made of. */

/** What may be left out: JSON-RPC makes nothing at all of what is undefined, or null. */
export function optional<S extends v.GenericSchema>(schema: S): v.NullishSchema<S, () => undefined> {
  return v.nullish(schema, () => undefined);
}

/** Neither infinity nor NaN, which come through where messages are cloned. */
export const number = v.pipe(v.number(), v.finite());

/** From 0. */
export const natural = v.pipe(number, v.integer(), v.minValue(0));

/** What a schema makes of something that another process sent; `undefined` where it is something else. */
export function read<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T | undefined {
  const { success, output } = v.safeParse(schema, value);
  return success ? output : undefined;
}

/** What a schema reads, not to be changed. */
export type Read<S extends v.GenericSchema> = Constant<v.InferOutput<S>>;

type Constant<T> = T extends object ? { readonly [K in keyof T]: Constant<T[K]> } : T;

/** The same, in which what may be undefined may be left out. */
export type ReadPartly<S extends v.GenericSchema> = Partly<v.InferOutput<S>>;

type Partly<T> = T extends readonly (infer Item)[]
  ? readonly Partly<Item>[]
  : T extends object
    ? { readonly [K in keyof T as undefined extends T[K] ? never : K]: Partly<T[K]> } & {
        readonly [K in keyof T as undefined extends T[K] ? K : never]?: Partly<T[K]>;
      }
    : T;
