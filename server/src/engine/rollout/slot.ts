export interface Pod {
  readonly ordinal: number;
  readonly uid: number;
  readonly revision: string;
  readonly phase: "Pending" | "Running" | "Failed" | "Succeeded";
  /** When its Ready condition became true, in milliseconds; `undefined` while it is not. */
  readonly readySince: number | undefined;
  /** Whether it has a deletionTimestamp. */
  readonly terminating: boolean;
  /** Whether it has a node. */
  readonly bound: boolean;
  /** Whether the set owns it; false after `kubectl delete --cascade=orphan`. */
  readonly owned: boolean;
  /** How often its containers failed and were started again. */
  readonly restarts: number;
  /** What happens to it next without interference. */
  readonly due: Due | undefined;
  /** Set where its volumes do not name the claims of the set: it was made for a former set with other templates. */
  readonly foreignStorage?: true;
}

/** The next event of a pod and when, in milliseconds. */
export interface Due {
  readonly at: number;
  readonly event: "running" | "ready" | "crash" | "available" | "unready" | "evict" | "gone";
}

export interface Claim {
  readonly template: string;
  readonly uid: number;
  readonly owner: ClaimOwner;
  /** Deleted, but kept by pvc-protection as long as a pod uses it. */
  readonly terminating: boolean;
  /** Set where a finalizer other than that of pvc-protection keeps it, without a known end. */
  readonly held?: true;
}

/** The owner reference that the garbage collector follows. */
export type ClaimOwner =
  | { readonly type: "none" }
  | { readonly type: "set"; readonly uid: number }
  | { readonly type: "pod"; readonly uid: number };

/** One ordinal: its pod, if there is one, and its claims, sorted by template name. Claims outlive pods. */
export interface Slot {
  readonly ordinal: number;
  readonly pod: Pod | undefined;
  readonly claims: readonly Claim[];
}
