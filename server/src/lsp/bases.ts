import type { Base } from "../engine/api.js";
import type { Documents } from "./documents.js";
import type { Guard } from "./guard.js";
import { isManifestName } from "./manifest-names.js";
import type { Manifests } from "./manifests.js";
import type { FormerFiles, Runtime } from "./runtime.js";
import { coalesce } from "./scheduler.js";
import { isWithin } from "./uri.js";

/** What the manifests are compared with: git's files where there is git, else what is saved of the open ones. */
export interface Bases {
  /** This file has changed; or any others, the folders, settings or trust. It may be called as often as one likes. */
  update(uri?: string): void;
  /** A file was saved, or changed on the disk. */
  saved(uri: string): void;
}

interface Needs {
  readonly runtime: Runtime;
  readonly guard: Guard;
  readonly manifests: Manifests;
  readonly documents: Documents;
  readonly folders: () => readonly string[];
  /** `HEAD` or any revision of git, `merge-base`, `saved` or `off`. */
  readonly choice: () => string;
  /** Whether programs may be run. */
  readonly isTrusted: () => boolean;
  readonly warn: (text: string) => void;
}

/** The files of one directory as git has them at the revision. */
interface Tree {
  readonly revision: string;
  readonly stop: () => void;
  /** `undefined` until they are read, and once they may be others. */
  files: FormerFiles | "none" | undefined;
  /** Of files that git does not have at the revision: whether it is told to ignore them. */
  readonly ignored: Map<string, boolean>;
  /** Of files that are no manifests known here: whether they are on the disk no more. */
  readonly gone: Map<string, boolean>;
  readonly same: Map<string, { readonly text: string; readonly isSame: boolean }>;
}

