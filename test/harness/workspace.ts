import { createWorkspace, defaultConfig, type Analysis, type Config } from "../../server/src/engine/api.js";

/** A directory that no file system has: tests never touch a disk. */
export const root = "file:///work/";

/** Files of a fixture: `# file: NAME` starts another one; what is before the first is `main.yaml`. */
export function filesOf(fixture: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const part of fixture.split(/^(?=# file: )/m)) {
    const [, name = "main.yaml"] = /^# file: (\S+)\n/.exec(part) ?? [];
    if (part !== "") files.set(name, part);
  }
  return files;
}

/** All that can be asked of a workspace that holds the files of a fixture and nothing else. */
export function analyse(fixture: string, config: Config = defaultConfig): Analysis {
  const workspace = createWorkspace(config);
  for (const [name, text] of filesOf(fixture)) workspace.setFile(root + name, text);
  workspace.setComplete(true);
  return workspace.snapshot();
}
