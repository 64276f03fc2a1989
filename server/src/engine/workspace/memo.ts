/**
 * The function, computed once per argument object for as long as that object lives. Since the argument is immutable
 * and found by identity, nothing ever has to be invalidated.
 */
export function memoize<A extends object, R>(compute: (argument: A) => R): (argument: A) => R {
  const known = new WeakMap<A, { readonly result: R }>();
  return (argument) => {
    let entry = known.get(argument);
    if (entry === undefined) {
      entry = { result: compute(argument) };
      known.set(argument, entry);
    }
    return entry.result;
  };
}

/** The function, computed once per argument for as long as the function itself lives. */
export function memoizeByName<A extends string, R extends object>(compute: (argument: A) => R): (argument: A) => R {
  const known = new Map<A, R>();
  return (argument) => {
    const result = known.get(argument) ?? compute(argument);
    known.set(argument, result);
    return result;
  };
}

/** The function, computed when it is first called. */
export function once<R>(compute: () => R): () => R {
  let known: { readonly result: R } | undefined;
  return () => (known ??= { result: compute() }).result;
}
