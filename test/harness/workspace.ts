import * as engine from "../../server/src/engine/api.js";
import { defaultConfig, type Analysis, type Base, type Config, type Workspace } from "../../server/src/engine/api.js";
import { rules } from "../../server/src/engine/rules/registry.js";
import { readChunk, type ParsedChunk, type ReadChunk } from "../../server/src/engine/workspace/source-file.js";

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

const chunks = new Map<string, ParsedChunk>();

/** Reads each text once for all tests of a process: what is read of it never changes. */
const readOnce: ReadChunk = (text, reading, visible) => {
  const key = JSON.stringify([reading, visible, text]);
  const chunk = chunks.get(key) ?? readChunk(text, reading, visible);
  chunks.set(key, chunk);
  return chunk;
};

/** A workspace for tests of what is said of a text, many of which ask about the same text. */
export function createWorkspace(config: Config, flags?: Partial<Config>): Workspace {
  return engine.createWorkspace(config, flags, { rules, read: readOnce });
}

/** All that can be asked of a workspace that holds the files of a fixture and nothing else. */
export function analyse(fixture: string, config: Config = defaultConfig, before?: string): Analysis {
  const workspace = createWorkspace(config);
  for (const [name, text] of filesOf(fixture)) workspace.setFile(root + name, text);
  if (before !== undefined) workspace.setBase(baseOf(before, fixture));
  workspace.setComplete(true);
  return workspace.snapshot();
}
