import { unsetIfEmpty, type Field } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";
import { isMapping } from "../yaml/plain.js";

/**
 * A field of a StatefulSet that a rollout depends on. All that is done with it follows from its entry: the type of
 * `WrittenSpec`, its reader, the guards of messages and of edits, the default, and the control of the preview.
 */
interface SimulatedField<T = unknown> {
  /** As the API writes it. */
  readonly path: `spec.${string}`;
  /** Whether something that another process sent is of its type. */
  readonly is: (value: unknown) => value is T;
  /** The same of what the user chooses in the preview. */
  readonly isChoice: (value: unknown) => value is T;
  readonly read: (place: Place) => Field<T>;
  /** Whether the API server of some release takes the value, so that it may be written to a manifest. */
  readonly isValid: (value: unknown) => boolean;
  /** What the API server fills in (pkg/apis/apps/v1/defaults.go, Kubernetes 1.36). */
  readonly standard: T;
  readonly form: Form;
  /** No update may change it. */
  readonly immutable?: true;
  /** Absent for a field that the preview only reads. */
  readonly control?: Control;
}

/** A number from 0, a number or a percentage, one of some words. */
export type Form =
  | { readonly type: "count" }
  | { readonly type: "amount" }
  | { readonly type: "choice"; readonly options: readonly string[] };

/** How the preview asks for another value. */
export interface Control {
  readonly label: string;
  /** `more`: only shown after a click. */
  readonly row: "first" | "more";
  /** Its place in the row. */
  readonly order: number;
  /** It means something for rolling updates only. */
  readonly rolling?: true;
  /** Options that only later releases of Kubernetes 1 have. */
  readonly since?: Readonly<Record<string, number>>;
}

const count = {
  form: { type: "count" },
  is: isNumber,
  isChoice: isNatural,
  read: (place: Place) => place.integer(),
  isValid: isCount,
} as const;

const amount = {
  form: { type: "amount" },
  is: isNumberOrText,
  isChoice: isNumberOrText,
  read: (place: Place) => place.intOrString(),
  isValid: isAmount,
} as const;

function oneOf(...options: readonly string[]) {
  return {
    is: isText,
    isChoice: isText,
    read: (place: Place) => unsetIfEmpty(place.string()),
    isValid: (value: unknown) => typeof value === "string" && options.includes(value),
    form: { type: "choice", options },
  } as const;
}

/** In the order in which they are read and written. */
export const fields = {
  replicas: {
    path: "spec.replicas",
    ...count,
    standard: 1,
    control: { label: "replicas", row: "first", order: 1 },
  },
  podManagementPolicy: {
    path: "spec.podManagementPolicy",
    ...oneOf("OrderedReady", "Parallel"),
    standard: "OrderedReady",
    immutable: true,
    control: { label: "policy", row: "first", order: 4 },
  },
  minReadySeconds: {
    path: "spec.minReadySeconds",
    ...count,
    standard: 0,
    control: { label: "minReadySeconds", row: "more", order: 2 },
  },
  strategy: {
    path: "spec.updateStrategy.type",
    ...oneOf("RollingUpdate", "OnDelete", "Recreate"),
    standard: "RollingUpdate",
    control: { label: "strategy", row: "more", order: 1, since: { Recreate: 37 } },
  },
  partition: {
    path: "spec.updateStrategy.rollingUpdate.partition",
    ...count,
    standard: 0,
    control: { label: "partition", row: "first", order: 2, rolling: true },
  },
  maxUnavailable: {
    path: "spec.updateStrategy.rollingUpdate.maxUnavailable",
    ...amount,
    standard: 1,
    control: { label: "maxUnavailable", row: "first", order: 3, rolling: true },
  },
  firstOrdinal: { path: "spec.ordinals.start", ...count, standard: 0 },
  whenScaled: {
    path: "spec.persistentVolumeClaimRetentionPolicy.whenScaled",
    ...oneOf("Retain", "Delete"),
    standard: "Retain",
    control: { label: "whenScaled", row: "more", order: 3 },
  },
  whenDeleted: {
    path: "spec.persistentVolumeClaimRetentionPolicy.whenDeleted",
    ...oneOf("Retain", "Delete"),
    standard: "Retain",
    control: { label: "whenDeleted", row: "more", order: 4 },
  },
  revisionHistoryLimit: { path: "spec.revisionHistoryLimit", ...count, standard: 10 },
} as const satisfies Readonly<Record<string, SimulatedField>>;

