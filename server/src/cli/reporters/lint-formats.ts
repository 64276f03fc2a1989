import { githubReport } from "./github.js";
import { gitlabReport } from "./gitlab.js";
import { jsonReport } from "./json.js";
import { junitReport } from "./junit.js";
import { prettyReport } from "./pretty.js";
import type { Reporter } from "./reporter.js";
import { sarifReport } from "./sarif.js";

/** Every format of `ordinal lint`, by its name on the command line. */
export const lintReporters = {
  pretty: prettyReport,
  json: jsonReport,
  sarif: sarifReport,
  github: githubReport,
  gitlab: gitlabReport,
  junit: junitReport,
} as const satisfies Readonly<Record<string, Reporter>>;

export type LintFormat = keyof typeof lintReporters;

export function isLintFormat(name: string): name is LintFormat {
  return Object.hasOwn(lintReporters, name);
}
