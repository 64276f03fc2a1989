import { createWorkspace, printable } from "../../engine/api.js";
import { configFrom } from "../config.js";
import { exitCodes, type ExitCode } from "../exit.js";
import type { Io } from "../io.js";
import { report } from "../report.js";
import { jsonReport } from "../reporters/json.js";
import { paintFor } from "../reporters/paint.js";
import { prettyReport } from "../reporters/pretty.js";

import { nameOf, readSources } from "../sources.js";

export interface LintOptions {
  readonly format: "pretty" | "json";
  readonly kubernetesVersion?: string;
  readonly profile: string;
  readonly hints?: boolean;
  readonly color?: boolean;
}

/** Checks what `paths` name and reports on it, and on nothing beside it. */
export async function lint(paths: readonly string[], options: LintOptions, io: Io): Promise<ExitCode> {
  const workspace = createWorkspace(configFrom(options));
  const { checked, context, problems } = await readSources(paths, io);
  for (const { text } of problems) io.stderr.write(`ordinal: ${printable(text)}\n`);
  for (const { uri, text } of [...context, ...checked]) workspace.setFile(uri, text);
  workspace.setComplete(true);

  const found = report(workspace.snapshot(), checked, (uri) => nameOf(uri, io.cwd));
  switch (options.format) {
    case "json":
      io.stdout.write(jsonReport(found));
      break;
    case "pretty": {
      const hints = options.hints === true ? "shown" : "counted";
      io.stdout.write(prettyReport(found, { paint: paintFor(options.color, io), columns: io.stdout.columns, hints }));
      break;
    }
  }
  if (problems.some(({ asked }) => asked)) return exitCodes.trouble;
  return found.summary.errors + found.summary.warnings > 0 ? exitCodes.findings : exitCodes.clean;
}
