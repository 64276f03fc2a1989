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
