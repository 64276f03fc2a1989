import { kindOf } from "../kubernetes/resources/kinds.js";
import { mayTellReleases } from "./detected-releases.js";
import type { SourceFile } from "./source-file.js";

/**
 * When what is known of a workspace last changed. It is how a reader who keeps what was found in a file knows in no time
 * that it still is: of the many files of a workspace, a keystroke mostly concerns one.
 */
export interface Changes {
  /** Those of another workspace have nothing to do with these. */
  readonly workspace: object;
  /** The number of this state of the workspace. */
  readonly now: number;
  /** The state with which something came that may show in any file. */
  readonly everywhere: number;
  /** The files that have changed since without any other file seeing it, each with its latest state. */
  readonly alone: ReadonlyMap<string, number>;
}

export function firstState(workspace: object): Changes {
  return { workspace, now: 0, everywhere: 0, alone: new Map() };
}

/** After changes that may show anywhere, or in these files alone. */
export function afterChanges(changes: Changes, where: readonly string[] | "anywhere"): Changes {
  const now = changes.now + 1;
  if (where === "anywhere") return { ...changes, now, everywhere: now, alone: new Map() };
  return { ...changes, now, alone: new Map([...changes.alone, ...where.map((uri) => [uri, now] as const)]) };
}

/** Whether what follows from these files, and from what all files show of themselves, is what it was. */
export function isSameSince(changes: Changes, then: Changes, uris: Iterable<string>): boolean {
  if (changes.workspace !== then.workspace || changes.everywhere > then.now) return false;
  for (const uri of uris) if ((changes.alone.get(uri) ?? 0) > then.now) return false;
  return true;
}

/** The files that have changed since, if none of them shows in another one; `undefined` where any file may be concerned. */
export function changedSince(
  { workspace, everywhere, alone }: Changes,
  then: Changes,
): ReadonlySet<string> | undefined {
  if (workspace !== then.workspace || everywhere > then.now) return undefined;
  return new Set([...alone].flatMap(([uri, state]) => (state > then.now ? [uri] : [])));
}

/**
 * Whether a change of a file, of which no summary has changed, shows in no other one: only in manifests of kinds that
 * are known was something else written. A kustomization that reads the file is another matter.
 */
export function changesAlone(before: SourceFile | undefined, after: SourceFile | undefined): boolean {
  if (before === undefined || after === undefined || before.documents.length !== after.documents.length) return false;
  return (
    !readByName.test(after.uri) &&
    [before, after].every((file) => file.reading === "manifest" && !mayTellReleases(file)) &&
    after.documents.every(({ chunk, readBy }, number) => {
      const former = before.documents[number];
      const isSame = former?.chunk === chunk && former.readBy === readBy;
      return isSame || [before, after].every((file) => isOfKnownKinds(file, number));
    })
  );
}

/** Files that something else than kubectl reads, by their names. */
const readByName =
  /\/(?:kustomization(?:\.ya?ml)?|Kustomization|Chart\.ya?ml|values[^/]*|\.[^/]*|chainsaw-test\.ya?ml)$/;

function isOfKnownKinds({ documents, summaries }: SourceFile, number: number): boolean {
  const resources = summaries[number]?.resources ?? [];
  return (
    documents[number]?.chunk.state === "checked" &&
    resources.length > 0 &&
    resources.every(({ key }) => kindOf(key.apiVersion, key.kind) !== undefined)
  );
}
