import { kinds } from "../../kubernetes/kinds/registry.js";
import type { Style } from "../../yaml/style.js";
import { plainly } from "./insertion.js";
import type { CompletionItem, Part } from "./item.js";

/** Whole manifests for an empty document, StatefulSets and Services first. */
export function skeletons(style: Style): readonly CompletionItem[] {
  return kinds
    .toSorted((a, b) => rank(a.view) - rank(b.view))
    .flatMap((kind) => kind.skeletons ?? [])
    .map(({ text, ...item }) => ({
      ...item,
      kind: "skeleton",
      insert: plainly(...parts(text.replaceAll("\n", style.eol))),
      choiceFollows: false,
      deprecated: false,
    }));
}

function rank(view: string): number {
  return view === "StatefulSet" ? 0 : view === "Service" ? 1 : 2;
}

/** `{1:app}` is a stop. */
function parts(text: string): readonly Part[] {
  return text.split(/(\{\d+:[^{}]*\})/).map((part) => {
    const [, stop, words] = /^\{(\d+):([^}]*)\}$/.exec(part) ?? [];
    return stop === undefined ? part : { stop: Number(stop), text: words ?? "" };
  });
}
