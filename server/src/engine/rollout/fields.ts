import * as v from "valibot";
import { rolloutFields, type Control, type Form } from "../kubernetes/rollout-fields.js";
import { unsetIfEmpty, type Field } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";
import { isMapping } from "../yaml/plain.js";
import { natural } from "./schema.js";

/* What follows from the table of the fields that a rollout depends on: `kubernetes/rollout-fields.ts`. */

/** Also NaN and infinity, which the API server refuses. */
const anyNumber = v.custom<number>((value) => typeof value === "number");

/** What fields of a form hold, and how they are read in a manifest. */
const forms = {
  count: { value: anyNumber, read: (place: Place) => place.integer() },
  amount: { value: v.union([anyNumber, v.string()]), read: (place: Place) => place.intOrString() },
  choice: { value: v.string(), read: (place: Place) => unsetIfEmpty(place.string()) },
} as const satisfies Readonly<
  Record<Form["type"], { readonly value: v.GenericSchema; readonly read: (place: Place) => Field<unknown> }>
>;

type Fields = typeof rolloutFields;
export type FieldName = keyof Fields;
/** A field that the preview has a control for. */
export type ControlName = { [K in FieldName]: Fields[K] extends { readonly control: Control } ? K : never }[FieldName];
export type FieldValue<K extends FieldName> = v.InferOutput<(typeof forms)[Fields[K]["form"]["type"]]["value"]>;
type FieldPath<K extends FieldName> = Fields[K]["path"];

/** `{ updateStrategy?: { type?: string } }` of `updateStrategy.type` and `string`. */
type Nested<P extends string, T> = P extends `${infer Block}.${infer Rest}`
  ? { readonly [K in Block]?: Nested<Rest, T> | undefined }
  : { readonly [K in P]?: T | undefined };
type Each = {
  [K in FieldName]: FieldPath<K> extends `spec.${infer P}` ? Nested<P, FieldValue<K>> : never;
}[FieldName];
type Both<T> = (T extends unknown ? (part: T) => void : never) extends (all: infer All) => void ? All : never;

/** The fields as the manifest has them, with the names and the nesting of the API. */
export type SimulatedFields = Both<Each>;

/** Values for the fields that have a control. */
export type ControlValues = { readonly [K in ControlName]?: FieldValue<K> | undefined };

export const fieldNames = Object.keys(rolloutFields).filter((name) => isFieldName(name));
export const controlNames = fieldNames.filter((name) => isControlName(name));

export function pathOf<K extends FieldName>(name: K): FieldPath<K> {
  return rolloutFields[name].path;
}

export function controlOf(name: ControlName): Control {
  return rolloutFields[name].control;
}

export function formOf(name: FieldName): Form {
  return rolloutFields[name].form;
}

/** Whether no update may change it. */
export function isImmutable(name: FieldName): boolean {
  return "immutable" in rolloutFields[name];
}

function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(rolloutFields, name);
}

function isControlName(name: FieldName): name is ControlName {
  return "control" in rolloutFields[name];
}

/** Reads all fields below a `spec`. */
export function readFields(spec: Place, valueOf: <T>(field: Field<T>) => T | undefined): SimulatedFields {
  return fieldsFrom(
    (block) => spec.at(...block).kind === "map",
    (name) => valueOf<unknown>(forms[formOf(name).type].read(spec.at(...stepsTo(name)))),
  );
}

/** A block within a block is left out where it is not there: `rollingUpdate` may be missing beside a type. */
function fieldsFrom(
  isThere: (block: readonly string[]) => boolean,
  valueAt: (name: FieldName) => unknown,
): SimulatedFields {
  return fieldNames.reduce<SimulatedFields>((read, name) => {
    const block = stepsTo(name).slice(0, -1);
    if (block.length > 1 && !isThere(block)) return withAt(read, block, undefined);
    return withField(read, name, valueAt(name));
  }, {});
}

/** The value of a field; `undefined` where the manifest leaves it out. */
export function fieldIn<K extends FieldName>(written: SimulatedFields, name: K): FieldValue<K> | undefined {
  const value = valueAt(written, stepsTo(name));
  return isValueOf(name, value) ? value : undefined;
}

