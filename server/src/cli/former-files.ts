import { existsSync, statSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { decodeText } from "../node/disk/files.js";
import { isBlob } from "../node/git/history.js";
import { GitError, Repository } from "../node/git/repository.js";
import { isManifestName, isSkippedDirectory, mayHoldManifests } from "../lsp/manifest-names.js";
import { createProjects, isWithin } from "./context.js";
import { UsageError } from "./exit.js";
import type { Io } from "./io.js";
import type { CheckedFile } from "./report.js";
import { readSources, type Reading, type Sources } from "./sources.js";

/** What paths hold, and what they held at a revision. */
export interface History {
  /** Calls back with the whole tree of the revision in a temporary directory, as if it were called from there. */
  readonly inFormerTree: <T>(use: (paths: readonly string[], io: Io) => Promise<T>) => Promise<T>;
  readonly now: Sources;
  /** What rules take notice of, and what was asked about, as they were; nothing else. */
  readonly before: Pick<Sources, "checked" | "context">;
  /** What a reader calls the revision, with its commit: `origin/main (1a2b3c4)` */
  readonly title: string;
  readonly commit: string;
}

/** Whether what was given is a revision of the repository around, rather than a file. Throws where it is neither. */
export async function isRevision(given: string, io: Io): Promise<boolean> {
  if (given === "-" || existsSync(path.resolve(io.cwd, given))) return false;
  try {
    await (await Repository.around(io.cwd, io.env)).commit(given);
    return true;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new UsageError(`${given} does not exist, and is not a revision: ${error.message}`);
  }
}

/**
 * `fromMergeBase`: as it was where the revision and what is checked out part. `option` is what the user gave the
 * revision to.
 */
export async function readHistory(
  revision: string,
  paths: readonly string[],
  fromMergeBase: boolean,
  io: Io,
  { option = "--from", ...reading }: Reading & { readonly option?: string } = {},
): Promise<History> {
  const asked = (paths.length === 0 ? ["."] : paths).map((given) => path.resolve(io.cwd, given));
  const projects = createProjects();
  const directories = new Set<string>();
  for (const one of asked) directories.add(await projects(existing(one)));
  const trees: (Tree & { readonly commit: string })[] = [];
  try {
    for (const directory of directories) {
      const repository = await Repository.around(directory, io.env);
      const named = await repository.commit(revision);
      const commit = fromMergeBase ? await repository.mergeBase(named) : named;
      trees.push({ repository, commit, files: await repository.files(commit) });
    }
    const [first] = trees;
    const known = asked.filter((one) => existsSync(one) || !trees.some(({ files }) => files.has(one)));
    const now: Sources = known.length === 0 ? nothing : await readSources(known, io, reading);
    const isAsked = (uri: string) => asked.some((one) => isWithin(fileURLToPath(uri), one));
    const before = (await Promise.all(trees.map((tree) => formerFiles(tree, [...now.checked, ...now.context])))).flat();
    const commit = first?.commit ?? "";
    return {
      now,
      before: {
        checked: before.filter(({ uri }) => isAsked(uri)),
        context: before.filter(({ uri }) => !isAsked(uri)),
      },
      title: `${fromMergeBase ? "the merge base with " : ""}${revision} (${commit.slice(0, 7)})`,
      commit,
      inFormerTree(use) {
        if (trees.length > 1) throw new UsageError("--render compares paths of one repository only");
        return first === undefined ? use([], io) : inTree(first, asked, io, use);
      },
    };
  } catch (error) {
    if (error instanceof GitError) throw new UsageError(`${option} ${revision}: ${error.message}`);
    throw error;
  }
}

const nothing: Sources = { checked: [], context: [], problems: [], ignored: 0, projects: [] };

/** The nearest directory of a path that is there: what was deleted was somewhere. */
function existing(file: string): string {
  const parent = path.dirname(file);
  const isDirectory = existsSync(file) && statSync(file).isDirectory();
  return isDirectory || parent === file ? file : existing(parent);
}

/** Writes out all files of one project; a build reads more than manifests. Links and submodules are left out. */
async function inTree<T>(
  { repository: { directory }, repository, files }: Tree,
  asked: readonly string[],
  io: Io,
  use: (paths: readonly string[], io: Io) => Promise<T>,
): Promise<T> {
  const outer = isWithin(directory, io.cwd) ? io.cwd : directory;
  const root = await mkdtemp(path.join(tmpdir(), "ordinal-"));
  const moved = (file: string) => path.join(root, path.relative(outer, file));
  try {
    const contents = await repository.contents([...new Set(files.values())]);
    for (const [file, id] of files) {
      await mkdir(path.dirname(moved(file)), { recursive: true });
      await writeFile(moved(file), contents.get(id) ?? "");
    }
    const former = asked.map(moved).filter((file) => existsSync(file));
    return await use(former, { ...io, cwd: isWithin(io.cwd, outer) ? moved(io.cwd) : root });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

interface Tree {
  readonly repository: Repository;
  /** Ids by absolute path. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * The files of a project as they were. Those that git was told to ignore are as they are now: nothing is known of them.
 */
async function formerFiles({ repository, files }: Tree, now: readonly CheckedFile[]): Promise<readonly CheckedFile[]> {
  const current = new Map(
    now
      .filter(({ uri }) => uri.startsWith("file:"))
      .map(({ uri, text }) => [fileURLToPath(uri), text] as const)
      .filter(([file]) => isWithin(file, repository.directory)),
  );
  const ignored = await repository.ignored([...current.keys()].filter((file) => !files.has(file)));
  const same = [...current].filter(([file, text]) => ignored.has(file) || isBlob(files.get(file), text));
  const unchanged = new Set(same.map(([file]) => file));
  const former = [...files].filter(
    ([file]) => !unchanged.has(file) && (current.has(file) || mayBeManifest(file, repository.directory)),
  );
  const contents = await repository.contents([...new Set(former.map(([, id]) => id))]);
  const changed = former.flatMap(([file, id]) => {
    const bytes = contents.get(id);
    const read = bytes && decodeText(bytes);
    return read?.type === "text" && mayHoldManifests(file, read.text) ? [[file, read.text] as const] : [];
  });
  return [...same, ...changed].map(([file, text]) => ({ uri: pathToFileURL(file).href, text }));
}

function mayBeManifest(file: string, directory: string): boolean {
  const steps = path.relative(directory, file).split(path.sep);
  return isManifestName(file) && !steps.slice(0, -1).some(isSkippedDirectory);
}
