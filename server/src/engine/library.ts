/**
 * What the npm package offers to other programs: text of manifests in, plain data out. No file is read, nothing runs, no
 * clock is asked.
 */
import { defaultConfig, type Config } from "./config/config.js";
import { resolveConfig } from "./config/resolve.js";
import { readPlayable } from "./builds/why-not.js";
import { createWorkspace, type Workspace } from "./api.js";
import type { ApplyWay } from "./apply/kubectl.js";
import { playedBehaviour } from "./kubernetes/versions.js";
import { isPartial, type StatefulSet } from "./kubernetes/kinds/statefulset.js";
import type { Severity } from "./config/severity.js";
import { readObjects } from "./maintenance/objects.js";
import { planEdit } from "./planned-edit.js";
import { creating, editing, withAdditions, type ScenarioAdditions } from "./rollout/scenario.js";
import type { Measure } from "./rollout/measure.js";
import { planJson } from "./rollout/plan-json.js";
import { readScenarioFile } from "./rollout/scenario-file.js";
import { simulate as play, type Simulation } from "./rollout/simulate.js";
import { podsOf } from "./rollout/slots.js";
import { podName } from "./rollout/spec.js";
import { allRules } from "./rules/all.js";
import { rulePageUrl } from "./words/rule-page.js";
import type { Plain } from "./yaml/edit.js";

export { version } from "./text/version.js";
export type { ApplyWay, Measure, Plain, Severity };

/** A file of manifests. */
export interface ManifestFile {
  /** As `k8s/db.yaml`, with `/`: directories decide which files belong together. */
  readonly path: string;
  readonly text: string;
}

/** An object of a manifest. */
export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  /** As plain data. */
  readonly value: Plain | undefined;
}

