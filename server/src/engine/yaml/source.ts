// A text whose lines end with `\n` or `\r\n`, as compose.ts gives it.

import type { TextEdit } from "../text/edit.js";

export function startOfLine(source: string, offset: number): number {
  const start = source.lastIndexOf("\n", offset - 1) + 1;
  return start === 0 && source.startsWith("\uFEFF") ? 1 : start;
}

/** The end of the text of the line, before its line break. */
export function endOfLine(source: string, offset: number): number {
  const end = source.indexOf("\n", offset);
  if (end === -1) return source.length;
  return source[end - 1] === "\r" ? end - 1 : end;
}

/** The start of the next line, given where the text of a line ends. */
export function afterLineBreak(source: string, lineEnd: number): number {
  if (source.startsWith("\r\n", lineEnd)) return lineEnd + 2;
  return Math.min(lineEnd + 1, source.length);
}

export function columnOf(source: string, offset: number): number {
  return offset - startOfLine(source, offset);
}

export function isBlank(text: string): boolean {
  return text.trim() === "";
}

export function insertion(offset: number, newText: string): TextEdit {
  return { span: { start: offset, end: offset }, newText };
}

export function deletion(start: number, end: number): TextEdit {
  return { span: { start, end }, newText: "" };
}

/** The start of the next line, given an offset in one. */
export function firstLineFrom(source: string, offset: number): number {
  return source.indexOf("\n", offset) + 1 || source.length;
}
