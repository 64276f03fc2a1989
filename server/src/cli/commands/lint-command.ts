import { Argument, InvalidArgumentError, Option, type Command } from "commander";
import { profiles } from "../../engine/api.js";
import type { End } from "../exit.js";
import type { Io } from "../io.js";
import { isLintFormat, lintReporters } from "../reporters/lint-formats.js";
import { lint } from "./lint.js";
import type { LintOptions, Output } from "./lint-options.js";
import { askCluster, color, kubernetesVersion, loadRestrictor, noColor, values, verbose } from "./options.js";

/** Options in the order of their groups, in which `--help` shows them. */
export function addLint(program: Command, io: Io, end: End): void {
  const groups: readonly (readonly [title: string, options: readonly Option[]])[] = [
    ["What is checked:", sources()],
    ["How it is checked:", settings()],
    ["What is reported:", reporting()],
    ["Fixing:", fixing()],
    ["Kustomize and Helm:", [flag("--render", "check what kustomize and helm build"), values(), loadRestrictor()]],
  ];
  const command = program
    .command("lint")
    .summary("check manifests")
    .description("Checks manifests: files, directories (with subdirectories), patterns, or - for standard input.")
    .addArgument(new Argument("[paths...]", "what to check").default([], "this directory"));
  for (const [title, options] of groups) for (const option of options) command.addOption(option.helpGroup(title));
  command
    .addOption(verbose())
    .addOption(color())
    .addOption(noColor())
    .addHelpText("after", lintHelp)
    .action(async (paths: readonly string[], options: LintOptions) => end(await lint(paths, options, io)));
}

function sources(): readonly Option[] {
  return [
    flag("--changed [revision]", "check only what changed since a revision of git (default: the last commit)"),
    flag("--no-ignore", "also check files that git ignores"),
    flag("--stdin-filename <file>", "the file name to use for standard input"),
    flag("--watch", "check again whenever a file changes"),
  ];
}

function settings(): readonly Option[] {
  return [
    kubernetesVersion(),
    askCluster(),
    flag("--upgrade-to <version>", "report what an upgrade of the cluster to this version changes, such as 1.37"),
    new Option("--profile <profile>", "how many rules run").choices(profiles),
    flag("--rule <id=severity>", "set a rule, such as service-missing=off; can be repeated").argParser(gathered),
    flag("--list-rules", "list the rules with their severities, and check nothing"),
    flag("--explain <rule>", "explain a rule, like ordinal explain"),
  ];
}

function reporting(): readonly Option[] {
  const formats = Object.keys(lintReporters);
  return [
    new Option("--format <format>", "how to report").choices(formats).default("pretty"),
    flag("--output <format=file>", "also write a report to a file; can be repeated").argParser(toOutput),
    flag("--summary", "show the number of findings by rule, not each finding"),
    flag("--hints", "also show hints, which are only counted by default (json and sarif always have them)"),
    flag("--quiet", "report only errors: warnings are not shown and do not fail the run"),
    flag("--max-warnings <count>", "how many warnings do not fail the run (default: 0)").argParser(toCount),
    flag("--baseline <file>", "report only findings that are not in this file"),
    flag("--update-baseline", "write all findings to the --baseline file"),
  ];
}

function fixing(): readonly Option[] {
  return [
    flag("--fix", "apply the safe fixes, and report what is left"),
    flag("--dry-run", "with --fix: change nothing, show the changes as a diff"),
  ];
}

function flag(flags: string, description: string): Option {
  return new Option(flags, description);
}

function gathered(text: string, former: readonly string[] | undefined): readonly string[] {
  return [...(former ?? []), text];
}

function toOutput(text: string, former: readonly Output[] | undefined): readonly Output[] {
  const [, format = "", file] = /^(\w+)=(.+)$/s.exec(text) ?? [];
  if (file === undefined || !isLintFormat(format)) {
    throw new InvalidArgumentError(
      `Give a format and a file, as sarif=out.sarif: ${Object.keys(lintReporters).join(", ")}.`,
    );
  }
  return [...(former ?? []), { format, file }];
}

function toCount(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}

const lintHelp = `
Files beside those that are named are read too, since a StatefulSet needs its Service,
but not reported on. A file in a directory that is no readable text (binary, too large)
is named on standard error and passed over. What git ignores is not checked, unless you
name it.

Settings come from .ordinal.yaml in and above the directory of a file, up to the root of
the project; options come before them.

--changed reports on files that have changed since the revision and HEAD parted, and on
what the change brings to other files: a Service that is gone, a label that no longer
matches. It also reports what the change itself does to what runs: a field that the API
server does not let change, PVCs that are deleted.

--baseline takes over what is there today: write it once with --update-baseline, and only
new findings are reported. They are known by rule, object and field, not by line.

--fix changes the named files alone, never what they need. It cannot change standard
input.

--render builds each kustomization that no other one includes, and each chart, with the
kustomize or kubectl and the helm on the PATH, without any network. Findings are reported
at their line in the sources; files that are built count as they are built. What cannot be
built is named on standard error, with the file and the line if the tool names them, and
does not fail the run. --load-restrictor none builds what kubectl apply -k refuses:
kustomizations that read files outside their directory. Findings in the output of helm
template, in a file or on standard input, are reported at the template too, if the chart
is in the project.

--upgrade-to shows what changes between the release that the manifests are for and a
later one, with the source of each fact: fields that take effect or are dropped, what is
refused from then on, what controllers do differently. If the manifests are not for an
older release, the upgrade starts at the minor release before.

Examples:
  ordinal lint                                     all below this directory
  ordinal lint deploy/ 'clusters/*/db/**'          directories and patterns
  ordinal lint --fix --dry-run db.yaml             what --fix would change
  ordinal lint --changed origin/main               what a branch changes
  ordinal lint --format github --output sarif=ordinal.sarif
  ordinal lint --rule pdb-missing='{severity: info, minReplicas: 3}'
  ordinal lint --kubernetes-version 1.35 --upgrade-to 1.37
  kubectl kustomize overlays/prod | ordinal lint -

Exit codes:
  0  nothing worse than info and hints found, or no more warnings than are allowed
  1  warnings or errors found, or --fix --dry-run has something to fix
  2  a path could not be read or fixed, there was no tool for anything that --render
     should build, the command line is wrong, or a part of Ordinal failed
     (internal-error), so that findings may be missing`;
