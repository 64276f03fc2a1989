import { stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { kustomizationNames, readKustomizationReferences } from "../engine/api.js";
import { findManifests, readFound } from "../node/disk/files.js";
import { isWithin, type Projects } from "./context.js";
import type { CheckedFile } from "./report.js";

/**
 * The files that kustomizations among `files` name and that are not there yet, with those that these name in turn: what
 * an overlay builds is not known without its base. Nothing is read outside of the project.
 */
export async function readNamed(files: readonly CheckedFile[], projects: Projects): Promise<readonly CheckedFile[]> {
  const known = new Set(files.map(({ uri }) => uri));
  const named: CheckedFile[] = [];
  const waiting = [...files];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (!file.uri.startsWith("file:")) continue;
    const own = fileURLToPath(file.uri);
    if (!kustomizationNames.includes(path.basename(own))) continue;
    const root = await projects(path.dirname(own));
    const references = readKustomizationReferences(file.text);
    if (references === undefined) continue;
    for (const target of [...references.included, ...references.patches, ...references.others]) {
      const absolute = path.resolve(path.dirname(own), target);
      if (!isWithin(absolute, root)) continue;
      for await (const found of manifestsAt(absolute)) {
        const uri = pathToFileURL(found).href;
        const read = known.has(uri) ? undefined : await readFound(found);
        known.add(uri);
        if (read?.type !== "text") continue;
        named.push({ uri, text: read.text });
        waiting.push({ uri, text: read.text });
      }
    }
  }
  return named;
}

/** The file, or all manifests of the directory. */
async function* manifestsAt(absolute: string): AsyncGenerator<string> {
  const kind = await stat(absolute).catch(() => undefined);
  if (kind?.isFile() === true) yield absolute;
  if (kind?.isDirectory() !== true) return;
  for await (const found of findManifests(absolute)) if (found.type === "file") yield found.path;
}