type Fields = typeof fields;
export type FieldName = keyof Fields;
/** A field that the preview has a control for. */
export type ControlName = { [K in FieldName]: Fields[K] extends { readonly control: Control } ? K : never }[FieldName];
export type FieldValue<K extends FieldName> = Fields[K]["is"] extends (value: unknown) => value is infer T ? T : never;
export type FieldPath<K extends FieldName> = Fields[K]["path"];

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

export const fieldNames = Object.keys(fields).filter((name) => isFieldName(name));
export const controlNames = fieldNames.filter((name) => isControlName(name));

export function controlOf(name: ControlName): Control {
  return fields[name].control;
}

export function formOf(name: FieldName): Form {
  return fields[name].form;
}

function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(fields, name);
}

function isControlName(name: FieldName): name is ControlName {
  return "control" in fields[name];
}

/**
 * Reads all fields below a `spec`. A block within a block is left out where the manifest leaves it out: `rollingUpdate`
 * may be missing beside a type.
 */
export function readFields(spec: Place, valueOf: <T>(field: Field<T>) => T | undefined): SimulatedFields {
  return fieldNames.reduce<SimulatedFields>((read, name) => {
    const steps = stepsTo(name);
    const block = steps.slice(0, -1);
    if (block.length > 1 && spec.at(...block).kind !== "map") return withAt(read, block, undefined);
    return withField(read, name, valueOf<unknown>(fields[name].read(spec.at(...steps))));
  }, {});
}

/** The value of a field; `undefined` where the manifest leaves it out. */
export function fieldIn<K extends FieldName>(written: SimulatedFields, name: K): FieldValue<K> | undefined {
  const value = stepsTo(name).reduce<unknown>((at, step) => (isMapping(at) ? at[step] : undefined), written);
  return isValueOf(name, value) ? value : undefined;
}

/** The same, as the API server fills it in. */
export function valueOf<K extends FieldName>(written: SimulatedFields, name: K): FieldValue<K> {
  const value: unknown = fieldIn(written, name) ?? fields[name].standard;
  if (!isValueOf(name, value)) throw new TypeError(`the default of ${name} is of another type`);
  return value;
}

/** Whether something may be chosen for all fields that have a control; what is `undefined` is not chosen. */
export function areChoices(value: Readonly<Record<string, unknown>>): boolean {
  return controlNames.every((name) => value[name] === undefined || fields[name].isChoice(value[name]));
}

function isValueOf<K extends FieldName>(name: K, value: unknown): value is FieldValue<K> {
  return fields[name].is(value);
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

/** Whether something that another process sent has no field of a wrong type. JSON-RPC makes null of what is left out. */
export function areSimulatedFields(value: unknown): value is SimulatedFields {
  const isRight = (at: unknown, [step, ...rest]: readonly string[], is: (value: unknown) => boolean): boolean => {
    if (at === undefined || at === null) return true;
    if (step === undefined) return is(at);
    return isMapping(at) && isRight(at[step], rest, is);
  };
  return isMapping(value) && fieldNames.every((name) => isRight(value, stepsTo(name), fields[name].is));
}

/** `["updateStrategy", "type"]` */
function stepsTo(name: FieldName): readonly string[] {
  return fields[name].path.split(".").slice(1);
}

/** Neither infinity nor NaN, which come through where messages are cloned. */
function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function isNatural(value: unknown): value is number {
  return isNumber(value) && Number.isInteger(value) && value >= 0;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isNumberOrText(value: unknown): value is number | string {
  return isNumber(value) || isText(value);
}

/** int32 in the API. */
function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 2 ** 31;
}

/**
 * A positive number or percentage: maxUnavailable may not be 0, nor more than 100% (ValidateStatefulSetSpec in
 * pkg/apis/apps/validation/validation.go, Kubernetes 1.36).
 */
function isAmount(value: unknown): boolean {
  if (typeof value !== "string") return isCount(value) && value !== 0;
  return /^(?:100|[1-9]?\d)%$/.test(value) && value !== "0%";
}
