import { groupedByEach, type AppliedBase, type Base } from "../engine/api.js";
import type { Documents } from "./documents.js";
import type { Guard } from "./guard.js";
import { isManifestName } from "./manifest-names.js";
import type { Manifests } from "./manifests.js";
import type { FormerFiles, Runtime } from "./runtime.js";
import { coalesce } from "./scheduler.js";
import { fileUri, isWithin } from "./uri.js";

/** What the manifests are compared with: git's files where there is git, else what is saved of the open ones. */
export interface Bases {
  /** This file has changed; or any others, the folders, settings or trust. It may be called as often as one likes. */
  update(uri?: string): void;
  /** A file was saved, or changed on the disk. */
  saved(uri: string): void;
  /** What one file is compared with instead of what the setting says; with `undefined` again with that. */
  choose(uri: string, choice: ChosenBase | undefined): Promise<void>;
}

/** What the user has chosen for one file: another file, or objects of a cluster as they were read. */
export type ChosenBase =
  | { readonly type: "file"; readonly uri: string }
  | { readonly type: "objects"; readonly title: string; readonly text: string };

interface Needs {
  readonly runtime: Runtime;
  readonly guard: Guard;
  readonly manifests: Manifests;
  readonly documents: Documents;
  readonly folders: () => readonly string[];
  /** `HEAD` or any revision of git, `merge-base`, `saved`, `file:PATH` or `off`. */
  readonly choice: () => string;
  /** Whether programs may be run. */
  readonly isTrusted: () => boolean;
  readonly warn: (text: string) => void;
  /** Called when files are compared with something else than before. */
  readonly changed: () => void;
}

/** The files of one directory as git has them at the revision. */
interface Tree {
  readonly revision: string;
  readonly stop: () => void;
  /** `undefined` until they are read, and once they may be others. */
  files: FormerFiles | "none" | undefined;
  /** How often they may have become others. */
  moves: number;
  /** Of files that git does not have at the revision: whether it ignores them. */
  readonly ignored: Map<string, boolean>;
  /** Of files that are no manifests known here: whether they are on the disk no more. */
  readonly gone: Map<string, boolean>;
  readonly same: Map<string, { readonly text: string; readonly isSame: boolean }>;
}

/** Asks git only for what is not known yet: its files once for each commit, the text of each blob once. */
export function createBases(needs: Needs): Bases {
  return new KnownBases(needs);
}

class KnownBases implements Bases {
  readonly #needs: Needs;
  readonly #trees = new Map<string, Tree>();
  /** The work tree around each directory. */
  readonly #workTrees = new Map<string, string | undefined>();
  /** What open files say on the disk. */
  readonly #savedTexts = new Map<string, Promise<string | undefined>>();
  /** Of blobs, by their ids. */
  #texts = new Map<string, string>();
  #given: Base | undefined;
  /** Files that were open when all was compared last: what is typed there changes nothing of their base. */
  #compared = new Set<string>();
  readonly #changed = new Set<string>();
  readonly #chosen = new Map<string, ChosenBase>();
  /** Called once all is compared. */
  readonly #waiting: (() => void)[] = [];
  /** Other files with which files are compared. */
  #sources = new Set<string>();
  #applied: ReadonlyMap<string, AppliedBase> = new Map();
  #isAnyChanged = true;
  readonly #run: () => void;

