/** A part of Ordinal that threw: a defect of Ordinal, whatever the text says. */
export interface Failure {
  /** The subject of a sentence, such as "Rule `service-missing`". */
  readonly part: string;
  readonly error: unknown;
}

export type Attempt<T> =
  { readonly type: "done"; readonly value: T } | { readonly type: "failed"; readonly failure: Failure };

/** What `work` returns or, where it throws, which part failed. */
export function attempt<T>(part: string, work: () => T): Attempt<T> {
  try {
    return { type: "done", value: work() };
  } catch (error) {
    return { type: "failed", failure: { part, error } };
  }
}
