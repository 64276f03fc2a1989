/**
 * Whether a file says, in parts of objects, what a test of kuttl or Chainsaw expects in the cluster: `00-assert.yaml`,
 * `db-assert.yaml`, `01-errors.yaml` (https://kuttl.dev/docs/kuttl-test-harness.html#writing-your-first-test).
 */
export function isTestAssert(uri: string): boolean {
  const name = uri.slice(uri.lastIndexOf("/") + 1);
  return (
    /\.ya?ml$/i.test(name) &&
    (name.split(/[-_.]/).some((word) => /^assert(?:s|ions?|ed)?$/i.test(word)) ||
      /^(?:\d+-|chainsaw-)?errors?\.ya?ml$/i.test(name))
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
  const lines = test.split(/\r?\n/).flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  const files = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (!/\b(?:assert|error):$/.test(line)) continue;
    // Its fields, of which the file may be the first or the last.
    const fields = lines.slice(index + 1, index + 7);
    const end = fields.findIndex((field) => !/^[\w-]+:/.test(field));
    const named = fields.slice(0, end === -1 ? undefined : end).find((field) => field.startsWith("file:"));
    const [, file] = /^file:\s*["']?(?:\.\/)?([^\s"'/]+)/.exec(named ?? "") ?? [];
    if (file !== undefined) files.add(file);
  }
  return files;
}
