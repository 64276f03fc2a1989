import { kustomizationNames } from "../../kustomize/read.js";
import { keyOfWay, wayTo } from "../../kustomize/way.js";
import { segments } from "../../workspace/directory.js";
import { memoize } from "../../workspace/memo.js";
import type { Files } from "./named.js";

/** The file that a path of a kustomization means: of a directory its kustomization. `undefined` if it is not known. */
export function fileAtPath(files: Files, from: string, path: string): string | undefined {
  const way = wayTo(segments(from).slice(0, -1), path);
  if (way === undefined) return undefined;
  const known = urisOf(files);
  return (
    known.get(keyOfWay(way)) ?? kustomizationNames.map((name) => known.get(keyOfWay([...way, name]))).find(Boolean)
  );
}

/** The same, also of a file that may be there all the same, since none of its kind is kept: `files/db.conf`. */
export function uriAtPath(files: Files, from: string, path: string): string | undefined {
  const known = fileAtPath(files, from, path);
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (known !== undefined || !/\.\w+$/.test(name) || /\.(?:ya?ml|json)$/i.test(name)) return known;
  const escaped = path.split("/").map(encodeURIComponent).join("/");
  return wayTo(segments(from).slice(0, -1), path) && wayTo(segments(from).slice(0, -1), escaped)?.join("/");
}

/** The files by what their ways are called, however their characters are escaped. */
const urisOf = memoize(
  (files: Files): ReadonlyMap<string, string> =>
    new Map([...files.uris()].map((uri) => [keyOfWay(segments(uri)), uri])),
);
