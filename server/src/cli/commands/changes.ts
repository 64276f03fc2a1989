import {
  acting,
  appliedSets,
  attempt,
  changedInTemplate,
  configObjectsBeside,
  defaultConfig,
  isChanged,
  pairSets,
  playedBehaviour,
  readPlayable,
  simulate,
  unknownParts,
  unreadableRules,
  withAdditions,
  type Analysis,
  type Comparable,
  type Config,
  type ConfigObject,
  type ScenarioAdditions,
  type SetPair,
} from "../../engine/api.js";
import { builtStatefulSets } from "../builds.js";
import { configFor, flagsFrom } from "../config.js";
import { exitCodes, UsageError, type ExitCode } from "../exit.js";
import { readHistory, type History } from "../former-files.js";
import type { Io } from "../io.js";
import { codeOf, configNotesOf, createConfigObjects, note, playEdit, scaledNote, type Plan } from "../plans.js";
import { placesIn } from "../played-sets.js";
import { changesIn } from "../reporters/changes.js";
import { paintFor } from "../reporters/paint.js";
import { nameOf } from "../sources.js";
import { uncompared } from "../uncompared.js";
import type { PlanOptions } from "./plan-options.js";

/** Plays what has changed since a revision of git: every StatefulSet below some paths that differs, is new or is gone. */
export async function planChanges(
  revision: string,
  paths: readonly string[],
  options: PlanOptions,
  additions: ScenarioAdditions | undefined,
  io: Io,
): Promise<ExitCode> {
  if (paths.includes("-")) throw new UsageError("--from with a revision cannot compare standard input");
  const history = await readHistory(revision, paths, options.mergeBase === true, io);
  const { problems } = history.now;
  for (const { text } of problems) note(text, io);
  const pairs =
    options.render === true ? await builtPairs(history, paths, options, io) : await writtenPairs(history, options, io);
  const play = { options, additions };
  const tried = pairs
    .filter(({ before, after }) => options.name === undefined || isCalled(options.name, after ?? before))
    .filter((pair) => isChanged(pair) || hasOtherConfig(pair))
    .flatMap((pair) =>
      startsOf(pair).map((scaledTo) =>
        attempt(`Playing ${(pair.after ?? pair.before)?.statefulSet.key.name}`, () => planOf(pair, scaledTo, play)),
      ),
    );
  const plans = tried.flatMap((one) => (one.type === "done" && one.value !== undefined ? [one.value] : []));
  const { title, commit } = history;
  // What the tools cannot build, they say themselves.
  const left =
    options.render === true
      ? []
      : uncompared(
          history.before.checked,
          history.now.checked,
          (uri) => nameOf(uri, io.cwd),
          (chart) => unknownIn(chart, pairs),
        );
  const text = changesIn(options.format, { title, commit, plans, uncompared: left }, paintFor(options.color, io));
  if (text !== "") io.stdout.write(`${text}\n`);
  const code = codeOf(tried, options.failOn ?? ["rejected", "stuck", "data-lost"], options, io);
  return problems.some(({ asked }) => asked) ? exitCodes.trouble : code;
}

/** A StatefulSet with what its play needs. */
interface ComparedSet extends Comparable {
  readonly build: string | undefined;
  readonly config: Config;
  /** Those beside it. */
  readonly configObjects: readonly ConfigObject[];
  readonly scaledBetween: readonly number[];
  readonly file?: string;
  /** What it is written in, where no tool was run. */
  readonly uri?: string;
  readonly placeOf: NonNullable<Plan["placeOf"]>;
}

type Pairs = readonly SetPair<ComparedSet>[];

/** The sets of all files, of kustomizations and charts as far as it is known what they make. */
async function writtenPairs(history: History, options: PlanOptions, io: Io): Promise<Pairs> {
  if (options.values !== undefined) throw new UsageError("--values requires --render");
  const flags = await flagsFrom(options, io);
  // What has not changed is read once.
  const workspace = io.createWorkspace(defaultConfig, flags);
  workspace.setComplete(true);
  const texts = new Map<string, string>();
  const setsOf = ({ checked, context }: History["before"], when: string): readonly ComparedSet[] => {
    const files = new Map([...context, ...checked].map(({ uri, text }) => [uri, text]));
    for (const uri of texts.keys()) if (!files.has(uri)) workspace.removeFile(uri);
    for (const [uri, text] of files) if (texts.get(uri) !== text) workspace.setFile(uri, text);
    texts.clear();
    for (const [uri, text] of files) texts.set(uri, text);
    const analysis = workspace.snapshot();
    const uris = new Set(checked.map(({ uri }) => uri));
    for (const uri of uris) if (isOther(uri)) tellUnreadable(uri, analysis, when, io);
    return comparedSets(uris, analysis, io);
  };
  const [before, now] = [history.before, history.now].map(
    ({ checked }) => new Map(checked.map(({ uri, text }) => [uri, text])),
  );
  const isOther = (uri: string) => before?.get(uri) !== now?.get(uri);
  return pairSets(setsOf(history.before, ` at ${history.title}`), setsOf(history.now, ""));
}

function comparedSets(uris: ReadonlySet<string>, analysis: Analysis, io: Io): readonly ComparedSet[] {
  const documents = [...analysis.uris()].flatMap((uri) => analysis.documents(uri));
  const configObjects = configObjectsBeside(documents);
  return appliedSets(documents.filter(({ id }) => uris.has(id.uri))).map((set) => {
    const { statefulSet, build, document, scaledBetween } = set;
    const { uri } = document.id;
    return {
      statefulSet,
      build,
      home: build === undefined ? uri : `build ${build}`,
      config: analysis.configOf(uri),
      scaledBetween,
      file: nameOf(uri, io.cwd),
      uri,
      get configObjects() {
        return configObjects(set);
      },
      placeOf: placesIn(set, analysis, (other) => nameOf(other, io.cwd)),
    };
  });
}

