import { cpSync, mkdtempSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { repo } from "./repo.js";

/** A copy of built folders, to be changed before it is loaded. */
export interface ChangedCopy {
  /** Whoever made it removes it. */
  readonly root: string;
  load<M>(file: string): Promise<M>;
}

export function changedCopy(folders: readonly string[]): ChangedCopy {
  const root = mkdtempSync(repo("out/toy-"));
  const isCode = (file: string) => !path.extname(file) || file.endsWith(".js");
  for (const folder of folders)
    cpSync(repo("out", folder), path.join(root, folder), { recursive: true, filter: isCode });
  return { root, load: async <M>(file: string) => (await import(pathToFileURL(path.join(root, file)).href)) as M };
}
