import { createWorkspace, defaultConfig, type Analysis, type Base, type Config } from "../../server/src/engine/api.js";

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

/** A fixture may begin with what it is compared with: `# base`, those files, and `# now`. */
export function splitBase(fixture: string): { readonly base: string | undefined; readonly now: string } {
  const [, base, now] = /^# base\n([^]*?\n)# now\n([^]*)$/.exec(fixture) ?? [];
  return { base, now: now ?? fixture };
}

/** What a workspace of the fixture is compared with: the files of another one. */
export function baseOf(before: string, now: string): Base {
  const former = filesOf(before);
  const names = [...new Set([...former.keys(), ...filesOf(now).keys()])];
  return { title: "HEAD (1a2b3c4)", files: new Map(names.map((name) => [root + name, former.get(name)])) };
}

/** All that can be asked of a workspace that holds the files of a fixture and nothing else. */
export function analyse(fixture: string, config: Config = defaultConfig, before?: string): Analysis {
  const workspace = createWorkspace(config);
  for (const [name, text] of filesOf(fixture)) workspace.setFile(root + name, text);
  if (before !== undefined) workspace.setBase(baseOf(before, fixture));
  workspace.setComplete(true);
  return workspace.snapshot();
}