/** Asks git only for what is not known yet: its files once for each commit, the text of each blob once. */
export function createBases(needs: Needs): Bases {
  const { runtime, guard, manifests, documents } = needs;
  const trees = new Map<string, Tree>();
  const workTrees = new Map<string, string | undefined>();
  const savedTexts = new Map<string, string | undefined>();
  /** Of blobs, by their ids. */
  let texts = new Map<string, string>();
  let given: Base | undefined;
  /** Files that were open when all was compared last: what is typed there changes nothing of their base. */
  let compared = new Set<string>();
  const changed = new Set<string>();
  let isAnyChanged = true;

  const tell = (base: Base | undefined) => {
    if (isSameBase(base, given)) return;
    given = base;
    manifests.setBase(base);
  };

  const job = async (isStale: () => boolean): Promise<void> => {
    if (!isAnyChanged && [...changed].every((uri) => compared.has(uri))) {
      changed.clear();
      return;
    }
    isAnyChanged = true;
    await compareAll(isStale);
    if (isStale()) return;
    isAnyChanged = false;
    changed.clear();
    compared = new Set(documents.uris());
  };

  const compareAll = async (isStale: () => boolean): Promise<void> => {
    const choice = needs.choice();
    for (const [directory, tree] of trees) {
      if (tree.revision === choice && needs.isTrusted()) continue;
      tree.stop();
      trees.delete(directory);
    }
    if (choice === "off") {
      tell(undefined);
      return;
    }
    const files = new Map<string, string | undefined>();
    const titles = new Map<string, string>();
    const usesGit = choice !== "saved" && needs.isTrusted() && runtime.history !== undefined;
    const byDirectory = usesGit ? filesByTree() : new Map<string, readonly string[]>();
    const ids = new Map<string, string>();
    for (const [directory, uris] of byDirectory) {
      const tree = treeAt(directory, choice);
      const former = await loaded(tree, directory);
      if (isStale()) return;
      if (former === "none") continue;
      const { wanted, added } = await compare(tree, former, uris, directory);
      const missing = wanted.filter((uri) => !texts.has(former.id(uri) ?? ""));
      for (const [uri, text] of await former.texts(missing)) texts.set(former.id(uri) ?? "", text);
      if (isStale()) return;
      for (const uri of wanted) {
        const id = former.id(uri) ?? "";
        const text = texts.get(id);
        if (text !== undefined) ids.set(id, text);
        files.set(uri, text);
      }
      for (const uri of added) files.set(uri, undefined);
      for (const uri of [...wanted, ...added]) titles.set(uri, former.title);
    }
    const inTrees = new Set([...byDirectory.values()].flat());
    for (const uri of documents.uris()) {
      if (inTrees.has(uri) || !uri.startsWith("file:") || !manifests.isKnown(uri)) continue;
      if (!savedTexts.has(uri)) {
        const file = await runtime.readFile(uri);
        savedTexts.set(uri, file.type === "text" ? file.text : undefined);
      }
      const text = savedTexts.get(uri);
      if (text === undefined) continue;
      files.set(uri, text);
      titles.set(uri, "the saved file");
    }
    if (isStale()) return;
    texts = ids;
    tell(files.size === 0 ? undefined : { title: choice, titles, files });
  };

  /** The known files that are in a work tree of git, by the directory of which git is asked. */
  const filesByTree = (): ReadonlyMap<string, readonly string[]> => {
    const found = new Map<string, string[]>();
    for (const uri of manifests.uris()) {
      const directory = uri.startsWith("file:") ? directoryFor(uri) : undefined;
      if (directory === undefined) continue;
      const others = found.get(directory);
      if (others === undefined) found.set(directory, [uri]);
      else others.push(uri);
    }
    return found;
  };

  /** The folder of the workspace in a larger work tree, or the work tree in the folder. */
  const directoryFor = (uri: string): string | undefined => {
    const parent = parentOf(uri);
    if (!workTrees.has(parent)) workTrees.set(parent, runtime.history?.workTreeOf(uri));
    const workTree = workTrees.get(parent);
    if (workTree === undefined) return undefined;
    const folder = needs.folders().find((one) => isWithin(uri, one));
    if (folder === undefined) return parent;
    return isWithin(folder, workTree) ? folder : workTree;
  };

  const treeAt = (directory: string, revision: string): Tree => {
    const known = trees.get(directory);
    if (known !== undefined) return known;
    const moved = () => {
      const tree = trees.get(directory);
      if (tree === undefined) return;
      tree.files = undefined;
      tree.same.clear();
      tree.ignored.clear();
      tree.gone.clear();
      update();
    };
    const stop = runtime.history?.watch(revision, directory, moved) ?? (() => {});
    const tree: Tree = { revision, stop, files: undefined, ignored: new Map(), gone: new Map(), same: new Map() };
    trees.set(directory, tree);
    return tree;
  };

  const loaded = async (tree: Tree, directory: string): Promise<FormerFiles | "none"> => {
    if (tree.files !== undefined) return tree.files;
    const answer = await runtime.history?.filesAt(tree.revision, directory);
    if (answer?.type === "none") needs.warn(`${directory} is not compared with ${tree.revision}: ${answer.reason}`);
    tree.files = answer?.type === "files" ? answer.files : "none";
    return tree.files;
  };

  /** Which files were there and may have been others, and which are new. */
  const compare = async (tree: Tree, former: FormerFiles, uris: readonly string[], directory: string) => {
    const wanted: string[] = [];
    const untracked: string[] = [];
    for (const uri of uris) {
      tree.gone.delete(uri);
      if (former.id(uri) === undefined) untracked.push(uri);
      else if (documents.isOpen(uri) || !isSame(tree, former, uri)) wanted.push(uri);
    }
    const unknown = untracked.filter((uri) => !tree.ignored.has(uri));
    const ignored = await former.ignored(unknown);
    for (const uri of unknown) tree.ignored.set(uri, ignored.has(uri));
    return {
      wanted: [...wanted, ...(manifests.isComplete ? goneFrom(tree, former, uris, directory) : [])],
      added: untracked.filter((uri) => tree.ignored.get(uri) === false),
    };
  };

  const isSame = ({ same }: Tree, former: FormerFiles, uri: string): boolean => {
    const text = manifests.text(uri) ?? "";
    const known = same.get(uri);
    if (known?.text === text) return known.isSame;
    const answer = former.isSame(uri, text);
    same.set(uri, { text, isSame: answer });
    return answer;
  };

  /** What was deleted, or moved away: only where all files of the directory are known. */
  const goneFrom = ({ gone }: Tree, former: FormerFiles, uris: readonly string[], directory: string) => {
    if (!needs.folders().some((folder) => isWithin(directory, folder))) return [];
    const known = new Set(uris);
    return [...former.uris()].filter((uri) => {
      if (known.has(uri) || !isManifestName(uri) || !manifests.isInFolders(uri)) return false;
      const answer = gone.get(uri) ?? former.isGone(uri);
      gone.set(uri, answer);
      return answer;
    });
  };

  const run = coalesce(baseMilliseconds, runtime, guard.answer("comparing with the base", undefined, job));
  const update = (uri?: string): void => {
    if (uri === undefined) isAnyChanged = true;
    else changed.add(uri);
    run();
  };
  return {
    update,
    saved(uri) {
      savedTexts.delete(uri);
      // There may be a repository by now.
      for (const [directory, workTree] of workTrees) if (workTree === undefined) workTrees.delete(directory);
      update();
    },
  };
}

/** What is typed until then is compared in one go. */
const baseMilliseconds = 20;

function isSameBase(one: Base | undefined, other: Base | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    one.files.size === other.files.size &&
    [...one.files].every(([uri, text]) => other.files.has(uri) && other.files.get(uri) === text) &&
    [...one.files.keys()].every((uri) => one.titles?.get(uri) === other.titles?.get(uri))
  );
}

function parentOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf("/"));
}
