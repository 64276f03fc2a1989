import * as v from "valibot";
import {
  controlNames,
  controlValues,
  fieldIn,
  isImmutable,
  pathOf,
  valueOf,
  withField,
  type ControlName,
  type FieldEdit,
} from "../../../server/src/engine/rollout/fields.js";
import { natural, number, optional, type Read } from "../../../server/src/engine/rollout/schema.js";
import type { WrittenSpec } from "../../../server/src/engine/rollout/spec.js";

export const release = v.object({ minor: natural, patch: optional(natural) });

const seconds = optional(number);

/** Something that goes wrong with each new pod of an ordinal. */
const supposedFault = v.object({
  ordinal: natural,
  effect: v.variant("type", [
    v.object({ type: v.picklist(["neverReady", "crashLoop", "unschedulable", "failsOnce"]) }),
    v.object({ type: v.literal("slow"), secondsToReady: number }),
  ]),
});
export type SupposedFault = Read<typeof supposedFault>;

/** What the user supposes in the panel without editing the file. What is `undefined` is as the manifest says. */
export const whatIf = v.intersect([
  controlValues,
  v.object({
    release: optional(release),
    /** From Running to Ready, for every pod. */
    secondsToReady: seconds,
    /** From creation until Running, from deletion until gone, and until a lost node lets volumes go. */
    secondsToStart: seconds,
    secondsToStop: seconds,
    secondsToDetach: seconds,
    faults: v.array(supposedFault),
  }),
]);
export type WhatIf = Read<typeof whatIf>;

export const noWhatIf: WhatIf = {
  ...noValues(),
  release: undefined,
  secondsToReady: undefined,
  secondsToStart: undefined,
  secondsToStop: undefined,
  secondsToDetach: undefined,
  faults: [],
};

function noValues(): Partial<Record<ControlName, undefined>> {
  const values: Partial<Record<ControlName, undefined>> = {};
  for (const name of controlNames) values[name] = undefined;
  return values;
}

export function isAsWritten(whatIf: WhatIf): boolean {
  const { faults, ...fields } = whatIf;
  return faults.length === 0 && Object.values(fields).every((value) => value === undefined);
}

/** Without what the manifest says by now: that is supposed no longer. */
export function withoutWritten(whatIf: WhatIf, written: WrittenSpec): WhatIf {
  const said = controlNames.filter((name) => whatIf[name] !== undefined && whatIf[name] === valueOf(written, name));
  return said.length === 0 ? whatIf : { ...whatIf, ...Object.fromEntries(said.map((name) => [name, undefined])) };
}

/** What to write so that the manifest says what is supposed of it. */
export function editsOf(written: WrittenSpec, whatIf: WhatIf): readonly FieldEdit[] {
  const supposed = withWhatIf(written, whatIf);
  const edits = controlNames.flatMap((name): readonly FieldEdit[] => {
    const value = fieldIn(supposed, name);
    // What is supposed never leaves a single field out.
    return value === undefined || value === fieldIn(written, name) ? [] : [{ field: pathOf(name), value }];
  });
  const blockGoes = written.updateStrategy?.rollingUpdate && !supposed.updateStrategy?.rollingUpdate;
  return blockGoes ? [...edits, { field: "spec.updateStrategy.rollingUpdate", value: null }] : edits;
}

/** The manifest as it would be if all that is supposed were written in it. */
export function withWhatIf(written: WrittenSpec, whatIf: WhatIf): WrittenSpec {
  const supposed = controlNames.filter((name) => whatIf[name] !== undefined);
  const spec = supposed.reduce((known, name) => withField(known, name, whatIf[name]), written);
  const type = spec.updateStrategy?.type;
  const isOther = type !== undefined && type !== "RollingUpdate";
  return isOther && supposed.some((name) => pathOf(name).startsWith("spec.updateStrategy."))
    ? { ...spec, updateStrategy: { type } }
    : spec;
}

/**
 * The same for a set that is supposed to be running already: only what no update could change, because to suppose
 * another podManagementPolicy is to suppose that the set has always had it.
 */
export function withImmutableWhatIf(written: WrittenSpec, whatIf: WhatIf): WrittenSpec {
  return controlNames
    .filter((name) => isImmutable(name) && whatIf[name] !== undefined)
    .reduce((spec, name) => withField(spec, name, whatIf[name]), written);
}
