import type { ComposedResource } from "./composed-resource.js";
import type { Remark } from "./remark.js";

/** What one transformer of a kustomization does to a resource; `undefined` where it takes the resource away. */
export type Step = (resource: ComposedResource, log: StepLog) => ComposedResource | undefined;

/** What a step tells beside its result. */
export interface StepLog {
  remark(remark: Remark): void;
  /** The resource is one that the step is for. */
  matched(): void;
  /** What the resource is called now is not known. */
  unsure(): void;
}

/** A step that may have to find a resource: if it is for none that there is, the build fails. */
export interface PlannedStep {
  readonly step: Step;
  readonly wanted?: Wanted;
}

export interface Wanted {
  readonly remark: Remark;
  /** It must be for one alone: what is wrong if it is for several. */
  readonly several?: (count: number) => Remark;
  /** What the text of a resource that it is for must have in it. */
  readonly name: string;
}
