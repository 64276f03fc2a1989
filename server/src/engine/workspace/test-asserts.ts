/**
 * Whether a file says, in parts of objects, what a test of kuttl or Chainsaw expects in the cluster: `00-assert.yaml`,
 * `db-assert.yaml`, `01-errors.yaml` (https://kuttl.dev/docs/kuttl-test-harness.html#writing-your-first-test).
 */
export function isTestAssert(uri: string): boolean {
  const name = uri.slice(uri.lastIndexOf("/") + 1);
  return (
    /(?:^|[-_.])assert(?:s|ions?|ed)?(?:[-_.].*)?\.ya?ml$/i.test(name) ||
    /^(?:\d+-|chainsaw-)?errors?\.ya?ml$/i.test(name)
  );
}

/**
 * The files in which Chainsaw looks for a test (https://kyverno.github.io/chainsaw/latest/quick-start/first-test/,
 * 0.2).
 */
export const chainsawTests: readonly string[] = ["chainsaw-test.yaml", "chainsaw-test.yml"];

/**
 * The files beside a test of Chainsaw that say what it expects: `assert: { file: ready.yaml }`, and `error` likewise.
 */
export function expectedFiles(test: string): ReadonlySet<string> {
  const named = test.matchAll(/\b(?:assert|error):\s+(?:[\w-]+:[^\n]*\s+){0,5}?file:\s*["']?(?:\.\/)?([^\s"'/]+)/g);
  return new Set(Array.from(named, ([, file = ""]) => file));
}
