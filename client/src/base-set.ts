import type { Uri } from "vscode";

const scheme = "ordinal-base";

/** A StatefulSet of a manifest as it was at the base that the files are compared with. */
export interface BaseSet {
  readonly uri: Uri;
  /** Its place among the StatefulSets of the manifest as it is now. */
  readonly index: number;
}

/** Stands for a StatefulSet at the base. Only files have one. */
export function baseUri({ uri, index }: BaseSet): Uri {
  return uri.with({ scheme, query: String(index) });
}

/** The StatefulSet that an address stands for; `undefined` for a manifest's. */
export function baseSetOf(uri: Uri): BaseSet | undefined {
  return uri.scheme === scheme ? { uri: uri.with({ scheme: "file", query: "" }), index: Number(uri.query) } : undefined;
}
