import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parse } from "yaml";
import {
  appliedSets,
  isPartial,
  readPlayable,
  unreadableRules,
  whyNot,
  withoutRules,
  writtenAt,
  type Analysis,
  type Config,
  type StatefulSet,
} from "../engine/api.js";
import { decodeText, readText } from "../node/disk/files.js";
import { chartsAround } from "./context.js";
import { UsageError } from "./exit.js";
import type { Io } from "./io.js";
import type { WrittenPlace } from "./plans.js";
import { isDirectory, readTrees } from "./sources.js";

/** A StatefulSet and, where a build makes it, the build's name. */
export interface PlayedSet {
  readonly statefulSet: StatefulSet;
  readonly build: string | undefined;
  /** The YAML of all that is applied with it. */
  readonly text: string;
  /** Where the value of a field is written. */
  readonly placeOf: (field: string) => WrittenPlace | undefined;
  /** The fewest and the most replicas that its autoscalers set; empty without one. */
  readonly scaledBetween: readonly number[];
}

/** The complete StatefulSets of a file, at least one; those of a chart's template as its default values have them. */
export async function readPlayed(file: string, config: Config, io: Io): Promise<readonly PlayedSet[]> {
  return setsIn(await openManifests(file, config, io));
}

/** The manifests of a file, read; of a chart's template with the files of the chart. */
export interface Manifests {
  readonly file: string;
  readonly uri: string;
  readonly text: string;
  readonly analysis: Analysis;
  /** The charts that it is a template of: the nearest, and the one around that. */
  readonly charts: readonly string[];
}

/** @throws {UsageError} where the file cannot be read or is a directory */
export async function openManifests(file: string, config: Config, io: Io): Promise<Manifests> {
  const absolute = path.resolve(io.cwd, file);
  if (file !== "-" && (await isDirectory(absolute))) {
    throw new UsageError(`${file} is a directory. Use --render to play what kustomize or helm builds from it`);
  }
  const workspace = io.createWorkspace(config, {}, withoutRules);
  const uri = pathToFileURL(absolute).href;
  const text = await textOf(file, io);
  const charts = hasTags(text) && file !== "-" ? chartsAround(path.dirname(absolute)) : [];
  const [chart] = charts;
  if (chart !== undefined) {
    const around = await readTrees([chart], (known) => known === uri);
    for (const other of around) workspace.setFile(other.uri, other.text);
  }
  workspace.setFile(uri, text);
  const analysis = workspace.snapshot();
  const syntax = analysis.findings(uri).find(({ rule }) => unreadableRules.has(rule));
  if (syntax !== undefined) {
    const line = (analysis.lines(uri)?.position(syntax.span.start).line ?? 0) + 1;
    throw new UsageError(`${file}:${line} cannot be applied: ${syntax.text}`);
  }
  return { file, uri, text, analysis, charts };
}

/** What a reader calls another file, by what the user calls this one. */
function nameBeside(file: string, uri: string, other: string): string {
  if (other === uri) return file;
  return path.join(path.dirname(file), path.relative(path.dirname(fileURLToPath(uri)), fileURLToPath(other)));
}

function hasTags(text: string): boolean {
  return text.includes("{{");
}

/** See `readPlayed`. */
export function setsIn({ file, uri, text, analysis, charts: [chart, outer] }: Manifests): readonly PlayedSet[] {
  const applied = appliedSets(analysis.documents(uri));
  const found = analysis.statefulSets(uri).map(({ statefulSet, built, span }): PlayedSet => {
    const document = analysis.documentAt(uri, span.start)?.document;
    const placeIn = (set: StatefulSet) =>
      document === undefined
        ? () => undefined
        : placesIn({ statefulSet: set, document }, analysis, (other) => nameBeside(file, uri, other));
    const scaledBetween = applied.find((one) => one.statefulSet === statefulSet)?.scaledBetween ?? [];
    if (chart === undefined)
      return { statefulSet, build: undefined, text, placeOf: placeIn(statefulSet), scaledBetween };
    const { obstacles } = readPlayable((built ?? { statefulSet }).statefulSet);
    const unknown = obstacles.flatMap((why) => ("path" in why ? [why.path] : []));
    // The namespace is given at install time; the play does not depend on it.
    const open = unknown.filter((field) => field !== "metadata.namespace");
    if (built === undefined || open.length > 0 || outer !== undefined) {
      const hangsOn =
        outer !== undefined ? ": another chart may set them" : open.length > 0 ? `: not ${open.join(", ")}` : "";
      throw new UsageError(
        `the chart's default values alone do not tell what ${file} comes to${hangsOn}; --render plays what helm renders of it`,
      );
    }
    const placeOf = placeIn(built.statefulSet);
    return { statefulSet: built.statefulSet, build: built.builds.join(", "), text, placeOf, scaledBetween };
  });
  const none = hasTags(text)
    ? `no StatefulSet of apps/v1 can be read in ${file}, a template: play what it renders, with --render or as in "helm template . | ordinal plan -"`
    : `${file} has no StatefulSet of apps/v1`;
  return completeSets(found, file, none);
}

/** Where the value of each field of a set is written; `nameOf` tells what a reader calls a file. */
export function placesIn(
  set: Parameters<typeof writtenAt>[0],
  analysis: Analysis,
  nameOf: (uri: string) => string,
): PlayedSet["placeOf"] {
  return (field) => {
    const place = writtenAt(set, field, (uri) => analysis.documents(uri));
    const lines = place && analysis.lines(place.uri);
    return place && lines && { file: nameOf(place.uri), line: lines.position(place.span.start).line + 1 };
  };
}

/** Those that are no part of a set; throws where there is none: `none`, or that there are only parts in `place`. */
export function completeSets(found: readonly PlayedSet[], place: string, none: string): readonly PlayedSet[] {
  const complete = found.filter(({ statefulSet }) => !isPartial(statefulSet));
  if (complete.length > 0) return complete;
  throw new UsageError(found.length > 0 ? `${place} cannot be played: ${whyNot({ type: "part" })}` : none);
}

/** The text of a file, or of standard input for `-`. */
export async function textOf(file: string, io: Io): Promise<string> {
  const read = file === "-" ? decodeText(await io.readStdin()) : await readText(path.resolve(io.cwd, file));
  if (read.type === "text") return read.text;
  throw new UsageError(`${file === "-" ? "standard input" : file} ${read.problem}`);
}

/** What a YAML text says, as plain values. `file` is named where it cannot be read. */
export function plainValue(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message.trimEnd() : String(error)}`);
  }
}
