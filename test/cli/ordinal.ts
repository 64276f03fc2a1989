import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";
import { run } from "../../server/src/cli/commands/args.js";
import { createWorkspace, type WorkspaceMaker } from "../../server/src/engine/api.js";
import type { Io } from "../../server/src/cli/io.js";

/** What a run wrote and how it ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly cwd: string;
  readonly env?: Io["env"];
  readonly stdin?: string | Uint8Array;
  /** A terminal of so many columns; otherwise the output goes into a pipe. */
  readonly columns?: number;
  readonly makeWorkspace?: WorkspaceMaker;
  /** Milliseconds; otherwise no time passes. */
  readonly now?: () => number;
  /** What a watcher is told: something for each change. Otherwise nothing changes. */
  readonly changes?: Io["changes"];
}

/** Runs `ordinal` in this process. */
export async function ordinal(argv: readonly string[], surroundings: Surroundings): Promise<Ended> {
  const { cwd, env = {}, stdin = "", columns, makeWorkspace = createWorkspace } = surroundings;
  const { now = () => 0, changes = noChanges } = surroundings;
  const out: string[] = [];
  const err: string[] = [];
  const output = (written: string[]) => ({
    write: (text: string) => void written.push(text),
    isTerminal: columns !== undefined,
    columns,
  });
  const code = await run(argv, {
    cwd,
    env,
    readStdin: () => Promise.resolve(typeof stdin === "string" ? Buffer.from(stdin) : stdin),
    stdout: output(out),
    stderr: output(err),
    createWorkspace: makeWorkspace,
    now,
    changes,
  });
  return { code, stdout: out.join(""), stderr: err.join("") };
}

async function* noChanges(): AsyncGenerator<never> {
  // Nothing changes.
}

/** A directory with these files in it, gone after the test. Names may hold `/`. */
export function directoryWith(context: TestContext, files: Readonly<Record<string, string | Uint8Array>>): string {
  const directory = realpathSync(mkdtempSync(path.join(tmpdir(), "ordinal-cli-")));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(directory, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return directory;
}
