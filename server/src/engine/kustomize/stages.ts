import type { ComposedResource } from "./composed-resource.js";
import type { PlannedStep, StepLog } from "./step.js";
import type { Remark } from "./remark.js";
import { replaceIn, replacementValue, type Resources } from "./replacements.js";
import type { Replacement } from "./kustomization.js";
import { plainOf } from "./value.js";

/** What a part of a kustomization makes of all resources. */
export type Stage = (resources: Resources) => StageResult;

interface StageResult {
  readonly resources: readonly ComposedResource[];
  readonly remarks: readonly Remark[];
  /** What each resource is called is still known. */
  readonly sure: boolean;
}

/** What steps made of one resource. */
interface Passed {
  readonly result: ComposedResource | undefined;
  readonly remarks: readonly Remark[];
  readonly sure: boolean;
  /** The steps, by their number, that the resource is one for. */
  readonly matched: ReadonlySet<number>;
}

/** Steps that look at each resource by itself. What they make of the same resource is the same object. */
export function eachStage(steps: readonly PlannedStep[]): Stage {
  const results = new WeakMap<ComposedResource, Passed>();
  return ({ all, complete, mayHold }) => {
    const passed = all.map((resource) => {
      const known = results.get(resource) ?? pass(steps, resource);
      results.set(resource, known);
      return known;
    });
    const sure = passed.every((one) => one.sure);
    const unmet = steps.flatMap(({ wanted }, index) => {
      if (wanted === undefined || !complete || !sure || mayHold([wanted.name])) return [];
      const count = passed.filter(({ matched }) => matched.has(index)).length;
      if (count === 0) return [wanted.remark];
      return count > 1 && wanted.several !== undefined ? [wanted.several(count)] : [];
    });
    return {
      resources: passed.flatMap(({ result }) => result ?? []),
      remarks: [...passed.flatMap((one) => one.remarks), ...unmet],
      sure,
    };
  };
}

function pass(steps: readonly PlannedStep[], resource: ComposedResource): Passed {
  const remarks: Remark[] = [];
  const matched = new Set<number>();
  let sure = true;
  let result: ComposedResource | undefined = resource;
  for (const [index, { step }] of steps.entries()) {
    result &&= step(result, {
      remark: (remark) => remarks.push(remark),
      matched: () => matched.add(index),
      unsure: () => {
        sure = false;
      },
    });
  }
  return { result, remarks, sure, matched };
}

/** A replacement: what it writes comes from another resource. */
export function replacementStage(replacement: Replacement): Stage {
  const results = new WeakMap<ComposedResource, Passed & { readonly from: string }>();
  return (resources) => {
    const { log, told } = createLog();
    const value = replacementValue(replacement, resources, log);
    const from = JSON.stringify((value && plainOf(value)) ?? null);
    const passed = resources.all.map((resource) => {
      const known = results.get(resource);
      if (known?.from === from) return known;
      const step = (one: ComposedResource, own: StepLog) => replaceIn(one, replacement, value, own);
      const fresh = { ...pass([{ step }], resource), from };
      results.set(resource, fresh);
      return fresh;
    });
    return {
      resources: passed.flatMap(({ result }) => result ?? []),
      remarks: [...told, ...passed.flatMap((one) => one.remarks)],
      sure: passed.every((one) => one.sure),
    };
  };
}

function createLog(): { readonly log: StepLog; readonly told: readonly Remark[] } {
  const told: Remark[] = [];
  return { log: { remark: (remark) => told.push(remark), matched: () => undefined, unsure: () => undefined }, told };
}
