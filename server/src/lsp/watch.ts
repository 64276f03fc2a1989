import { DidChangeWatchedFilesNotification, WatchKind, type Connection } from "vscode-languageserver";
import type { Client } from "./client.js";
import { manifestGlobs, reportsOtherPrograms } from "./deviations.js";
import type { Guard } from "./guard.js";

/** Whether the editor reports what happens to manifests on the disk, whoever does it. */
export interface Watch {
  /** Asks it to, if it can be asked. */
  begin(): void;
  isWatching(): boolean;
}

export function createWatch(connection: Connection, client: Client, guard: Guard): Watch {
  let isWatching = false;
  const register = async () => {
    await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    isWatching = reportsOtherPrograms(client.name);
  };
  return {
    begin() {
      if (client.registers.watchedFiles) guard.background("client/registerCapability", register());
    },
    isWatching: () => isWatching,
  };
}

const watchers = [
  ...manifestGlobs.map((globPattern) => ({ globPattern })),
  // A directory that goes takes its manifests along, and is all that is reported.
  { globPattern: "**/*", kind: WatchKind.Delete },
];