  constructor(needs: Needs) {
    this.#needs = needs;
    const { guard, runtime } = needs;
    const job = guard.answer("comparing with the base", undefined, (isStale: () => boolean) => this.#job(isStale));
    this.#run = coalesce(baseMilliseconds, runtime, job);
  }

  update(uri?: string): void {
    if (uri === undefined) this.#isAnyChanged = true;
    else this.#changed.add(uri);
    this.#run();
  }

  saved(uri: string): void {
    this.#savedTexts.delete(uri);
    // There may be a repository by now.
    for (const [directory, workTree] of this.#workTrees) {
      if (workTree === undefined) this.#workTrees.delete(directory);
    }
    this.update();
  }

  choose(uri: string, choice: ChosenBase | undefined): Promise<void> {
    if (choice === undefined) this.#chosen.delete(uri);
    else this.#chosen.set(uri, choice);
    this.update();
    return new Promise((compared) => this.#waiting.push(compared));
  }

  async #job(isStale: () => boolean): Promise<void> {
    const { documents } = this.#needs;
    // A file that is closed is compared no more with what was saved.
    const isTyped = (uri: string) =>
      this.#compared.has(uri) && !this.#sources.has(uri) && (documents.isOpen(uri) || !this.#savedTexts.has(uri));
    if (!this.#isAnyChanged && [...this.#changed].every(isTyped)) {
      this.#changed.clear();
      return;
    }
    this.#isAnyChanged = true;
    await this.#compareAll(isStale);
    if (isStale()) return;
    this.#isAnyChanged = false;
    this.#changed.clear();
    this.#compared = new Set(documents.uris());
    for (const compared of this.#waiting.splice(0)) compared();
  }

  async #compareAll(isStale: () => boolean): Promise<void> {
    const choice = this.#needs.choice();
    const isElsewhere = choice === "saved" || choice === "off" || choice.startsWith(filePrefix);
    const usesGit = !isElsewhere && this.#needs.isTrusted();
    const byDirectory = usesGit ? this.#filesByTree() : new Map<string, readonly string[]>();
    this.#stopOthers(choice, byDirectory);
    const found: Found = { files: new Map(), titles: new Map(), texts: new Map() };
    for (const [directory, uris] of byDirectory) {
      await this.#compareTree(this.#treeAt(directory, choice), uris, directory, found);
      if (isStale()) return;
    }
    if (choice !== "off" && !choice.startsWith(filePrefix)) {
      await this.#compareSaved(new Set([...byDirectory.values()].flat()), found);
    }
    const applied = await this.#compareChosen(choice);
    if (isStale()) return;
    const { files, titles, texts } = found;
    this.#texts = texts;
    for (const uri of applied.keys()) files.delete(uri);
    const isEmpty = files.size === 0 && applied.size === 0;
    this.#tell(isEmpty ? undefined : { title: choice, titles, files, applied });
  }

  /** Open files that are compared with another file, or with a cluster. */
  async #compareChosen(choice: string): Promise<ReadonlyMap<string, AppliedBase>> {
    const { documents, manifests } = this.#needs;
    const applied = new Map<string, AppliedBase>();
    const sources = new Set<string>();
    for (const uri of documents.uris()) {
      const chosen = this.#chosen.get(uri);
      const source = chosen === undefined ? this.#sourceBySetting(choice, uri) : chosen.type === "file" && chosen.uri;
      if (chosen?.type === "objects") {
        const { title, text } = chosen;
        applied.set(uri, this.#sameApplied(uri, { title, text, anyName: false }));
      }
      if (source === undefined || source === false || source === uri) continue;
      sources.add(source);
      const text = manifests.text(source) ?? (await this.#savedText(source));
      if (text === undefined) continue;
      // The setting is about all files: one with a single set is not therefore meant.
      const anyName = chosen !== undefined;
      applied.set(uri, this.#sameApplied(uri, { title: this.#nameOf(source), text, source, anyName }));
    }
    this.#sources = sources;
    this.#applied = applied;
    return applied;
  }

  #sourceBySetting(choice: string, uri: string): string | undefined {
    if (!choice.startsWith(filePrefix)) return undefined;
    const { folders } = this.#needs;
    const folder = folders().find((one) => isWithin(uri, one)) ?? folders()[0] ?? parentOf(uri);
    const source = fileUri(choice.slice(filePrefix.length), folder);
    // A workspace's settings lead to no other machine.
    return source.startsWith("file:///") ? source : undefined;
  }

  #nameOf(uri: string): string {
    const folder = this.#needs.folders().find((one) => isWithin(uri, one));
    return decodeURIComponent(
      folder === undefined ? uri.slice(uri.lastIndexOf("/") + 1) : uri.slice(folder.length + 1),
    );
  }

  /** The same object for the same text: it is read once. */
  #sameApplied(uri: string, next: AppliedBase): AppliedBase {
    const known = this.#applied.get(uri);
    const isSame = known?.text === next.text && known.title === next.title && known.source === next.source;
    return known !== undefined && isSame && known.anyName === next.anyName ? known : next;
  }

