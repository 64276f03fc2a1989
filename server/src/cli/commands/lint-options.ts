import { UsageError } from "../exit.js";
import type { Verbosity } from "../failures.js";
import type { ConfigOptions } from "../config.js";
import type { LintFormat } from "../reporters/lint-formats.js";

export interface LintOptions extends Verbosity, ConfigOptions {
  readonly format: LintFormat;
  /** Reports that are written to files too. */
  readonly output?: readonly Output[];
  readonly hints?: boolean;
  readonly quiet?: boolean;
  readonly summary?: boolean;
  readonly maxWarnings?: number;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  /** A revision; `true` for the last commit. */
  readonly changed?: string | true;
  readonly watch?: boolean;
  readonly upgradeTo?: string;
  readonly fix?: boolean;
  readonly dryRun?: boolean;
  readonly render?: boolean;
  /** Of charts, with `render`. */
  readonly values?: readonly string[];
  /** False: files that git ignores are checked too. */
  readonly ignore: boolean;
  readonly stdinFilename?: string;
  readonly listRules?: boolean;
  readonly explain?: string;
  readonly color?: boolean;
}

export interface Output {
  readonly format: LintFormat;
  readonly file: string;
}

/** Throws a UsageError where options contradict each other, or need another one. */
export function refuseContradictions(given: readonly string[], options: LintOptions): void {
  const { fix, dryRun, render, upgradeTo, values, changed, watch, baseline, updateBaseline, stdinFilename } = options;
  const readsStdin = given.includes("-");
  const refused: readonly (readonly [boolean, string])[] = [
    [fix === true && dryRun !== true && readsStdin, "--fix cannot change standard input"],
    [dryRun === true && fix !== true, "--dry-run shows what --fix would change: give --fix too"],
    [fix === true && render === true, "--fix cannot change what was built: leave out --fix or --render"],
    [
      upgradeTo !== undefined && (fix === true || render === true),
      "--upgrade-to tells what an upgrade changes: leave out --fix and --render",
    ],
    [values !== undefined && render !== true, "--values requires --render"],
    [changed !== undefined && readsStdin, "--changed compares files, not standard input"],
    [changed !== undefined && render === true, "--changed compares what is written: leave out --render"],
    [watch === true && readsStdin, "--watch watches files, not standard input"],
    [updateBaseline === true && baseline === undefined, "--update-baseline needs --baseline FILE"],
    [stdinFilename !== undefined && !readsStdin, "--stdin-filename names standard input: give - as the path"],
  ];
  const wrong = refused.find(([isRefused]) => isRefused);
  if (wrong !== undefined) throw new UsageError(wrong[1]);
}
