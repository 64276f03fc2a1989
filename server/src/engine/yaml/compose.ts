import {
  Composer,
  Lexer,
  Parser,
  YAMLParseError,
  type CST,
  type Document,
  type ParsedNode,
  type YAMLError,
} from "yaml";
import type { Span } from "../text/span.js";
import { kubernetesSchema } from "./kubernetes-schema.js";

/** What the YAML library makes of a chunk. */
export interface Composition {
  /** The document's value; `undefined` where there is none. */
  readonly contents: ParsedNode | undefined;
  /** In the order of the text. */
  readonly errors: readonly YAMLError[];
  /** The text with go-yaml's line breaks made `\n`, every offset the same. */
  readonly source: string;
  /** Every comment from its `#` to the end of its line. */
  readonly comments: readonly Span[];
}

/**
 * Runs the library over one chunk, reading scalars and line breaks as Kubernetes does.
 *
 * go-yaml, unlike the library, lets a quoted text or a flow collection go on at any indentation: most CRDs that controller-gen
 * wrote have such texts. They are read so where a strict reading fails and a lenient one does not. A text that fails both ways
 * is read strictly, since an unclosed quote then costs one value instead of the rest of the document.
 */
export function compose(text: string, { keepSourceTokens }: { readonly keepSourceTokens: boolean }): Composition {
  const source = withLineFeeds(text);
  const strict = run(text, source, new Lexer(), keepSourceTokens);
  if (strict.errors.length === 0 || source.includes("{{")) return strict;
  const lenient = run(text, source, lenientLexer(), keepSourceTokens);
  return lenient.errors.length === 0 ? lenient : strict;
}

const schema = kubernetesSchema();

function run(text: string, source: string, lexer: Lexer, keepSourceTokens: boolean): Composition {
  const parser = new Parser();
  // Duplicate keys are looked for in inspect.ts: the library's own search takes quadratic time.
  const composer = new Composer({
    version: "1.1",
    schema,
    uniqueKeys: false,
    logLevel: "silent",
    prettyErrors: false,
    keepSourceTokens,
  });
  const documents: Document.Parsed[] = [];
  const errors: YAMLError[] = [];
  const comments: Span[] = [];
  const hasSeparators = /[\u2028\u2029]/.test(text);
  let offset = 0;
  let isScalar = false;
  for (const lexeme of lexer.lex(source)) {
    const end = isMark(lexeme) && !isScalar ? offset : offset + lexeme.length;
    if (!isScalar && lexeme.startsWith("#")) comments.push({ start: offset, end });
    // Inside a scalar, U+2028 and U+2029 stay what they are.
    const written = hasSeparators && (isScalar || /^["']/.test(lexeme)) ? withSeparators(lexeme, text, offset) : lexeme;
    for (const token of parser.next(written)) composeToken(token);
    isScalar = !isScalar && lexeme === SCALAR_FOLLOWS;
    offset = end;
  }
  for (const token of parser.end()) composeToken(token);
  documents.push(...composer.end(true, source.length));

  function composeToken(token: CST.Token): void {
    const tooDeep = firstBelow(token, DEEPEST);
    if (tooDeep === undefined) documents.push(...composer.next(token));
    else errors.push(new YAMLParseError([tooDeep, tooDeep + 1], "RESOURCE_EXHAUSTION", "too deep"));
  }

  return {
    contents: documents.find((document) => document.contents !== null)?.contents ?? undefined,
    errors: [...errors, ...documents.flatMap((document) => document.errors)].sort((a, b) => a.pos[0] - b.pos[0]),
    source,
    comments,
  };
}

/**
 * Deeper than any manifest. The library recurses, and where it runs out of stack in a regular expression, V8 does not throw but
 * ends the process.
 */
const DEEPEST = 250;

/** The offset of the first collection that is nested deeper than `deepest`. */
function firstBelow(root: CST.Token, deepest: number): number | undefined {
  const open: (readonly [token: CST.Token, depth: number])[] = [[root, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [token, depth] = next;
    if (depth > deepest) return token.offset;
    if (token.type === "document" && token.value !== undefined) open.push([token.value, depth]);
    if (!("items" in token)) continue;
    for (const { key, value } of token.items) {
      if (key) open.push([key, depth + 1]);
      if (value) open.push([value, depth + 1]);
    }
  }
  return undefined;
}

/** Lexemes of the library's lexer that are no part of the text: a document, the end of a broken flow collection, a scalar. */
const SCALAR_FOLLOWS = "\x1f";

function isMark(lexeme: string): boolean {
  return lexeme === "\x02" || lexeme === "\x18" || lexeme === SCALAR_FOLLOWS;
}

function withSeparators(lexeme: string, text: string, offset: number): string {
  return lexeme.replace(/\n/g, (lineBreak, index: number) => {
    const character = text.charAt(offset + index);
    return character === "\u2028" || character === "\u2029" ? character : lineBreak;
  });
}

/** go-yaml ends lines at more characters than the library does; one `\n` for each keeps all offsets. */
function withLineFeeds(text: string): string {
  return text.replace(/\r(?!\n)|[\u0085\u2028\u2029]/g, "\n");
}

/** The library's lexer without its minimum indentation inside quotes and brackets, for which it has no option. */
function lenientLexer(): Lexer {
  const lexer = new Lexer();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- declared private, so no guard can be written
  const internals = lexer as unknown as LexerInternals;
  for (const state of ["parseQuotedScalar", "parseFlowCollection"] as const) {
    const parse = internals[state].bind(lexer);
    internals[state] = function* () {
      const { indentNext } = internals;
      internals.indentNext = 0;
      const next = yield* parse();
      internals.indentNext = indentNext;
      return next;
    };
  }
  return lexer;
}

interface LexerInternals {
  indentNext: number;
  parseQuotedScalar(): Generator<string, unknown>;
  parseFlowCollection(): Generator<string, unknown>;
}
