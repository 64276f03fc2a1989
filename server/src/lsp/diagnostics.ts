import type { Connection } from "vscode-languageserver";
import type { Disk } from "./disk.js";
import type { Documents } from "./documents.js";
import type { Guard } from "./guard.js";
import type { Manifests } from "./manifests.js";
import type { Report } from "./reports.js";
import type { Runtime } from "./runtime.js";

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
