import type { Connection } from "vscode-languageserver";
import type { Disk } from "./disk.js";
import type { Documents } from "./documents.js";
import type { Guard } from "./guard.js";
import type { Manifests } from "./manifests.js";
import type { Reports } from "./reports.js";
import type { Runtime } from "./runtime.js";
import type { Trace } from "./trace.js";
import { runInSlices } from "./scheduler.js";

/** How findings get to the editor: asked for (`diagnostics-pull.ts`) or sent (`diagnostics-push.ts`). */
export interface Diagnostics {
  /** Something has changed, so findings may have. It may be called as often as one likes. */
  update(): void;
}

/** What both ways need. */
export interface Surroundings {
  readonly connection: Connection;
  readonly guard: Guard;
  readonly runtime: Runtime;
  readonly trace: Trace;
  readonly manifests: Manifests;
  readonly documents: Documents;
  readonly disk: Disk;
  readonly reports: Reports;
  /** Until the settings are known: before that, a rule that the user switched off would show. */
  readonly ready: Promise<void>;
  /** Until the folders have been read for the first time. */
  readonly scanned: Promise<void>;
}

/** After a change, how long to wait for the next one before findings are looked at: a pause between two keystrokes. */
export const pauseMilliseconds = 150;

/** What is to be done before a file's report can be had at once, piece by piece. */
export function* preparing(uri: string, { manifests, reports }: Surroundings): Generator<unknown, void> {
  if (!reports.isKnown(uri)) yield* manifests.analysisOf(uri).prepare(uri);
}

/** Until all that is done for the file as it now is. What else arrives is dealt with meanwhile. */
export async function prepared(uri: string, surroundings: Surroundings): Promise<void> {
  const { manifests, runtime } = surroundings;
  for (;;) {
    const analysis = manifests.analysisOf(uri);
    const isStale = () => manifests.analysisOf(uri) !== analysis;
    if ((await runInSlices(preparing(uri, surroundings), runtime, isStale)) === "done") return;
  }
}

/** Which files something else may be found in, or said of, than when the last of them were looked at. */
export interface Looks {
  /** Those files, or all of them where it may be any. Once they have been gone through, they have been looked at. */
  due(all: () => Iterable<string>): Iterable<string>;
}

export function createLooks({ documents, manifests, reports }: Surroundings): Looks {
  let last: ReturnType<Manifests["mark"]> | undefined;
  /** What was open is said of another version. */
  let opened = new Set<string>();
  return {
    *due(all) {
      const mark = manifests.mark();
      const changed = last && manifests.changedSince(last);
      const open = [...documents.uris()];
      for (const uri of open) opened.add(uri);
      yield* changed === undefined ? all() : new Set([...reports.concernedBy(changed), ...opened]);
      last = mark;
      opened = new Set(open);
    },
  };
}
