import { writeFileSync } from "node:fs";
import Mocha from "mocha";

/** How one test went, for the process that started VS Code. */
export interface Result {
  readonly title: string;
  /** The stack of what it threw; absent where it passed. */
  readonly error?: string;
}

/**
 * VS Code calls this in its extension host. Writes the results to the file that ORDINAL_TEST_RESULTS names when all
 * tests are through.
 */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "tdd", timeout: 60_000, reporter: Mocha.reporters.Base });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  if (process.env["ORDINAL_TEST_YAML_SERVER"] === undefined) await loadAll();
  else await import("./beside-yaml.suite.js");
  const results: Result[] = [];
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on("pass", (passed) => results.push({ title: passed.fullTitle() }));
    runner.on("fail", (failed, error: Error) => {
      results.push({ title: failed.fullTitle(), error: error.stack ?? error.message });
    });
  });
  writeFileSync(process.env["ORDINAL_TEST_RESULTS"] ?? "", JSON.stringify(results));
}

async function loadAll(): Promise<void> {
  // In this order: the first test sees the extension asleep.
  await import("./activation.suite.js");
  await import("./diagnostics.suite.js");
  await import("./fixes.suite.js");
  await import("./features.suite.js");
  await import("./navigation.suite.js");
  await import("./edits.suite.js");
  await import("./completion.suite.js");
  await import("./preview.suite.js");
  await import("./upgrade.suite.js");
  await import("./settings.suite.js");
}
