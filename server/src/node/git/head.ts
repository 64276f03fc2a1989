import { watch, type FSWatcher } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { existsSync } from "node:fs";
import path from "node:path";

/** Where git keeps what it knows of a work tree, and what it shares with the other work trees of the repository. */
export interface GitDirectories {
  readonly own: string;
  readonly common: string;
}

/** The nearest directory upwards that is a work tree: it holds `.git`, in linked work trees and submodules a file. */
export function workTreeOf(directory: string): string | undefined {
  for (let at = directory; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, ".git"))) return at;
    if (path.dirname(at) === at) return undefined;
  }
}

/** gitrepository-layout(5) of git 2.53. `undefined` where `.git` leads nowhere. */
export async function gitDirectories(workTree: string): Promise<GitDirectories | undefined> {
  const entry = path.join(workTree, ".git");
  const text = await textOf(entry);
  const named = text === undefined ? undefined : /^gitdir: (.*)$/m.exec(text)?.[1];
  const own = named === undefined ? entry : path.resolve(workTree, named);
  const shared = (await textOf(path.join(own, "commondir")))?.trim();
  const found = await stat(own).catch(() => undefined);
  return found?.isDirectory() === true
    ? { own, common: shared === undefined ? own : path.resolve(own, shared) }
    : undefined;
}

/**
 * Calls back whenever a commit that one of some names (`HEAD`, a branch, a tag) stands for may be another one, until the
 * returned function is called. Reads files of git's directory and runs nothing. Never throws: where the directory cannot
 * be watched, nothing is reported.
 */
export function watchRevisions(directories: GitDirectories, names: readonly string[], moved: () => void): () => void {
  let watchers: readonly FSWatcher[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let known: string | undefined;
  let isOver = false;
  const close = () => {
    for (const watcher of watchers) watcher.close();
    watchers = [];
  };
  const look = async () => {
    const files = await filesOf(directories, names);
    const state = await stateOf(files);
    if (isOver) return;
    if (known !== undefined && known !== state) moved();
    if (known !== state) {
      // Another branch has another file, and a new one may have a new directory.
      close();
      watchers = watched(files, soon);
    }
    known = state;
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), quietMilliseconds);
    timer.unref();
  };
  void look();
  return () => {
    isOver = true;
    clearTimeout(timer);
    close();
  };
}

/** git writes several files for one commit. */
const quietMilliseconds = 100;

/** The files that decide what the names stand for, whether they are there or not. */
async function filesOf({ own, common }: GitDirectories, names: readonly string[]): Promise<readonly string[]> {
  const head = path.join(own, "HEAD");
  const branch = /^ref: (\S+)/.exec((await textOf(head)) ?? "")?.[1];
  const refs = names
    .filter(isRefName)
    .flatMap((name) => [
      name,
      `refs/${name}`,
      `refs/tags/${name}`,
      `refs/heads/${name}`,
      `refs/remotes/${name}`,
      `refs/remotes/${name}/HEAD`,
    ]);
  return [
    head,
    ...[branch, ...refs].flatMap((ref) => (ref === undefined ? [] : [path.join(common, ref)])),
    path.join(common, "packed-refs"),
    ...[own, common].map((directory) => path.join(directory, "reftable", "tables.list")),
  ];
}

/** It names no file outside of the directory. */
function isRefName(name: string): boolean {
  return /^[\w./-]+$/.test(name) && !name.includes("..") && !name.startsWith("/");
}

async function stateOf(files: readonly string[]): Promise<string> {
  const texts = await Promise.all(files.map(async (file) => (await textOf(file)) ?? ""));
  return JSON.stringify(texts);
}

/** The directories of the files, or the nearest above them: files are replaced, not written. */
function watched(files: readonly string[], changed: () => void): readonly FSWatcher[] {
  const directories = new Set(files.map((file) => nearest(path.dirname(file))));
  return [...directories].flatMap((directory) => {
    try {
      const watcher = watch(directory, { persistent: false }, changed);
      watcher.on("error", () => watcher.close());
      return [watcher];
    } catch {
      return [];
    }
  });
}

function nearest(directory: string): string {
  return existsSync(directory) || path.dirname(directory) === directory ? directory : nearest(path.dirname(directory));
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(() => undefined);
}
