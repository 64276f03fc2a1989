import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { dumpCommand, playTypes, printable, version, volumeBindings } from "../../engine/api.js";
import { candidates, completionScripts, shells, type Shell } from "./completion.js";
import { explain } from "./explain.js";
import { init } from "./init.js";
import { addLint } from "./lint-command.js";
import { askCluster, color, kubernetesVersion, loadRestrictor, noColor, values, verbose } from "./options.js";
import { dangers, type Danger } from "../plans.js";
import { planFormats } from "../reporters/plans.js";
import { coloured, paintFor, plain } from "../reporters/paint.js";
import { plan } from "./plan.js";
import type { PlanOptions } from "./plan-options.js";
import { exitCodes, UsageError, type End, type ExitCode } from "../exit.js";
import { tellFailure } from "../failures.js";
import type { Io } from "../io.js";

/** Runs one command line, without the names of node and the script. Never ends the process. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = exitCodes.clean;
  const program = commands(io, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.trouble;
    if (!(error instanceof UsageError)) {
      tellFailure({ part: "This command", error }, { verbose: argv.includes("--verbose") }, io);
      return exitCodes.trouble;
    }
    io.stderr.write(`ordinal: ${printable(error.message)}\n`);
    return exitCodes.trouble;
  }
}

function commands(io: Io, end: End): Command {
  const program = new Command("ordinal")
    .description("Checks Kubernetes StatefulSets and plays their rollouts, pod by pod.")
    .exitOverride()
    .configureOutput({
      writeOut: io.stdout.write,
      writeErr: io.stderr.write,
      outputError: (message, write) =>
        write(
          message
            .replace(/^error: /, "ordinal: ")
            .split("\n")
            .map(printable)
            .join("\n"),
        ),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
      getOutHasColors: () => paintFor(undefined, io) !== plain,
      getErrHasColors: () => false,
    })
    .configureHelp({ styleTitle: (title) => coloured("bold", title) })
    .showHelpAfterError('(see "ordinal --help")')
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show the help of a command")
    .addHelpText("after", programHelp);
  addLint(program, io, end);
  addPlan(program, io, end);
  addExplain(program, io, end);
  addInit(program, io, end);
  addCompletion(program, io);
  return program;
}

function addPlan(program: Command, io: Io, end: End): void {
  program
    .command("plan")
    .summary("play a rollout")
    .description("Simulates what applying a StatefulSet does, pod by pod: creating it or, with --from, changing it.")
    .argument("[files...]", "the manifest, or - for standard input; with --render a directory too; with --play several")
    .option(
      "--from <old>",
      "what runs now: a manifest, a revision of git, or kubectl: for the live sets (default: nothing)",
    )
    .option("--merge-base", "with a revision: use the merge base of it and HEAD")
    .addOption(failOn())
    .addOption(
      new Option("--apply <way>", "how the manifest is applied: kubectl apply, kubectl apply --server-side, or replace")
        .choices(["client", "server", "replace"])
        .default("client"),
    )
    .option("--scenario <scenario>", "a YAML file with timings and faults (see docs/simulation.md)")
    .option("--render", "play what kubectl, kustomize or helm build from the file, or in the directory")
    .addOption(values())
    .addOption(loadRestrictor())
    .option("--name <name>", "which StatefulSet of the file (default: each in turn)")
    .addOption(kubernetesVersion())
    .addOption(askCluster())
    .addOption(new Option("--format <format>", "how to report").choices(planFormats).default("text"))
    .addOption(new Option("--play <play>", `what happens to the nodes: ${playTypes.join(", ")}`))
    .option("--nodes <nodes>", "the number of nodes, or a file with nodes (kubectl get nodes -o yaml)")
    .option("--zones <zones>", "their zones in turn, as a,b,c", (text: string) => text.split(","))
    .option(
      "--start <dump>",
      "start from the state of a cluster: a file with the output of kubectl, or kubectl: (see below)",
    )
    .option("--node <node>", "the node for drain-node and lose-node")
    .option("--zone <zone>", "the zone for lose-zone")
    .option("--to <count>", "how many nodes are left after scale-down", Number)
    .option("--surge", "drain-all: add a node before one is removed")
    .option("--node-seconds <seconds>", "how long a node is away or takes to start (120)", Number)
    .addOption(new Option("--volumes <where>", "where the volume of a new claim is available").choices(volumeBindings))
    .option("--rollout", "start a rollout of each set at the same time")
    .addOption(verbose())
    .addOption(color())
    .addOption(noColor())
    .addHelpText("after", planHelp)
    .action(async (files: readonly string[], options: PlanOptions) => end(await plan(files, options, io)));
}

function addExplain(program: Command, io: Io, end: End): void {
  program
    .command("explain")
    .summary("explain a rule")
    .description("Prints the page of a rule: what it flags, why, and examples. Without a rule it lists all rules.")
    .argument("[rule]", "the name at the end of a finding")
    .addOption(color())
    .addOption(noColor())
    .action((rule: string | undefined, options: { readonly color?: boolean }) => end(explain(rule, options, io)));
}

function addInit(program: Command, io: Io, end: End): void {
  program
    .command("init")
    .summary("set up a project")
    .description(
      "Writes a commented .ordinal.yaml, and files for GitHub, GitLab and pre-commit if the project uses them.",
    )
    .option("--force", "overwrite existing files")
    .addHelpText("after", initHelp)
    .action(async (options: { readonly force?: boolean }) => end(await init(options, io)));
}

function addCompletion(program: Command, io: Io): void {
  program
    .command("completion")
    .summary("set up completion in a shell")
    .description("Prints a script with which a shell completes commands, options, formats and names of rules.")
    .addArgument(new Argument("<shell>", "the shell").choices(shells))
    .addHelpText("after", completionHelp)
    .action((shell: Shell) => io.stdout.write(completionScripts[shell]));
  program
    .command("complete", { hidden: true })
    .description("What may stand in place of the last word; the scripts of completion ask this.")
    .argument("[words...]")
    .action((words: readonly string[]) => {
      for (const { word, description } of candidates(program, words)) io.stdout.write(`${word}\t${description}\n`);
    });
}

function failOn(): Option {
  const option = new Option("--fail-on <danger>", `what causes exit code 1: ${dangers.join(", ")}; can be repeated`);
  return option.argParser((given: string, former: readonly Danger[] | undefined) => {
    const danger = dangers.find((one) => one === given);
    if (danger === undefined) throw new InvalidArgumentError(`Allowed choices are ${dangers.join(", ")}.`);
    return [...(former ?? []), danger];
  });
}

const programHelp = `
Examples:
  ordinal lint                            check all manifests below this directory
  ordinal lint db.yaml --format json      check one file, for a program
  ordinal plan db.yaml                    play how the pods are created
  ordinal plan new.yaml --from old.yaml   play what applying new.yaml changes
  ordinal explain service-missing         say what a finding means
  ordinal init                            set up a project: settings, CI, pre-commit

Exit codes: 0 nothing found, 1 problems found, 2 something could not be done.`;

const initHelp = `
It looks for .github, .gitlab-ci.yml and .pre-commit-config.yaml in this directory. Files of
its own it writes; what belongs into a file of yours it shows. What is there stays as it is.

Examples:
  ordinal init
  ordinal init --force`;

const completionHelp = `
Examples:
  source <(ordinal completion bash)    in ~/.bashrc
  source <(ordinal completion zsh)     in ~/.zshrc, after compinit
  ordinal completion fish > ~/.config/fish/completions/ordinal.fish`;

const planHelp = `
--play plays what happens to the pods when their nodes are drained, lost or removed,
with the budgets (PodDisruptionBudgets) of all files: the verdict says whether every
node drains, where a drain hangs and why, and how long a quorum is lost.
  ${dumpCommand} > now.yaml
  ordinal plan --play drain-all --start now.yaml
  ordinal plan --play drain-all --nodes 3 --zones a,b,c db.yaml pdb.yaml

--start without --play goes on from a dump of the sets themselves, by itself or with
the manifests of the files applied to it:
  kubectl get statefulset,pods,pvc,controllerrevisions -o yaml > now.yaml
  ordinal plan --start now.yaml db.yaml

kubectl: stands for the cluster of kubectl's current context, which is printed; it is only
read, by kubectl get. kubectl:prod refuses any other context than prod.
  ordinal plan --from kubectl: db.yaml        compare with the set as it is stored
  ordinal plan --start kubectl:prod db.yaml   start from its pods and claims as they are

--from with a revision of git plays every StatefulSet below the given paths that has
changed since then, is new or is gone; of kustomizations and charts what they make of
it. Without paths it looks at all below this directory.
  ordinal plan --from origin/main
  ordinal plan --from origin/main --merge-base --format markdown k8s/ > comment.md

With several StatefulSets in the file each is played in turn; --name chooses
one, which every format but text, markdown and html asks for. One of the files may be - for
standard input.

markdown is made for a comment on a pull request, with a chart for each set; mermaid
is the chart alone, svg the picture of the preview, html one
page with picture, reasons and claims of each set that needs nothing else.

Examples:
  ordinal plan db.yaml
  ordinal plan db.yaml --scenario never-ready.yaml --format json
  ordinal plan new.yaml --from old.yaml --format html > rollout.html
  ordinal plan --render overlays/prod
  git show HEAD:db.yaml | ordinal plan db.yaml --from -

Exit codes:
  0  the rollout ends as wished
  1  it gets stuck, or the API server rejects it; since a revision also if data is
     lost (--fail-on chooses)
  2  a file could not be read, it is too large to be played to its end, the
     command line is wrong, or Ordinal itself failed`;