/** The same, as the API server fills it in, also for an empty text. */
export function valueOf<K extends FieldName>(written: SimulatedFields, name: K): FieldValue<K> {
  const value = fieldIn(written, name);
  return value === undefined || value === "" ? standardOf(name) : value;
}

/** What the API server fills in. */
export function standardOf<K extends FieldName>(name: K): FieldValue<K> {
  const { standard } = rolloutFields[name];
  if (!isValueOf(name, standard)) throw new TypeError(`the default of ${name} is of another type`);
  return standard;
}

function isValueOf<K extends FieldName>(name: K, value: unknown): value is FieldValue<K> {
  return v.is(forms[formOf(name).type].value, value);
}

/** The same with another value in a field. */
export function withField<T extends SimulatedFields>(written: T, name: FieldName, value: unknown): T {
  return withAt(written, stepsTo(name), value);
}

function withAt<T extends object>(object: T, [step = "", ...rest]: readonly string[], value: unknown): T {
  const inner: unknown =
    rest.length === 0 ? value : withAt(isMapping(object) ? blockIn(object, step) : {}, rest, value);
  return { ...object, [step]: inner };
}

function blockIn(object: Readonly<Record<string, unknown>>, step: string): object {
  const block = object[step];
  return isMapping(block) ? block : {};
}

function valueAt(written: unknown, steps: readonly string[]): unknown {
  return steps.reduce((at, step) => (isMapping(at) ? at[step] : undefined), written);
}

/** `["updateStrategy", "type"]` */
function stepsTo(name: FieldName): readonly string[] {
  return pathOf(name).split(".").slice(1);
}

/** Neither infinity nor NaN, which come through where messages are cloned. */
function isSent(name: FieldName, value: unknown): boolean {
  return isValueOf(name, value) && (typeof value !== "number" || Number.isFinite(value));
}

/** All fields of a spec that another process sent. */
export const simulatedFields = v.pipe(
  v.custom<SimulatedFields>((value) => {
    const isRight = (name: FieldName, at: unknown, [step, ...rest]: readonly string[]): boolean => {
      if (at === undefined || at === null) return true;
      if (step === undefined) return isSent(name, at);
      return isMapping(at) && isRight(name, at[step], rest);
    };
    return isMapping(value) && fieldNames.every((name) => isRight(name, value, stepsTo(name)));
  }),
  v.transform((value) =>
    fieldsFrom(
      (block) => isMapping(valueAt(value, block)),
      (name) => fieldIn(value, name),
    ),
  ),
);

/** What the user has chosen for fields; what is `undefined` is not chosen. */
export const controlValues = v.pipe(
  v.custom<ControlValues>(
    (value) => isMapping(value) && controlNames.every((name) => value[name] === undefined || isSent(name, value[name])),
  ),
  v.transform((value): ControlValues => Object.fromEntries(controlNames.map((name) => [name, value[name]]))),
);

/** int32 in the API. */
const int32 = v.pipe(natural, v.maxValue(2 ** 31 - 1));

/**
 * What the API server of some release takes, so that it may be written to a manifest: maxUnavailable may not be 0, nor
 * more than 100% (ValidateStatefulSetSpec in pkg/apis/apps/validation/validation.go, Kubernetes 1.36).
 */
function validValue(name: FieldName) {
  const form = formOf(name);
  switch (form.type) {
    case "count":
      return int32;
    case "amount":
      return v.union([v.pipe(int32, v.minValue(1)), v.pipe(v.string(), v.regex(/^(?:100|[1-9]\d?)%$/))]);
    case "choice":
      return v.picklist(form.options);
  }
}

/** Edits of a manifest: fields that a rollout depends on get other values. */
export const fieldEdits = v.pipe(
  v.array(
    v.union([
      ...controlNames.map((name) => v.object({ field: v.literal(pathOf(name)), value: validValue(name) })),
      // The block goes: the API server refuses one beside any other strategy than RollingUpdate.
      v.object({ field: v.literal("spec.updateStrategy.rollingUpdate"), value: v.null() }),
    ]),
  ),
  v.nonEmpty(),
);
export type FieldEdit = Readonly<v.InferOutput<typeof fieldEdits>[number]>;

/** Whether something that another process sent is a non-empty list of edits that may be made. */
export function areFieldEdits(value: unknown): value is readonly FieldEdit[] {
  return v.is(fieldEdits, value);
}
