import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { FormerFiles, History } from "../../lsp/runtime.js";
import { canonicalUri } from "../../lsp/uri.js";
import { decodeText, pathOf } from "../disk/files.js";
import type { Environment } from "../render/tools.js";
import { GitError, Repository } from "./repository.js";
import { gitDirectories, watchRevisions, workTreeOf } from "./head.js";

/** What git knows of the files of this machine, run with the environment as it is then. */
export const nodeHistory = (env: () => Environment): History => ({
  workTreeOf(uri) {
    const file = pathOf(uri);
    const workTree = file === undefined ? undefined : workTreeOf(path.dirname(file));
    return workTree === undefined ? undefined : canonicalUri(pathToFileURL(workTree).href);
  },
  async filesAt(revision, directory) {
    const from = pathOf(directory);
    if (from === undefined) return { type: "none", reason: "it is nowhere on this machine" };
    try {
      return { type: "files", files: await filesAt(revision, await Repository.around(from, env())) };
    } catch (error) {
      if (error instanceof GitError) return { type: "none", reason: error.message };
      throw error;
    }
  },
  watch(revision, directory, moved) {
    const from = pathOf(directory);
    const workTree = from === undefined ? undefined : workTreeOf(from);
    if (workTree === undefined) return () => {};
    let stop = () => {};
    let isOver = false;
    const begin = async (): Promise<void> => {
      const directories = await gitDirectories(workTree);
      if (directories !== undefined && !isOver) stop = watchRevisions(directories, namesIn(revision), moved);
    };
    void begin();
    return () => {
      isOver = true;
      stop();
    };
  },
});

const mainBranches = ["origin/HEAD", "origin/main", "origin/master", "main", "master"] as const;

/** The names that a revision is made of: `origin/main~2` moves with `origin/main`. */
function namesIn(revision: string): readonly string[] {
  if (revision === "merge-base") return mainBranches;
  return revision.split(/\.\.+|[~^@:{}]/).filter((name) => name !== "");
}

async function filesAt(revision: string, repository: Repository): Promise<FormerFiles> {
  const { commit, name } = await commitOf(revision, repository);
  const ids = await repository.files(commit);
  const byUri = new Map([...ids].map(([file, id]) => [canonicalUri(pathToFileURL(file).href), id]));
  return {
    title: `${name} (${commit.slice(0, 7)})`,
    uris: () => byUri.keys(),
    id: (uri) => byUri.get(uri),
    isSame: (uri, text) => isBlob(byUri.get(uri), text),
    isGone: (uri) => !existsSync(pathOf(uri) ?? ""),
    async texts(uris) {
      const wanted = uris.flatMap((uri) => byUri.get(uri) ?? []);
      const contents = await repository.contents([...new Set(wanted)]);
      const texts = uris.flatMap((uri) => {
        const bytes = contents.get(byUri.get(uri) ?? "");
        const read = bytes && decodeText(bytes);
        return read?.type === "text" ? [[uri, read.text] as const] : [];
      });
      return new Map(texts);
    },
    async ignored(uris) {
      const files = new Map(uris.flatMap((uri) => [[pathOf(uri) ?? "", uri] as const]));
      files.delete("");
      const ignored = await repository.ignored([...files.keys()]);
      return new Set([...ignored].flatMap((file) => files.get(file) ?? []));
    },
  };
}

async function commitOf(
  revision: string,
  repository: Repository,
): Promise<{ readonly commit: string; readonly name: string }> {
  if (revision !== "merge-base") return { commit: await repository.commit(revision), name: revision };
  for (const name of mainBranches) {
    const commit = await repository.commit(name).catch(() => undefined);
    if (commit !== undefined) {
      return { commit: await repository.mergeBase(commit), name: `the merge base with ${name}` };
    }
  }
  throw new GitError("it has no branch main or master, and no origin");
}

/** Whether a text is what git has under an id: a SHA-1, or a SHA-256 in newer repositories. */
export function isBlob(id: string | undefined, text: string): boolean {
  if (id === undefined) return false;
  const bytes = Buffer.from(text, "utf8");
  const hash = createHash(id.length === 64 ? "sha256" : "sha1");
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest("hex") === id;
}
