import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { test } from "node:test";
import { parseSync, Visitor } from "oxc-parser";
import { checkSync } from "recheck";
import { analyse } from "scslre";
import { repo } from "../harness/repo.js";

/*
 * No expression takes more than linear time for any text, except for those whose text is short: a line of a megabyte
 * must not stop the editor. Three checks share the work, so that all of it takes seconds:
 *
 * - an expression without `*`, `+` and `{n,}` looks at so many characters from each place, and no more;
 * - recheck decides the others exactly, where their automaton is small, and attacks those where it is not;
 * - scslre finds what repeats itself in the large ones.
 */

/** What is not linear, and why that takes no time. Whoever makes one linear takes it out. */
const exceptions: Readonly<Record<string, readonly (readonly [expression: string, bound: string])[]>> = {};

interface Expression {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

const expressions: Expression[] = [];
/** The files that call `RegExp`. */
const made: string[] = [];
for (const folder of ["server/src", "client/src"]) {
  for (const name of readdirSync(repo(folder), { recursive: true, encoding: "utf8" })) {
    if (!/\.(?:ts|tsx|mts|js|mjs)$/.test(name)) continue;
    const file = `${folder}/${name.replaceAll(path.sep, "/")}`;
    const text = readFileSync(repo(file), "utf8");
    const { program, errors } = parseSync(file, text);
    assert.deepEqual(errors, [], file);
    const addCall = ({ callee }: { readonly callee: { readonly start: number; readonly end: number } }) => {
      if (text.slice(callee.start, callee.end) === "RegExp") made.push(file);
    };
    new Visitor({
      Literal(node) {
        if ("regex" in node) expressions.push({ file, source: node.regex.pattern, flags: node.regex.flags });
      },
      NewExpression: addCall,
      CallExpression: addCall,
    }).visit(program);
  }
}

/** In this process and without a clock: the same answer on every machine. */
process.env["RECHECK_SYNC_BACKEND"] = "pure";
const limits = {
  timeout: null,
  attackTimeout: null,
  incubationTimeout: null,
  recallTimeout: -1,
  maxNFASize: 600,
  maxIteration: 0,
  maxInitialGenerationSize: 1,
  attackLimit: 1_000_000,
  maxAttackStringSize: 10_000,
  incubationLimit: 5_000,
  maxGeneStringSize: 400,
} as const;

/** `undefined` where a text of any length takes linear time. */
function fault({ source, flags }: Pick<Expression, "source" | "flags">): string | undefined {
  if (!/[*+]|,\}/.test(source)) return undefined;
  const { reports } = analyse({ source, flags });
  if (reports.length > 0) return reports.map(({ type, exponential }) => `${type}${exponential ? "!" : ""}`).join(", ");
  const result = checkSync(source, flags, limits);
  if (result.status === "safe") return undefined;
  return result.status === "vulnerable" ? result.complexity.summary : result.error.kind;
}

test("the checks find what is known to be slow", () => {
  const slow = ["^(a+)+$", "\\s+$", "^(?:[ \\t]*#.*|%.*|[ \\t]*)*---", "(?<=x)a*a*$", "\\[[^\\]]*\\]", "/a/.*\\.b$"];
  for (const source of slow) assert.notEqual(fault({ source, flags: "" }), undefined, source);
  for (const source of ["^(ab+)+$", "\\s+", "a{1,3}b"]) assert.equal(fault({ source, flags: "" }), undefined, source);
});

test("every regular expression takes linear time, or has a bound", () => {
  const found = new Map<string, string>();
  const faults = new Map<string, string | undefined>();
  for (const { file, source, flags } of expressions) {
    const key = `/${source}/${flags}`;
    const why = faults.has(key) ? faults.get(key) : fault({ source, flags });
    faults.set(key, why);
    if (why !== undefined) found.set(`${file} /${source}/${flags}`, why);
  }
  const allowed = Object.entries(exceptions).flatMap(([file, all]) => all.map(([source]) => `${file} ${source}`));
  const unbounded = [...found].filter(([key]) => !allowed.includes(key)).map(([key, why]) => `${key}: ${why}`);
  assert.deepEqual(unbounded, [], "make it linear, or list it with what bounds its text");
  assert.deepEqual(
    allowed.filter((key) => !found.has(key)),
    [],
    "is no exception any more",
  );
});

/**
 * Who makes expressions: of constants of its own (test/engine/long-texts.test.ts measures some), or with one text in
 * which every special character is escaped (failure-place).
 */
const makers: readonly string[] = [
  ...Array<string>(4).fill("server/src/engine/features/navigation/dns-names.ts"),
  "server/src/engine/helm/lexer.ts",
  "server/src/engine/helm/lexer.ts",
  "server/src/engine/workspace/pod-dns.ts",
  "server/src/engine/workspace/pod-dns.ts",
  "server/src/engine/workspace/source-file.ts",
  "server/src/engine/workspace/source-file.ts",
  "server/src/engine/workspace/source-file.ts",
  "server/src/node/render/failure-place.ts",
];

test("no expression is made of what a workspace says", () => assert.deepEqual(made.toSorted(), makers));
