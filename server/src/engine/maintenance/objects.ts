import { readResources, type Resource } from "../kubernetes/resources/resource.js";
import type { Plain } from "../yaml/edit.js";
import { parse } from "../yaml/parse.js";
import { split } from "../yaml/split.js";

/** An object of a text: as the views of it read it, and as plain data. */
export interface ReadObject {
  readonly resource: Resource;
  readonly value: Plain | undefined;
}

export type ReadObjects =
  | { readonly type: "read"; readonly objects: readonly ReadObject[] }
  /** `line` counts from 1. */
  | { readonly type: "unreadable"; readonly line: number; readonly problem: string };

/** All Kubernetes objects of a YAML or JSON text, those of lists too, in their order. */
export function readObjects(text: string): ReadObjects {
  const objects: ReadObject[] = [];
  for (const chunk of split(text)) {
    const { root, problems } = parse(chunk.text);
    const fatal = problems.find((problem) => problem.fatal);
    if (fatal !== undefined) {
      const before = text.slice(0, chunk.start + fatal.span.start);
      return { type: "unreadable", line: before.split("\n").length, problem: fatal.message };
    }
    // kubectl prints the kind of a list after its items.
    if (root.at("items").kind === "list" && !root.at("kind").exists) {
      const problem = "The list has items and no `kind`, which kubectl prints after them: the text is cut";
      return {
        type: "unreadable",
        line: text
          .slice(0, chunk.start + chunk.text.length)
          .trimEnd()
          .split("\n").length,
        problem,
      };
    }
    for (const resource of readResources(root)) objects.push({ resource, value: resource.place.value() });
  }
  return { type: "read", objects };
}
