import * as v from "valibot";
import { optional, read, type Read } from "../../../server/src/engine/rollout/schema.js";
import { choices } from "./choices.js";

/** What a link leads to: the preview of a StatefulSet, with what is chosen there. */
const linked = v.object({
  /** Of a file, below a folder of the workspace: a link cannot lead out of it. */
  path: v.pipe(
    v.string(),
    v.regex(/^[^/\\]/),
    v.check((path) => !path.includes("\\") && !path.split("/").some((part) => part === ".." || part === "")),
  ),
  name: v.string(),
  choices: optional(choices),
});
export type Linked = Read<typeof linked>;

/** The query of a link, as `path=db.yaml&name=db&choices=...`. */
export function linkQuery({ path, name, choices: chosen }: Linked): string {
  const parts = { path, name, ...(chosen === undefined ? {} : { choices: JSON.stringify(chosen) }) };
  return new URLSearchParams(parts).toString();
}

/** What the query of a link stands for; `undefined` for one that this version does not understand. */
export function readLinkQuery(query: string): Linked | undefined {
  const { choices: chosen, ...rest } = Object.fromEntries(new URLSearchParams(query));
  try {
    return read(linked, { ...rest, ...(chosen === undefined ? {} : { choices: JSON.parse(chosen) }) });
  } catch {
    return undefined;
  }
}
