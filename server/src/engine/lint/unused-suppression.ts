import { nearest } from "../kubernetes/schema/nearest.js";
import type { Span } from "../text/span.js";
import { unsilenceableRules } from "./core-rules.js";
import type { DocumentFix, DocumentEdit, Message } from "./finding.js";
import type { Suppression } from "./suppress.js";

/** What is to be said of a suppression, and of one of the rules that it names, when it has silenced nothing. */
export function judgeUnused(
  text: string,
  suppression: Suppression,
  rule: string | undefined,
  silenceable: readonly string[],
): { readonly message: Message; readonly fixes: readonly DocumentFix[] } {
  // One of several names cannot go without its comma.
  const remove = (applicability: DocumentFix["applicability"]): readonly DocumentFix[] =>
    suppression.rules.length > 1
      ? []
      : [{ title: "Remove the comment", applicability, edits: [removal(text, suppression.span)] }];
  if (rule === undefined) return { message: { id: "empty", data: {} }, fixes: remove("safe") };
  if (silenceable.includes(rule)) return { message: { id: "unused", data: { rule } }, fixes: remove("safe") };
  if (unsilenceableRules.has(rule)) return { message: { id: "never", data: { rule } }, fixes: remove("safe") };
  const near = nearest(rule, silenceable);
  if (near === undefined) return { message: { id: "unknown", data: { rule } }, fixes: remove("review") };
  const rename = renaming(text, suppression.span, rule, near);
  return {
    message: { id: "misspelt", data: { rule, near } },
    fixes: [{ title: `Write ${near}`, applicability: "review", edits: [rename] }, ...remove("review")],
  };
}

/** Writes another name in the place of the first such word of a comment. */
function renaming(text: string, { start, end }: Span, rule: string, to: string): DocumentEdit {
  const words = text.slice(start, end).split(/([\s,]+)/);
  const at = start + words.slice(0, words.indexOf(rule)).join("").length;
  return { op: "text", span: { start: at, end: at + rule.length }, newText: to };
}

/** Takes a comment out: with its line where it has one of its own, else with the white space before it. */
function removal(text: string, span: Span): DocumentEdit {
  let start = span.start;
  while (start > 0 && /[ \t]/.test(text.charAt(start - 1))) start -= 1;
  const ownLine = start === 0 || /[\r\n]/.test(text.charAt(start - 1));
  const lineBreak = ownLine ? (/^(?:\r\n|\r|\n)?/.exec(text.slice(span.end))?.[0].length ?? 0) : 0;
  return { op: "text", span: { start, end: span.end + lineBreak }, newText: "" };
}
