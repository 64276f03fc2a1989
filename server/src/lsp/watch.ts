import { manifestGlobs } from "./deviations.js";
import { DidChangeWatchedFilesNotification, WatchKind, type Connection } from "vscode-languageserver";

/** Asks an editor that can be asked to report what happens to manifests on the disk. */
export async function watchManifests(connection: Connection): Promise<void> {
  await connection.client.register(DidChangeWatchedFilesNotification.type, {
    watchers: [
      ...manifestGlobs.map((globPattern) => ({ globPattern })),
      // A directory that goes takes its manifests along, and is all that is reported.
      { globPattern: "**/*", kind: WatchKind.Delete },
    ],
  });
}