  #tell(base: Base | undefined): void {
    if (isSameBase(base, this.#given)) return;
    this.#given = base;
    this.#needs.manifests.setBase(base);
    this.#needs.changed();
  }

  #stopOthers(choice: string, byDirectory: ReadonlyMap<string, unknown>): void {
    for (const [directory, tree] of this.#trees) {
      if (tree.revision === choice && byDirectory.has(directory)) continue;
      tree.stop();
      this.#trees.delete(directory);
    }
  }

  async #compareTree(tree: Tree, uris: readonly string[], directory: string, found: Found): Promise<void> {
    const former = await this.#loaded(tree, directory);
    if (former === "none") return;
    const { wanted, added } = await this.#split(tree, former, uris, directory);
    const missing = wanted.filter((uri) => !this.#texts.has(former.id(uri) ?? ""));
    for (const [uri, text] of await former.texts(missing)) this.#texts.set(former.id(uri) ?? "", text);
    for (const uri of wanted) {
      const id = former.id(uri) ?? "";
      const text = this.#texts.get(id);
      if (text !== undefined) found.texts.set(id, text);
      found.files.set(uri, text);
    }
    for (const uri of added) found.files.set(uri, undefined);
    for (const uri of [...wanted, ...added]) found.titles.set(uri, former.title);
  }

  /** Open files that are in no work tree. */
  async #compareSaved(inTrees: ReadonlySet<string>, { files, titles }: Found): Promise<void> {
    const { documents, manifests } = this.#needs;
    for (const uri of this.#savedTexts.keys()) if (!documents.isOpen(uri)) this.#savedTexts.delete(uri);
    for (const uri of documents.uris()) {
      if (inTrees.has(uri) || !uri.startsWith("file:") || !manifests.isKnown(uri)) continue;
      const text = await this.#savedText(uri);
      if (text === undefined) continue;
      files.set(uri, text);
      titles.set(uri, "the saved file");
    }
  }

