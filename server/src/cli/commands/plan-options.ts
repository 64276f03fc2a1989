import type { ApplyWay } from "../../engine/api.js";
import type { Verbosity } from "../failures.js";
import type { Danger } from "../plans.js";
import type { PlanFormat } from "../reporters/plans.js";

export interface PlanOptions extends Verbosity, NodeOptions {
  /** A file, or a revision of git. */
  readonly from?: string;
  readonly mergeBase?: boolean;
  readonly failOn?: readonly Danger[];
  /** How the manifest is applied; `client` by default. */
  readonly apply?: ApplyWay;
  readonly scenario?: string;
  readonly name?: string;
  readonly render?: boolean;
  /** Of charts, with `render`. */
  readonly values?: readonly string[];
  readonly loadRestrictor?: string;
  readonly kubernetesVersion?: string;
  readonly askCluster?: boolean;
  readonly format: PlanFormat;
  readonly color?: boolean;
}

/** The options of `plan` that are about nodes, as they are typed. */
export interface NodeOptions {
  readonly play?: string;
  /** A number, or a file. */
  readonly nodes?: string;
  readonly zones?: readonly string[];
  /** A dump of a cluster. */
  readonly start?: string;
  readonly node?: string;
  readonly zone?: string;
  readonly to?: number;
  readonly surge?: boolean;
  readonly nodeSeconds?: number;
  readonly volumes?: string;
  readonly rollout?: boolean;
}
