import type { Connection } from "vscode-languageserver";
import type { Disk } from "./disk.js";
import type { Documents } from "./documents.js";
import type { Guard } from "./guard.js";
import type { Manifests } from "./manifests.js";
import type { Report } from "./reports.js";
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
  readonly reports: (uri: string) => Report;
  /** Until the settings are known: before that, a rule that the user switched off would show. */
  readonly ready: Promise<void>;
  /** Until the folders have been read for the first time. */
  readonly scanned: Promise<void>;
}

/** After a change, how long to wait for the next one before findings are looked at: a pause between two keystrokes. */
export const pauseMilliseconds = 150;

/** What is to be done before a file's report can be had at once, piece by piece. */
export function* preparing(uri: string, { manifests }: Surroundings): Generator<unknown, void> {
  yield* manifests.analysisOf(uri).prepare(uri);
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