/** Lines and columns count from 1; columns in UTF-16 units. */
export interface TextRange {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** What is wrong somewhere. */
export interface LintFinding extends TextRange {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** As `spec.updateStrategy.type`; empty for findings about the text itself. */
  readonly path: string;
  readonly resource: Omit<ManifestObject, "value"> | undefined;
  /** The page of the rule. */
  readonly url: string;
  readonly fixes: readonly LintFix[];
}

/** `safe`: the meaning of the manifest stays; `review`: a person should look. */
export interface LintFix {
  readonly title: string;
  readonly applicability: "safe" | "review";
  readonly edits: readonly (TextRange & { readonly newText: string })[];
}

/** Settings as in `.ordinal.yaml`, such as `{ kubernetesVersion: "1.35", rules: { "service-missing": "off" } }`. */
export type Settings = Readonly<Record<string, unknown>>;

/** What is played. */
export interface PlanOptions {
  /** The manifest that runs now; without it the set is created. */
  readonly from?: string;
  /** How the manifest is applied: `client` is `kubectl apply`. */
  readonly apply?: ApplyWay;
  /** Which StatefulSet of the text; without it each of them. */
  readonly name?: string;
  /** What a scenario file says, as plain data: see docs/simulation.md. */
  readonly scenario?: unknown;
  readonly settings?: Settings;
}

/** The rollout of one StatefulSet, played. */
export interface SimulatedSet {
  readonly name: string;
  readonly namespace: string | undefined;
  /** `at`: after so many seconds. */
  readonly outcome: { readonly type: "converged" | "rejected" | "stepLimit" | "stuck"; readonly at: number };
  readonly steps: readonly SimulatedStep[];
}

/** One thing that happens. */
export interface SimulatedStep {
  /** Seconds since the start. */
  readonly at: number;
  /** Who does it: the StatefulSet controller, or something else in the cluster; `wait`: the controller waits. */
  readonly kind: "cluster" | "controller" | "wait";
  readonly action: string;
  readonly pod: string | undefined;
  readonly claim: string | undefined;
  /** The pods that there are right after it, by ordinal. */
  readonly pods: () => readonly SimulatedPod[];
}

export interface SimulatedPod {
  readonly name: string;
  readonly revision: string;
  readonly phase: "Failed" | "Pending" | "Running" | "Succeeded";
  readonly ready: boolean;
  readonly terminating: boolean;
}

/** What `ordinal plan --format json` says of one StatefulSet. */
export interface PlannedSet {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly plan: PlanDocument;
}

/** The JSON of a plan: names of fields and meanings stay as long as `version` does. Times are in seconds. */
export interface PlanDocument {
  readonly version: 1;
  readonly outcome: {
    readonly type: "converged" | "rejected" | "stepLimit" | "stuck";
    readonly at: number;
    /** The pod or claim that everything waits for. */
    readonly blocker?: string;
    readonly reason?: string;
    /** Commands, in their order; lines that start with # are for the reader. */
    readonly recovery?: readonly string[];
  };
  readonly measure: Measure;
  readonly steps: readonly {
    readonly at: number;
    readonly kind: "cluster" | "controller" | "wait";
    readonly action: string;
    readonly pod?: string;
    readonly claim?: string;
    readonly revision?: string;
    readonly why: string;
    /** The field that it depends on. */
    readonly field: string;
  }[];
  readonly claims: readonly { readonly name: string; readonly fate: string; readonly why: string }[];
  readonly notes?: readonly string[];
  /** What `kubectl rollout status` and `helm upgrade --wait` do. */
  readonly pipeline?: string;
  readonly assumptions: readonly { readonly about: string; readonly text: string }[];
}

/** All Kubernetes objects of a YAML or JSON text, those of lists too, in their order. Throws where it cannot be read. */
export function parse(text: string): readonly ManifestObject[] {
  const read = readObjects(text);
  if (read.type === "unreadable") throw new SyntaxError(`line ${read.line}: ${read.problem}`);
  return read.objects.map(({ resource: { key }, value }) => ({ ...keyOf(key), value }));
}

/**
 * What is wrong in files that belong together; in the order of the files, and of the text in each. `.ordinal.yaml` may
 * be one of them. What is in none of them is missing. Throws a RangeError where a setting cannot be used.
 */
export function lint(files: readonly ManifestFile[], settings: Settings = {}): readonly LintFinding[] {
  const workspace = createWorkspace(configOf(settings));
  const uris = new Map(files.map(({ path }) => [uriOf(path), path]));
  for (const { path, text } of files) workspace.setFile(uriOf(path), text);
  workspace.setComplete(true);
  return files.flatMap((file) => findingsIn(file, workspace.snapshot(), (uri) => uris.get(uri) ?? uri));
}

function findingsIn(
  { path, text }: ManifestFile,
  analysis: ReturnType<Workspace["snapshot"]>,
  nameOf: (uri: string) => string,
): readonly LintFinding[] {
  const uri = uriOf(path);
  const fixes = analysis.fixes(uri, { start: 0, end: text.length });
  return analysis.findings(uri).map((finding) => {
    const { rule, severity, text: message, span, path: field, resource } = finding;
    const own = fixes.filter(
      ({ finding: of }) =>
        of.rule === rule && of.span.start === span.start && of.span.end === span.end && of.text === message,
    );
    return {
      ...rangeOf(uri, span),
      rule,
      severity,
      message,
      path: field,
      resource: resource && keyOf(resource),
      url: rulePageUrl(rule),
      fixes: own.map(({ title, applicability, changes }) => ({
        title,
        applicability,
        edits: changes.flatMap((change) =>
          change.edits.map((edit) => ({ ...rangeOf(change.uri, edit.span), newText: edit.newText })),
        ),
      })),
    };
  });

  function rangeOf(of: string, { start, end }: { readonly start: number; readonly end: number }): TextRange {
    const [first, last] = [start, end].map((offset) => analysis.lines(of)?.position(offset));
    return {
      file: nameOf(of),
      line: (first?.line ?? 0) + 1,
      column: (first?.character ?? 0) + 1,
      endLine: (last?.line ?? 0) + 1,
      endColumn: (last?.character ?? 0) + 1,
    };
  }
}

/**
 * Plays what applying a manifest does to each of its StatefulSets, step by step. Throws where a text cannot be read, a
 * set is only a part of one, or the scenario is none.
 */
export function simulate(manifest: string, options: PlanOptions = {}): readonly SimulatedSet[] {
  return played(manifest, options).map(({ key: { name, namespace }, simulation: { outcome, steps } }) => ({
    name,
    namespace,
    outcome: { type: outcome.type, at: outcome.at },
    steps: steps.map(({ at, kind, action, pod, claim, state }) => ({
      at,
      kind,
      action,
      pod,
      claim,
      pods: () =>
        [...podsOf(state.slots)].map(({ ordinal, revision, phase, readySince, terminating }) => ({
          name: podName({ name }, ordinal),
          revision,
          phase,
          ready: readySince !== undefined,
          terminating,
        })),
    })),
  }));
}

/** The same in words and plain data, as `ordinal plan --format json` prints it. */
export function plan(manifest: string, options: PlanOptions = {}): readonly PlannedSet[] {
  return played(manifest, options).map(({ key: { name, namespace }, simulation }) => ({
    name,
    namespace,
    plan: planJson(simulation),
  }));
}

function played(manifest: string, options: PlanOptions) {
  const { from, apply = "client", name, scenario, settings = {} } = options;
  const config = configOf(settings);
  const running = from === undefined ? [] : setsIn(from);
  const additions = scenario === undefined ? undefined : additionsOf(scenario);
  return setsIn(manifest)
    .filter(({ key }) => name === undefined || key.name === name)
    .map((after) => {
      const before = running.find(({ key }) => key.name === after.key.name);
      return { key: after.key, simulation: playOne(before, after, apply, config, additions) };
    });
}

function playOne(
  before: StatefulSet | undefined,
  after: StatefulSet,
  way: ApplyWay,
  config: Config,
  additions: ScenarioAdditions | undefined,
): Simulation {
  const planned = planEdit(before, after, way, config);
  const to = readPlayable(after).written;
  const written = before === undefined ? creating(to) : editing(readPlayable(before).written, to);
  const scenario = planned?.scenario ?? written;
  return play({
    scenario: additions === undefined ? scenario : withAdditions(scenario, additions),
    refusedPods: planned?.refusedPods,
    behaviour: playedBehaviour(config, additions?.featureGates),
  });
}

function setsIn(text: string): readonly StatefulSet[] {
  const read = readObjects(text);
  if (read.type === "unreadable") throw new SyntaxError(`line ${read.line}: ${read.problem}`);
  const sets = read.objects.flatMap(({ resource }) => (resource.kind === "StatefulSet" ? [resource] : []));
  const part = sets.find(isPartial);
  if (part !== undefined) throw new RangeError(`StatefulSet ${part.key.name} has no selector or no containers`);
  return sets;
}

function additionsOf(scenario: unknown): ScenarioAdditions {
  const read = readScenarioFile(scenario);
  if (read.type === "invalid") throw new RangeError(read.errors.join("; "));
  return read.additions;
}

function configOf(settings: Settings): Config {
  const { config, problems } = resolveConfig(settings, allRules);
  const problem = problems.find(({ severity }) => severity !== "info");
  if (problem !== undefined) throw new RangeError(problem.text);
  return { ...defaultConfig, ...config };
}

function keyOf({ apiVersion, kind, namespace, name }: StatefulSet["key"] | Omit<ManifestObject, "value">) {
  return { apiVersion, kind, namespace, name };
}

function uriOf(path: string): string {
  return `file:///${path.split("/").map(encodeURIComponent).join("/")}`;
}