  /** A file that is saved while it is being read is read again. */
  #savedText(uri: string): Promise<string | undefined> {
    const read = async () => {
      const file = await this.#needs.runtime.readFile(uri);
      return file.type === "text" ? file.text : undefined;
    };
    const text = this.#savedTexts.get(uri) ?? read();
    this.#savedTexts.set(uri, text);
    return text;
  }

  /** The known files that are in a work tree of git, by the directory of which git is asked. */
  #filesByTree(): ReadonlyMap<string, readonly string[]> {
    return groupedByEach(this.#needs.manifests.uris(), (uri) => {
      const directory = uri.startsWith("file:") ? this.#directoryFor(uri) : undefined;
      return directory === undefined ? [] : [directory];
    });
  }

  /** The folder of the workspace in a larger work tree, or the work tree in the folder. */
  #directoryFor(uri: string): string | undefined {
    const { folders, runtime } = this.#needs;
    const parent = parentOf(uri);
    if (!this.#workTrees.has(parent)) this.#workTrees.set(parent, runtime.history?.workTreeOf(uri));
    const workTree = this.#workTrees.get(parent);
    if (workTree === undefined) return undefined;
    const folder = folders().find((one) => isWithin(uri, one));
    if (folder === undefined) return parent;
    return isWithin(folder, workTree) ? folder : workTree;
  }

  #treeAt(directory: string, revision: string): Tree {
    const known = this.#trees.get(directory);
    if (known !== undefined) return known;
    const moved = () => {
      tree.files = undefined;
      tree.moves += 1;
      tree.same.clear();
      tree.ignored.clear();
      tree.gone.clear();
      this.update();
    };
    const stop = this.#needs.runtime.history?.watch(revision, directory, moved) ?? (() => {});
    const maps = { ignored: new Map(), gone: new Map(), same: new Map() };
    const tree: Tree = { revision, stop, files: undefined, moves: 0, ...maps };
    this.#trees.set(directory, tree);
    return tree;
  }

  async #loaded(tree: Tree, directory: string): Promise<FormerFiles | "none"> {
    if (tree.files !== undefined) return tree.files;
    const { runtime, warn } = this.#needs;
    const { moves, revision } = tree;
    const answer = await runtime.history?.filesAt(revision, directory);
    if (answer?.type === "none") warn(`${directory} is not compared with ${revision}: ${answer.reason}`);
    const files = answer?.type === "files" ? answer.files : "none";
    if (tree.moves === moves) tree.files = files;
    return files;
  }

  /** Which files were there and may have been others, and which are new. */
  async #split(tree: Tree, former: FormerFiles, uris: readonly string[], directory: string) {
    const { documents, manifests } = this.#needs;
    const wanted: string[] = [];
    const untracked: string[] = [];
    for (const uri of uris) {
      tree.gone.delete(uri);
      if (former.id(uri) === undefined) untracked.push(uri);
      else if (documents.isOpen(uri) || !this.#isSame(tree, former, uri)) wanted.push(uri);
    }
    const unknown = untracked.filter((uri) => !tree.ignored.has(uri));
    const ignored = await former.ignored(unknown);
    for (const uri of unknown) tree.ignored.set(uri, ignored.has(uri));
    return {
      wanted: [...wanted, ...(manifests.isComplete ? this.#goneFrom(tree, former, uris, directory) : [])],
      added: untracked.filter((uri) => tree.ignored.get(uri) === false),
    };
  }

  #isSame({ same }: Tree, former: FormerFiles, uri: string): boolean {
    const text = this.#needs.manifests.text(uri) ?? "";
    const known = same.get(uri);
    if (known?.text === text) return known.isSame;
    const answer = former.isSame(uri, text);
    same.set(uri, { text, isSame: answer });
    return answer;
  }

  /** What was deleted, or moved away: only where all files of the directory are known. */
  #goneFrom({ gone }: Tree, former: FormerFiles, uris: readonly string[], directory: string): readonly string[] {
    const { folders, manifests } = this.#needs;
    if (!folders().some((folder) => isWithin(directory, folder))) return [];
    const known = new Set(uris);
    return [...former.uris()].filter((uri) => {
      if (known.has(uri) || !isManifestName(uri) || !manifests.isInFolders(uri)) return false;
      const answer = gone.get(uri) ?? former.isGone(uri);
      gone.set(uri, answer);
      return answer;
    });
  }
}

/** What one comparison of all files comes to. */
interface Found {
  readonly files: Map<string, string | undefined>;
  readonly titles: Map<string, string>;
  /** Of the blobs that are still needed. */
  readonly texts: Map<string, string>;
}

/** What is typed until then is compared in one go. */
const baseMilliseconds = 20;

/** Of the setting, before the path of a file. */
const filePrefix = "file:";

function isSameBase(one: Base | undefined, other: Base | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    one.files.size === other.files.size &&
    [...one.files].every(([uri, text]) => other.files.has(uri) && other.files.get(uri) === text) &&
    [...one.files.keys()].every((uri) => one.titles?.get(uri) === other.titles?.get(uri)) &&
    one.applied?.size === other.applied?.size &&
    [...(one.applied ?? [])].every(([uri, applied]) => other.applied?.get(uri) === applied)
  );
}

function parentOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf("/"));
}
