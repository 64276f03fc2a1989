import path from "node:path";
import { pathToFileURL } from "node:url";
import { analyseBuilt, printable, type Config, type StatefulSet } from "../engine/api.js";
import type { Target } from "../node/render/targets.js";
import { findTools } from "../node/render/tools.js";
import { UsageError } from "./exit.js";
import type { Io } from "./io.js";
import { buildWith, failureText, missingTools, readableFiles, targetsIn, targetsOfFile } from "./render.js";
import { isDirectory, nameOfPath } from "./sources.js";

/** A StatefulSet as a build makes it. */
export interface BuiltSet {
  readonly statefulSet: StatefulSet;
  /** The build's. */
  readonly build: string;
}

/** The StatefulSets that builds make, at least one: all of a directory's, or those that come from a file. */
export async function builtStatefulSets(
  place: string,
  values: readonly string[],
  config: Config,
  io: Io,
): Promise<readonly BuiltSet[]> {
  const absolute = path.resolve(io.cwd, place);
  const only = (await isDirectory(absolute)) ? undefined : pathToFileURL(absolute).href;
  const targets = only === undefined ? await targetsIn(absolute) : await targetsOfFile(absolute);
  if (targets.length === 0) {
    throw new UsageError(`there is no kustomization and no chart ${only === undefined ? "in" : "with"} ${place}`);
  }
  const tools = await findTools(io.env);
  const files = await readableFiles(values, io);
  const found: BuiltSet[] = [];
  const missing: Target[] = [];
  for (const target of targets) {
    const build = nameOfPath(target.directory, io.cwd);
    const result = await buildWith(target, tools, files, config, io);
    switch (result.type) {
      case "noTool":
        missing.push(target);
        break;
      case "failed":
        io.stderr.write(`ordinal: ${printable(`${build} was not built: ${failureText(result, io)}`)}\n`);
        break;
      case "built":
        for (const set of analyseBuilt(result.built, config).statefulSets) {
          if (only === undefined || set.place([]).source.uri === only) {
            found.push({ statefulSet: set.statefulSet, build });
          }
        }
        break;
    }
  }
  if (found.length > 0) return found;
  const [withoutTool] = missingTools(missing);
  throw new UsageError(withoutTool ?? `no StatefulSet of apps/v1 is built from ${place}`);
}
