import { printable } from "../../server/src/engine/text/printable.js";

/** What tells one open preview from another. */
export interface Titled {
  /** Of the StatefulSet. */
  readonly name: string;
  readonly namespace: string | undefined;
  /** Of its file, with `/`. */
  readonly path: string;
  /** The build that makes it; such a preview is always called by it too. */
  readonly build: string | undefined;
}

/**
 * The title of one of the open previews: the name of its StatefulSet and, where others have it too, what tells them
 * apart: the shortest part of the path, as VS Code titles editors, or the namespace where they are in one file.
 */
export function titleAmong(preview: Titled, all: readonly Titled[]): string {
  const others = all.filter((other) => other !== preview && other.name === preview.name);
  const elsewhere = others.filter(({ path }) => path !== preview.path);
  const besides = others.filter(({ path, namespace }) => path === preview.path && namespace !== preview.namespace);
  const hints = [
    preview.build ?? (elsewhere.length > 0 ? partOf(preview.path, elsewhere) : undefined),
    besides.length > 0 ? (preview.namespace ?? "no namespace") : undefined,
  ].filter((hint) => hint !== undefined);
  return printable(`Rollout: ${preview.name}${hints.length === 0 ? "" : ` (${hints.join(", ")})`}`);
}

/**
 * `prod` of `overlays/prod/db.yaml` beside `overlays/dev/db.yaml`: the last part that no other has there, or as many as
 * it takes.
 */
function partOf(path: string, others: readonly { readonly path: string }[]): string {
  const backwards = path.split("/").toReversed();
  const rivals = others.map((other) => other.path.split("/").toReversed());
  const own = backwards.find((part, depth) => part !== "" && rivals.every((rival) => rival[depth] !== part));
  if (own !== undefined) return own;
  const depth = backwards.findIndex((_, last) =>
    rivals.every((rival) => backwards.slice(0, last + 1).some((part, at) => rival[at] !== part)),
  );
  return backwards
    .slice(0, depth + 1)
    .toReversed()
    .join("/");
}
