import pMap from "p-map";
import { FileChangeType, type FileEvent } from "vscode-languageserver";
import type { Guard } from "./guard.js";
import { isJsonName, isManifestName, mayHoldManifests } from "./manifest-names.js";
import type { Manifests } from "./manifests.js";
import type { FoundFile, Runtime } from "./runtime.js";
import { canonicalUri, isWithin } from "./uri.js";

/** The files of the workspace's folders as the disk has them. What is open in the editor comes from there instead. */
export interface Disk {
  /** Reads all files of the folders and forgets those that are gone; the number read is told now and then. */
  scan(folders: readonly string[], read: (files: number) => void): Promise<void>;
  /** Takes what the disk has, or forgets the file: for one that was closed or has changed. */
  read(uri: string): void;
  changed(events: readonly FileEvent[]): void;
  /** Until a file that is being read is known as it now is. */
  settled(uri: string): Promise<void>;
}

/** `warn` is called with a sentence about each file or directory that cannot be read. */
export function createDisk(
  runtime: Runtime,
  guard: Guard,
  manifests: Manifests,
  isOpen: (uri: string) => boolean,
  warn: (text: string) => void,
): Disk {
  const reading = new Map<string, Promise<void>>();
  /** What each scan that runs has met so far, or has been told of. */
  const scans = new Set<Set<string>>();

  const load = guard.answer("reading", undefined, async (uri: string, isLatest: () => boolean) => {
    const file = await runtime.readFile(uri);
    // Meanwhile it may have changed again, or been opened, or its folder may have been closed.
    if (!isLatest() || isOpen(uri)) return;
    switch (file.type) {
      case "text":
        if (!mayHoldManifests(uri, file.text)) manifests.remove(uri);
        else if (manifests.isInFolders(uri)) manifests.set(uri, file.text);
        break;
      case "problem":
        manifests.remove(uri);
        if (!isJsonName(uri)) warn(`${uri} ${file.problem}`);
        break;
    }
  });
  const read = (uri: string): Promise<void> => {
    const isLatest = () => reading.get(uri) === work;
    const work: Promise<void> = load(uri, isLatest).finally(() => {
      if (isLatest()) reading.delete(uri);
    });
    reading.set(uri, work);
    for (const met of scans) met.add(uri);
    return work;
  };
  const forget = (uri: string) => {
    reading.delete(uri);
    if (!isOpen(uri)) manifests.remove(uri);
  };

  return {
    async scan(folders, report) {
      const met = new Set<string>();
      scans.add(met);
      try {
        for (const folder of folders) {
          const take = async (found: FoundFile) => {
            const uri = canonicalUri(found.uri);
            if (found.type === "problem") warn(`${uri} ${found.problem}`);
            else {
              met.add(uri);
              report(met.size);
              if (!isOpen(uri)) await read(uri);
            }
          };
          await pMap(runtime.findFiles(folder), take, { concurrency: readsAtOnce });
          const gone = [...manifests.uris()].filter((uri) => isWithin(uri, folder) && !met.has(uri));
          for (const uri of gone) forget(uri);
        }
      } finally {
        scans.delete(met);
      }
    },
    read(uri) {
      if (manifests.isInFolders(uri) && isManifestName(uri)) void read(uri);
      else forget(uri);
    },
    changed(events) {
      for (const { uri: spelled, type } of events) {
        const uri = canonicalUri(spelled);
        if (type !== FileChangeType.Deleted) {
          if (manifests.isInFolders(uri) && isManifestName(uri) && !isOpen(uri)) void read(uri);
        } else {
          // A directory that goes is one event.
          const gone = [...manifests.uris()].filter((known) => isWithin(known, uri));
          for (const file of gone) forget(file);
        }
      }
    },
    settled: (uri) => reading.get(uri) ?? Promise.resolve(),
  };
}

/** So that the disk is busy while a file is being parsed. */
const readsAtOnce = 16;