function tellUnreadable(uri: string, analysis: Analysis, when: string, io: Io): void {
  const problem = analysis.findings(uri).find(({ rule }) => unreadableRules.has(rule));
  if (problem === undefined) return;
  const line = (analysis.lines(uri)?.position(problem.span.start).line ?? 0) + 1;
  note(`${nameOf(uri, io.cwd)}:${line}${when} cannot be read, so it is not compared: ${problem.text}`, io);
}

/** The sets that the real tools build, of the files as they were and as they are. */
async function builtPairs(history: History, paths: readonly string[], options: PlanOptions, io: Io): Promise<Pairs> {
  const configObjects = createConfigObjects();
  const setsOf = async (places: readonly string[], own: Io): Promise<readonly ComparedSet[]> => {
    const found: ComparedSet[] = [];
    for (const place of places) {
      const config = await configFor(`${place}/-`, options, own);
      for (const set of await builtStatefulSets(place, options.values ?? [], config, own)) {
        const { statefulSet, build, text, placeOf, scaledBetween } = set;
        const beside = configObjects(text);
        found.push({ statefulSet, build, home: `${build}`, config, configObjects: beside, scaledBetween, placeOf });
      }
    }
    return found;
  };
  const before = await history.inFormerTree((former, own) => setsOf(former, own));
  return pairSets(before, await setsOf(paths.length === 0 ? ["."] : paths, io));
}

/** Fields that only helm knows, of the sets that the templates of a chart make. */
function unknownIn(chart: string, pairs: Pairs): readonly string[] {
  const sets = pairs.flatMap(({ before, after }) => [before, after].filter((set) => set !== undefined));
  const own = sets.filter(({ uri }) => uri?.startsWith(`${chart}templates/`) === true);
  return [...new Set(own.flatMap(({ statefulSet }) => unknownParts(statefulSet)))];
}

function isCalled(name: string, set: ComparedSet | undefined): boolean {
  return set?.statefulSet.key.name === name;
}

function hasOtherConfig({ before, after }: SetPair<ComparedSet>): boolean {
  const [was, is] = [before, after].map((set) =>
    JSON.stringify(set?.configObjects.map((object) => ({ ...object, data: [...object.data] }))),
  );
  return was !== is;
}

/** How many replicas run when the edit comes: what the file says, or what an autoscaler may have set. */
function startsOf({ before, after }: SetPair<ComparedSet>): readonly (number | undefined)[] {
  const range = before === undefined || after === undefined ? [] : before.scaledBetween;
  return range.length === 0 ? [undefined] : range;
}

interface Play {
  readonly options: PlanOptions;
  readonly additions: ScenarioAdditions | undefined;
}

/** `undefined` where nothing changes for the set. */
function planOf(pair: SetPair<ComparedSet>, scaledTo: number | undefined, play: Play): Plan | undefined {
  const { before, after } = pair;
  if (after === undefined) return planOfGone(before, play);
  const { statefulSet, build, config, file, placeOf } = after;
  const plan = { key: statefulSet.key, build, file, placeOf, scaledTo };
  const notes: string[] = scaledTo === undefined ? [] : [scaledNote(scaledTo)];
  if (build !== undefined && /^release-name\b/.test(statefulSet.key.name))
    notes.push("release-name stands for the name of your Helm release");
  const way = play.options.apply ?? "client";
  // The `start` of a scenario is about sets that run.
  const isLeft = before !== undefined || play.additions?.start?.set === "absent";
  const additions = play.additions && { ...play.additions, ...(isLeft ? {} : { start: undefined }) };
  const edit = { before: before?.statefulSet, after: statefulSet, config, additions, way, scaledTo };
  const simulation = playEdit(edit, (text) => notes.push(text));
  if (before === undefined) return { ...plan, does: "create", simulation, notes };
  const ofConfig = configNotesOf(before, after, simulation);
  if (ofConfig.length === 0 && !isChanged(pair)) return undefined;
  const ofTemplate = templateNote(changedInTemplate(before.statefulSet, statefulSet, config));
  return { ...plan, does: "update", simulation, notes: [...ofTemplate, ...notes, ...ofConfig] };
}

/** Why pods restart: the first changes of their template, and how many more there are. */
function templateNote(changes: readonly string[]): readonly string[] {
  if (changes.length === 0) return [];
  const more = changes.length > 4 ? `, and ${changes.length - 4} more values` : "";
  return [`The pod template changes: ${changes.slice(0, 4).join(", ")}${more}`];
}

/** What happens to a set that is no longer in the files, if whatever applies them prunes. */
function planOfGone({ statefulSet, build, config, file }: ComparedSet, { additions }: Play): Plan {
  const { written } = readPlayable(statefulSet);
  const scenario = acting(written, { type: "delete", propagation: "Background" });
  const simulation = simulate({
    scenario: additions === undefined ? scenario : withAdditions(scenario, additions),
    behaviour: playedBehaviour(config, additions?.featureGates),
  });
  const notes = [
    "It is gone from the files: Argo CD, Flux and kubectl apply --prune delete it, kubectl apply leaves it",
  ];
  return { does: "delete", key: statefulSet.key, build, simulation, notes, file };
}
