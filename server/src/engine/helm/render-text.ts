import type { Plain } from "../yaml/edit.js";
import { pathOfWith, withDot } from "./dot.js";
import { evaluate, isTrue, textOf, type Context } from "./expression.js";
import { readTags, type Tag } from "./tags.js";

/**
 * What the text of a named template comes to for the whole context; `undefined` where one of its tags is not simple: a
 * `range`, say.
 */
export function renderText(text: string, context: Context): string | undefined {
  const tags = readTags(text);
  const reader: Reader = { tags, gaps: gapsBetween(text, tags), at: 0 };
  const rendered = renderUntilEnd(reader, { ...context, variables: new Map() }, "");
  return reader.at === tags.length && (rendered?.length ?? 0) <= longest ? rendered : undefined;
}

/** Longer than any named template that is simple; templates that include each other twice would grow without end. */
const longest = 20_000;

interface Reader {
  readonly tags: readonly Tag[];
  /** The text before each tag and behind the last, without what the tags trim. */
  readonly gaps: readonly string[];
  at: number;
}

function gapsBetween(text: string, tags: readonly Tag[]): readonly string[] {
  return Array.from({ length: tags.length + 1 }, (_, index) => {
    const [before, behind] = [tags[index - 1], tags[index]];
    const gap = text.slice(before?.span.end ?? 0, behind?.span.start ?? text.length);
    const trimmed = before?.trimsRight === true ? gap.trimStart() : gap;
    return behind?.trimsLeft === true ? trimmed.trimEnd() : trimmed;
  });
}

interface Scope extends Context {
  readonly variables: Map<string, Plain>;
}

/** Stops at an `else` or `end` that belongs to a block around. `dot` is the path that the dot stands for; `""` for all. */
function renderUntilEnd(reader: Reader, scope: Scope, dot: string | undefined): string | undefined {
  let rendered: string | undefined = reader.gaps[reader.at] ?? "";
  for (let tag = reader.tags[reader.at]; tag !== undefined; tag = reader.tags[reader.at]) {
    if (tag.kind === "else" || tag.kind === "end") return rendered;
    reader.at++;
    const written = tag.kind === "open" ? renderBlock(reader, tag.body, scope, dot) : renderTag(tag, scope, dot);
    rendered =
      rendered === undefined || written === undefined ? undefined : rendered + written + (reader.gaps[reader.at] ?? "");
  }
  return rendered;
}

function renderTag({ kind, body }: Tag, scope: Scope, dot: string | undefined): string | undefined {
  if (body.startsWith("/*")) return "";
  const [, name, assigned] = /^\$(\w+)\s*:?=\s*(\S.*)$/s.exec(body) ?? [];
  const value = valueOf(assigned ?? body, scope, dot);
  if (kind === "output") return value === undefined ? undefined : textOf(value);
  if (name === undefined || value === undefined) return undefined;
  scope.variables.set(name, value);
  return "";
}

function valueOf(expression: string, scope: Scope, dot: string | undefined): Plain | undefined {
  const rooted = dot === "" ? expression : withDot(expression, dot);
  return rooted === undefined ? undefined : evaluate(rooted, scope);
}

/** Goes through a block to behind its `end`: of its branches the one that is taken counts. */
function renderBlock(reader: Reader, opening: string, scope: Scope, dot: string | undefined): string | undefined {
  let rendered: string | undefined = "";
  let isOver = false;
  for (let header = opening; ;) {
    const isElse = header === "else";
    const [, word, condition = ""] = /^(?:else\s+)?(if|with)\s+(\S.*)$/s.exec(header) ?? [];
    const value = isElse ? true : word === undefined ? undefined : valueOf(condition, scope, dot);
    const path = pathOfWith(`with ${condition}`);
    const inner = word === "with" ? path && (dot === "" ? path : withDot(path, dot)) : dot;
    const text = renderUntilEnd(reader, scope, inner);
    if (!isOver && (value === undefined || isTrue(value))) {
      isOver = true;
      rendered = value === undefined ? undefined : text;
    }
    const next = reader.tags[reader.at];
    reader.at++;
    if (next === undefined) return undefined;
    if (next.kind === "end") return rendered;
    header = next.body;
  }
}
