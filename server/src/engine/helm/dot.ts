import type { Branch } from "./blocks.js";

/**
 * An expression in which every path begins at the root of the context, also in a `with .Values.x`; `undefined` where the
 * dot stands for something else.
 */
export function fromRoot(expression: string, around: Branch | undefined): string | undefined {
  let branch = around;
  while (branch !== undefined && !mayMove(branch)) branch = branch.parent;
  if (branch === undefined) return expression;
  const path = pathOfWith(branch.condition);
  const dot = path === undefined ? undefined : fromRoot(path, branch.parent);
  return withDot(expression, dot);
}

/** The path in `with .Values.x`; `undefined` for any other condition. */
export function pathOfWith(condition: string): string | undefined {
  return /^with\s+(\$?(?:\.\w+)+)$/.exec(condition)?.[1];
}

/** An expression with a path for its dot; `undefined` where that path is not known and the expression has a dot. */
export function withDot(expression: string, dot: string | undefined): string | undefined {
  if (!pathStart.test(expression.replace(texts, '""'))) return expression;
  if (dot === undefined) return undefined;
  return expression.replace(textsAndStarts, (whole: string, before: string | undefined, name: string | undefined) =>
    before === undefined ? whole : `${before}${dot}${name === undefined ? "" : "."}`,
  );
}

const texts = /"(?:[^"\\\n]|\\[^\n])*"?|`[^`]*`?/g;

/** The dot of `.name`, or one that stands alone. */
const pathStart = /(?:^|[\s(|])\.(?:[A-Za-z_]|[\s)|]|$)/;
const textsAndStarts = /"(?:[^"\\\n]|\\[^\n])*"?|`[^`]*`?|(^|[\s(|])\.(?:(?=([A-Za-z_]))|(?=[\s)|]|$))/g;

/** Whether the dot may be another one in a branch: in a `with` or a `range`. */
function mayMove({ condition, block }: Branch): boolean {
  return !/^(?:else\s+)?if\b|^else$|^$/.test(condition) || /^(?:range|define|block)\b/.test(block.condition);
}
