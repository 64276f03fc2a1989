import type { Connection } from "vscode-languageserver";
import type { Disk } from "./disk.js";
import type { Documents } from "./documents.js";
import type { Guard } from "./guard.js";
import type { Manifests } from "./manifests.js";
import type { Runtime } from "./runtime.js";
import { scanWithProgress } from "./scan.js";
import { coalesce } from "./scheduler.js";

/** The workspace's folders: none in an editor that has opened a single file, where nothing is looked for. */
export interface Folders {
  /** Reads them for the first time; resolves when that is done. */
  begin(): Promise<void>;
  /** Folders came or went; canonical URIs. */
  change(added: readonly string[], removed: readonly string[]): Promise<void>;
  /** Canonical URIs, as they are now. */
  uris(): readonly string[];
  /** Soon reads all again, without a message: for an editor that does not watch files. */
  rescan(): void;
}

export function createFolders(
  initial: readonly string[],
  connection: Connection,
  runtime: Runtime,
  guard: Guard,
  disk: Disk,
  manifests: Manifests,
  documents: Documents,
): Folders {
  let folders = initial;
  let scans = 0;
  manifests.setFolders(folders);

  const scan = async (added: readonly string[]) => {
    if (added.length === 0) return;
    scans += 1;
    manifests.setComplete(false);
    try {
      await scanWithProgress(connection, guard, disk, added);
    } finally {
      scans -= 1;
    }
    if (scans === 0) manifests.setComplete(true);
  };
  return {
    begin: () => scan(folders),
    uris: () => folders,
    change(added, removed) {
      folders = [...folders.filter((folder) => !removed.includes(folder) && !added.includes(folder)), ...added];
      manifests.setFolders(folders);
      documents.setAll();
      return scan(added);
    },
    rescan: coalesce(
      1000,
      runtime,
      guard.answer("rescan", undefined, () => disk.scan(folders, () => {})),
    ),
  };
}
