import { readTags } from "./tags.js";

/**
 * The text of an expression in one spelling, so that two that surely say the same are equal: without trim markers,
 * quotes around it and needless spaces; `template` is `include`, and `$` is `.` where it is the whole context or begins
 * a path. `"{{- template "x.name" $ -}}"` is `{{ include "x.name" . }}`.
 */
export function normalise(written: string): string {
  const text = unquoted(written.trim());
  let normal = "";
  let from = 0;
  for (const { span, body } of readTags(text)) {
    normal += `${text.slice(from, span.start)}{{ ${normaliseBody(body)} }}`;
    from = span.end;
  }
  return normal + text.slice(from);
}

function unquoted(text: string): string {
  const quote = text[0];
  return text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote) ? text.slice(1, -1) : text;
}

function normaliseBody(body: string): string {
  return body
    .trim()
    .replace(/\s+/g, " ")
    .replace(/^(\()?template\b/, "$1include")
    .replace(/(^|[\s(])\$(?=[.\s)]|$)/g, "$1.")
    .replace(/(^|[\s(])\.\.(?=\w)/g, "$1.")
    .replace(/ ?\| ?/g, " | ")
    .replace(/ \| (?:quote|squote|toString)(?= \||$)/g, "");
}
