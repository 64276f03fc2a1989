import pMap from "p-map";
import { FileChangeType, type FileEvent } from "vscode-languageserver";
import type { Guard } from "./guard.js";
import { isJsonName, isManifestName, mayHoldManifests } from "./manifest-names.js";
import type { Manifests } from "./manifests.js";
import type { FoundFile, Runtime } from "./runtime.js";
import { canonicalUri, isWithin } from "./uri.js";

/** The files of the workspace's folders as the disk has them. What is open in the editor comes from there instead. */
export class Disk {
  readonly #runtime: Runtime;
  readonly #manifests: Manifests;
  readonly #isOpen: (uri: string) => boolean;
  readonly #warn: (text: string) => void;
  readonly #load: (uri: string, isLatest: () => boolean) => Promise<void>;
  readonly #reading = new Map<string, Promise<void>>();
  /** What each scan that runs has met so far, or has been told of. */
  readonly #scans = new Set<Set<string>>();

  /** `warn` is called with a sentence about each file or directory that cannot be read. */
  constructor(
    runtime: Runtime,
    guard: Guard,
    manifests: Manifests,
    isOpen: (uri: string) => boolean,
    warn: (text: string) => void,
  ) {
    this.#runtime = runtime;
    this.#manifests = manifests;
    this.#isOpen = isOpen;
    this.#warn = warn;
    this.#load = guard.answer("reading", undefined, (uri, isLatest) => this.#take(uri, isLatest));
  }

  /** Reads all files of the folders and forgets those that are gone; the number read is reported now and then. */
  async scan(folders: readonly string[], report: (files: number) => void): Promise<void> {
    const met = new Set<string>();
    this.#scans.add(met);
    try {
      for (const folder of folders) {
        const take = async (found: FoundFile) => {
          const uri = canonicalUri(found.uri);
          if (found.type === "problem") this.#warn(`${uri} ${found.problem}`);
          else {
            met.add(uri);
            report(met.size);
            if (!this.#isOpen(uri)) await this.#read(uri);
          }
        };
        await pMap(this.#runtime.findFiles(folder), take, { concurrency: readsAtOnce });
        this.#forgetAll((uri) => isWithin(uri, folder) && !met.has(uri));
      }
    } finally {
      this.#scans.delete(met);
    }
  }

  /** Takes what the disk has, or forgets the file: for one that was closed or has changed. */
  read(uri: string): void {
    if (this.#manifests.isInFolders(uri) && isManifestName(uri)) void this.#read(uri);
    else this.#forget(uri);
  }

  changed(events: readonly FileEvent[]): void {
    for (const { uri: spelled, type } of events) {
      const uri = canonicalUri(spelled);
      if (type !== FileChangeType.Deleted) {
        if (this.#manifests.isInFolders(uri) && isManifestName(uri) && !this.#isOpen(uri)) void this.#read(uri);
      } else {
        // A directory that goes is one event.
        this.#forgetAll((known) => isWithin(known, uri));
      }
    }
  }

  /** Until a file that is being read is known as it now is. */
  settled(uri: string): Promise<void> {
    return this.#reading.get(uri) ?? Promise.resolve();
  }

  #read(uri: string): Promise<void> {
    const isLatest = () => this.#reading.get(uri) === work;
    const work: Promise<void> = this.#load(uri, isLatest).finally(() => {
      if (isLatest()) this.#reading.delete(uri);
    });
    this.#reading.set(uri, work);
    for (const met of this.#scans) met.add(uri);
    return work;
  }

  /** Reads a file, and forgets it where it cannot be read or holds no manifests. */
  async #take(uri: string, isLatest: () => boolean): Promise<void> {
    const file = await this.#runtime.readFile(uri);
    // Meanwhile it may have changed again, or been opened, or its folder may have been closed.
    if (!isLatest() || this.#isOpen(uri)) return;
    switch (file.type) {
      case "text":
        if (!mayHoldManifests(uri, file.text)) this.#manifests.remove(uri);
        else if (this.#manifests.isInFolders(uri)) this.#manifests.set(uri, file.text);
        break;
      case "problem":
        this.#manifests.remove(uri);
        if (!isJsonName(uri)) this.#warn(`${uri} ${file.problem}`);
        break;
    }
  }

  #forgetAll(isGone: (uri: string) => boolean): void {
    for (const uri of [...this.#manifests.uris()].filter(isGone)) this.#forget(uri);
  }

  #forget(uri: string): void {
    this.#reading.delete(uri);
    if (!this.#isOpen(uri)) this.#manifests.remove(uri);
  }
}

/** So that the disk is busy while a file is being parsed. */
const readsAtOnce = 16;
