import type { Release } from "../../../server/src/engine/kubernetes/versions.js";
import type { EditableField, FieldEdit } from "../../../server/src/engine/rollout/field-edit.js";
import type { WrittenSpec, WrittenUpdateStrategy } from "../../../server/src/engine/rollout/spec.js";
import type { FaultEffect } from "../../../server/src/engine/rollout/world.js";

/** The fields of a StatefulSet that can be supposed to be different. */
export interface SpecValues {
  readonly replicas: number;
  readonly partition: number;
  readonly maxUnavailable: number | string;
  readonly podManagementPolicy: string;
  readonly strategy: string;
  readonly minReadySeconds: number;
  readonly whenScaled: string;
  readonly whenDeleted: string;
}

/** What the user supposes in the panel without editing the file. What is `undefined` is as the manifest says. */
export type WhatIf = { readonly [K in keyof SpecValues]: SpecValues[K] | undefined } & WhatIfAround;

/** What is supposed about the world around the manifest. */
interface WhatIfAround {
  readonly release: Release | undefined;
  /** From Running to Ready, for every pod. */
  readonly secondsToReady: number | undefined;
  readonly faults: readonly SupposedFault[];
}

/** Something that goes wrong with each new pod of an ordinal. */
export interface SupposedFault {
  readonly ordinal: number;
  readonly effect: FaultEffect;
}

export const noWhatIf: WhatIf = {
  replicas: undefined,
  partition: undefined,
  maxUnavailable: undefined,
  podManagementPolicy: undefined,
  strategy: undefined,
  minReadySeconds: undefined,
  whenScaled: undefined,
  whenDeleted: undefined,
  release: undefined,
  secondsToReady: undefined,
  faults: [],
};

/** What the manifest says, with the defaults of the API server where it says nothing (pkg/apis/apps/v1/defaults.go). */
export function valuesOf(written: WrittenSpec): SpecValues {
  const { updateStrategy, persistentVolumeClaimRetentionPolicy: retention } = written;
  return {
    replicas: written.replicas ?? 1,
    partition: updateStrategy?.rollingUpdate?.partition ?? 0,
    maxUnavailable: updateStrategy?.rollingUpdate?.maxUnavailable ?? 1,
    podManagementPolicy: written.podManagementPolicy ?? "OrderedReady",
    strategy: updateStrategy?.type ?? "RollingUpdate",
    minReadySeconds: written.minReadySeconds ?? 0,
    whenScaled: retention?.whenScaled ?? "Retain",
    whenDeleted: retention?.whenDeleted ?? "Retain",
  };
}

export function isAsWritten(whatIf: WhatIf): boolean {
  const { faults, ...fields } = whatIf;
  return faults.length === 0 && Object.values(fields).every((value) => value === undefined);
}

/** Without what the manifest says by now: that is supposed no longer. */
export function withoutWritten(whatIf: WhatIf, written: WrittenSpec): WhatIf {
  const values = new Map<string, unknown>(Object.entries(valuesOf(written)));
  const said = Object.entries(whatIf).filter(([key, value]) => value !== undefined && values.get(key) === value);
  return said.length === 0 ? whatIf : { ...whatIf, ...Object.fromEntries(said.map(([key]) => [key, undefined])) };
}

/** What to write so that the manifest says what is supposed of it. */
export function editsOf(written: WrittenSpec, whatIf: WhatIf): readonly FieldEdit[] {
  const supposed = withWhatIf(written, whatIf);
  const before = new Map(fieldsOf(written));
  const edits = fieldsOf(supposed).flatMap(([field, value]): readonly FieldEdit[] =>
    // What is supposed never leaves a single field out.
    value === undefined || value === before.get(field) ? [] : [{ field, value }],
  );
  const blockGoes = written.updateStrategy?.rollingUpdate && !supposed.updateStrategy?.rollingUpdate;
  return blockGoes ? [...edits, { field: "spec.updateStrategy.rollingUpdate", value: null }] : edits;
}

function fieldsOf(spec: WrittenSpec): readonly (readonly [EditableField, number | string | undefined])[] {
  const { updateStrategy, persistentVolumeClaimRetentionPolicy: retention } = spec;
  return [
    ["spec.replicas", spec.replicas],
    ["spec.podManagementPolicy", spec.podManagementPolicy],
    ["spec.minReadySeconds", spec.minReadySeconds],
    ["spec.updateStrategy.type", updateStrategy?.type],
    ["spec.updateStrategy.rollingUpdate.partition", updateStrategy?.rollingUpdate?.partition],
    ["spec.updateStrategy.rollingUpdate.maxUnavailable", updateStrategy?.rollingUpdate?.maxUnavailable],
    ["spec.persistentVolumeClaimRetentionPolicy.whenScaled", retention?.whenScaled],
    ["spec.persistentVolumeClaimRetentionPolicy.whenDeleted", retention?.whenDeleted],
  ];
}

/** The manifest as it would be if all that is supposed were written in it. */
export function withWhatIf(written: WrittenSpec, whatIf: WhatIf): WrittenSpec {
  return {
    ...withImmutableWhatIf(written, whatIf),
    replicas: whatIf.replicas ?? written.replicas,
    minReadySeconds: whatIf.minReadySeconds ?? written.minReadySeconds,
    updateStrategy: withStrategy(written.updateStrategy, whatIf),
    persistentVolumeClaimRetentionPolicy: withRetention(written.persistentVolumeClaimRetentionPolicy, whatIf),
  };
}

/**
 * The same for a set that is supposed to be running already: only what no update could change, because to suppose
 * another podManagementPolicy is to suppose that the set has always had it.
 */
export function withImmutableWhatIf(written: WrittenSpec, { podManagementPolicy }: WhatIf): WrittenSpec {
  return { ...written, podManagementPolicy: podManagementPolicy ?? written.podManagementPolicy };
}

/** Only what is supposed is written: a block that is left out is not the same as an empty one (`UpdateStrategy`). */
function withStrategy(
  written: WrittenUpdateStrategy | undefined,
  { strategy, partition, maxUnavailable }: WhatIf,
): WrittenUpdateStrategy | undefined {
  if (strategy === undefined && partition === undefined && maxUnavailable === undefined) return written;
  const type = strategy ?? written?.type;
  if (type !== undefined && type !== "RollingUpdate") return { type };
  const block = written?.rollingUpdate;
  const supposed = partition !== undefined || maxUnavailable !== undefined;
  return {
    type,
    rollingUpdate: supposed
      ? { partition: partition ?? block?.partition, maxUnavailable: maxUnavailable ?? block?.maxUnavailable }
      : block,
  };
}

function withRetention(
  written: WrittenSpec["persistentVolumeClaimRetentionPolicy"],
  { whenScaled, whenDeleted }: WhatIf,
): WrittenSpec["persistentVolumeClaimRetentionPolicy"] {
  if (whenScaled === undefined && whenDeleted === undefined) return written;
  return { whenScaled: whenScaled ?? written?.whenScaled, whenDeleted: whenDeleted ?? written?.whenDeleted };
}
