/** The formats of traces and deletions in test/truth (see its README.md): what was done to a cluster, and what happened. */

/** A line of a trace file: stages of user actions and, for each, the rounds that followed. */
export interface Trace {
  readonly id: string;
  /** The release whose behaviour was recorded, such as `1.36`. */
  readonly kubernetes: string;
  readonly category: string;
  readonly desc?: string;
  readonly gates?: Readonly<Record<string, boolean>>;
  readonly stages: readonly Stage[];
  readonly out: readonly StageOutput[];
}

export interface Stage {
  readonly apply?: AppliedFields;
  readonly stuck?: { readonly images?: readonly string[]; readonly ordinals?: readonly number[] };
  readonly maxRounds?: number;
  /** Claims that a user made before the set existed: such a stage has no round. */
  readonly precreatePVC?: readonly string[];
}

/** A complete spec; the image tag stands for the template. */
export interface AppliedFields {
  readonly image: string;
  readonly replicas?: number;
  readonly podManagementPolicy?: string;
  readonly updateStrategy?: {
    readonly type?: string;
    readonly rollingUpdate?: { readonly partition?: number; readonly maxUnavailable?: number | string };
  };
  readonly ordinals?: { readonly start?: number };
  readonly minReadySeconds?: number;
  readonly persistentVolumeClaimRetentionPolicy?: { readonly whenScaled?: string; readonly whenDeleted?: string };
  readonly revisionHistoryLimit?: number;
  readonly vct?: readonly string[];
}

/** What happened by itself or by the user (`k`), what the controller did (`c`), and the status after it (`s`). */
export interface Round {
  readonly k?: readonly (readonly string[])[];
  readonly c?: readonly (readonly (string | number)[])[];
  /** Left out where it is that of the round before. */
  readonly s?: StatusRow;
  readonly n?: number;
  readonly err?: string;
}

export type StatusRow = readonly (number | string)[];

export interface StageOutput {
  readonly rounds: readonly Round[];
  readonly end: "quiescent" | "cut" | "noset";
  readonly pods: readonly (readonly string[])[];
  readonly pvcs?: readonly (readonly string[])[];
  readonly revs: readonly (readonly [string, number])[];
  readonly status: StatusRow | null;
  readonly applyErr?: readonly string[];
}

/** A line of a deletion file: a set of three replicas, deleted. */
export interface DeletionTrace {
  readonly id: string;
  readonly kubernetes: string;
  readonly podManagementPolicy: string;
  readonly whenScaled: string;
  readonly whenDeleted: string;
  readonly propagation: "Background" | "Foreground" | "Orphan" | null;
  readonly steps: readonly (readonly [string, DeletionView])[];
}

export interface DeletionView {
  readonly set: string;
  readonly pods: readonly (readonly string[])[];
  readonly pvcs: readonly (readonly string[])[];
  readonly revisions: number;
}
