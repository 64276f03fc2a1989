import type { KindDescriptor } from "../kind.js";
import { kinds } from "../kinds/registry.js";
import { groupOf } from "../object.js";

/** The descriptor of a kind, whatever the version; `undefined` for kinds that have none. */
export function kindOf(apiVersion: string, kind: string): KindDescriptor<AnyView, AnyDigest> | undefined {
  return byName.get(`${groupOf(apiVersion)}/${kind}`);
}

/** The view of a kind by its `GROUP/KIND`. */
export function viewOf(name: string): AnyView["kind"] {
  return byName.get(name)?.view ?? "other";
}

/** Whether a kind has a descriptor, by its `GROUP/KIND`: then the index of a workspace knows all its objects. */
export function isKnownKind(name: string): boolean {
  return byName.has(name);
}

type Descriptor = (typeof kinds)[number];
/** What the readers of all kinds make; the discriminator is `kind`. */
export type AnyView = ReturnType<Descriptor["read"]>;
/** What other files may see of any object. */
export type AnyDigest = ReturnType<Descriptor["digest"]>;

const byName: ReadonlyMap<string, KindDescriptor<AnyView, AnyDigest>> = new Map(
  kinds.map((descriptor) => [`${descriptor.group}/${descriptor.kind}`, descriptor]),
);

/** The names of the kinds that rules look into, and of those that are only validated and referred to. */
export const viewedKinds: readonly string[] = kinds.filter(({ view }) => view !== "other").map(({ kind }) => kind);
export const otherKinds: readonly string[] = kinds.filter(({ view }) => view === "other").map(({ kind }) => kind);

/** The groups whose kinds are read in letters of any case: the rule kind-misspelt says what is wrong. */
const respelledGroups: ReadonlySet<string> = new Set(["", "apps"]);
/** The kinds with a view in them. */
export const respelledKinds: readonly string[] = kinds
  .filter(({ group, view }) => respelledGroups.has(group) && view !== "other")
  .map(({ kind }) => kind);
