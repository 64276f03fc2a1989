import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import { printable } from "../../engine/api.js";
import type { Output } from "../io.js";
import type { Paint } from "./paint.js";

/** One file before and after. */
export interface ChangedText {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** A unified diff that `git apply` and `patch -p1` take. A terminal gets text that cannot command it. */
export function unifiedDiff(
  files: readonly ChangedText[],
  paint: Paint,
  { isTerminal }: Pick<Output, "isTerminal">,
): string {
  const shown = isTerminal ? printable : (line: string) => line;
  return files
    .map(fileDiff)
    .join("")
    .split("\n")
    .map((line) => coloured(shown(line), paint))
    .join("\n");
}

function fileDiff({ name, before, after }: ChangedText): string {
  const label = printable(name).replace(/^\//, "");
  return createTwoFilesPatch(`a/${label}`, `b/${label}`, before, after, undefined, undefined, {
    headerOptions: FILE_HEADERS_ONLY,
  });
}

function coloured(line: string, paint: Paint): string {
  if (/^(?:---|\+\+\+) [ab]\//.test(line)) return paint("bold", line);
  if (line.startsWith("@@")) return paint("cyan", line);
  if (line.startsWith("-")) return paint("red", line);
  return line.startsWith("+") ? paint("green", line) : line;
}
