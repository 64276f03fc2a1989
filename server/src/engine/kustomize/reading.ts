import { parse, type ParsedDocument } from "../yaml/parse.js";
import type { Place } from "../yaml/place.js";
import { failure, type Remark } from "./remark.js";
import type { Source } from "./value.js";

/**
 * The document as kustomize reads resources and merge patches; the same one where that makes no difference. A list is a
 * JSON patch, which kustomize turns into JSON as kubectl does.
 */
export function asKustomizeReads(document: ParsedDocument): ParsedDocument {
  if (!document.text.includes("<<") || readsAsJson(document)) return document;
  return parse(document.text, { mergeKeys: "below" });
}

/** Whether a patch is a list of operations, which kustomize turns into JSON as Kubernetes does. */
export function readsAsJson({ root }: ParsedDocument): boolean {
  return root.kind === "list";
}

/** Why kustomize cannot build a document that kubectl can read. `document` is as kustomize reads it. */
export function readingRemarks({ root, problems, template, text }: ParsedDocument, source: Source): readonly Remark[] {
  const twice = problems.find(({ code }) => code === "duplicate-merge");
  if (twice !== undefined) {
    return [{ ...failure({ place: root, source }, "mergeKeys"), within: twice.span }];
  }
  if (template || problems.some(({ fatal }) => fatal) || root.kind === "list" || !mayHaveOtherKeys.test(text))
    return [];
  return [...otherKeys(root, text, source)];
}

const mayHaveOtherKeys = /(?:^|[\s{,?])(?:[tT]rue|TRUE|[fF]alse|FALSE|[-+.\d][\w.+-]*)[ \t]*:/m;

/** Keys that are no text to go-yaml v3, by which kustomize reads: it cannot write them as JSON. */
function* otherKeys(place: Place, text: string, source: Source): Generator<Remark> {
  for (const item of place.items()) yield* otherKeys(item, text, source);
  for (const [key, entry] of place.entries()) {
    const { start, end } = entry.keySpan;
    if (isNoText(text.slice(start, end))) yield failure({ place: entry, source }, "keyNotText", { key }, "key");
    yield* otherKeys(entry, text, source);
  }
}

/** Whether a plain scalar of YAML is a boolean, a number, a date or null to go-yaml v3 (resolve.go). */
export function isNoText(plain: string): boolean {
  return (
    /^(?:true|True|TRUE|false|False|FALSE|null|Null|NULL|~)$/.test(plain) ||
    /^[-+]?(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0o[0-7_]+|\.inf|\.Inf|\.INF)$/.test(plain) ||
    /^\.(?:nan|NaN|NAN)$/.test(plain) ||
    /^[-+]?(?:\.\d+|\d[\d_]*(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(plain) ||
    /^\d{4}-\d{1,2}-\d{1,2}$/.test(plain)
  );
}
