import {
  Composer,
  Lexer,
  Parser,
  YAMLParseError,
  isScalar,
  type CST,
  type Document,
  type ParsedNode,
  type YAMLError,
} from "yaml";
import type { Span } from "../text/span.js";
import { escapesOnlyJsonHas } from "./escapes.js";
import { kubernetesSchema } from "./kubernetes-schema.js";
import { isBlock } from "./nodes.js";

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
 * go-yaml, unlike the library, lets a quoted text or a flow collection go on at any indentation: most CRDs that
 * controller-gen wrote have such texts. They are read so where a strict reading fails and a lenient one does not. A
 * text that fails both ways is read strictly, since an unclosed quote then costs one value instead of the rest of the
 * document.
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
  let firstTab: number | undefined;
  const hasSeparators = /[\u2028\u2029]/.test(text);

  for (const lexeme of lexemes(source, lexer)) {
    if (lexeme.kind === "comment") comments.push({ start: lexeme.start, end: lexeme.start + lexeme.text.length });
    if (lexeme.kind === "tab") firstTab ??= lexeme.start;
    if (lexeme.kind === "scalar" && lexeme.text.startsWith('"') && lexeme.text.includes("\\")) {
      for (const { start, end } of escapesOnlyJsonHas(lexeme.text)) {
        const message = `the escape ${lexeme.text.slice(start, end)} is not allowed in YAML`;
        errors.push(new YAMLParseError([lexeme.start + start, lexeme.start + end], "BAD_DQ_ESCAPE", message));
      }
    }
    for (const token of parser.next(hasSeparators ? withSeparators(lexeme, text) : lexeme.text)) composeToken(token);
    // `a: a: a: ...`: the parser recurses, too, where it leaves them. What is read so far is too deep already.
    if (parser.stack.length > 2 * deepestAllowed) break;
  }
  for (const token of parser.end()) composeToken(token);
  documents.push(...composer.end(true, source.length));

  function composeToken(token: CST.Token): void {
    const tooDeep = firstBelow(token, deepestAllowed);
    if (tooDeep === undefined) documents.push(...composer.next(token));
    else errors.push(new YAMLParseError([tooDeep, tooDeep + 1], "RESOURCE_EXHAUSTION", "too deep"));
  }

  const contents = documents.find((document) => document.contents !== null)?.contents ?? undefined;
  if (firstTab !== undefined && (contents === undefined || isEmpty(contents) || isBlock(contents))) {
    errors.push(new YAMLParseError([firstTab, firstTab + 1], "TAB_AS_INDENT", "tab"));
  }
  for (const document of documents) errors.push(...document.errors);
  return { contents, errors: errors.sort((a, b) => a.pos[0] - b.pos[0]), source, comments };
}

function isEmpty(node: ParsedNode): boolean {
  return isScalar(node) && node.range[0] === node.range[1];
}

/** Whether what begins at an offset is no part of a scalar that began before, nor of a flow collection. */
export function isInBlockContext(text: string, offset: number): boolean {
  let depth = 0;
  for (const { start, text: lexeme, kind } of lexemes(withLineFeeds(text), new Lexer())) {
    if (marks.has(lexeme)) continue;
    if (start + lexeme.length > offset) return start === offset && depth === 0;
    if (kind === "other" && /^[[{]/.test(lexeme)) depth++;
    if (kind === "other" && /^[\]}]/.test(lexeme)) depth--;
  }
  return false;
}

interface Lexeme {
  readonly text: string;
  readonly start: number;
  /**
   * `tab`: white space that begins a line outside of scalars and flow collections, with a tab, where go-yaml allows
   * none.
   */
  readonly kind: "scalar" | "comment" | "tab" | "other";
}

/** What the lexer gives, of which each piece says what it is only together with those before it. */
function* lexemes(source: string, lexer: Lexer): Generator<Lexeme> {
  let start = 0;
  let flowDepth = 0;
  let isScalar: boolean = false;
  for (const text of lexer.lex(source)) {
    const first: string = isScalar ? "" : text.charAt(0);
    const isMark: boolean = first !== "" && marks.has(text);
    if (isMark) {
      yield { text, start, kind: "other" };
    } else if (isScalar || first === '"' || first === "'") {
      yield { text, start, kind: "scalar" };
    } else {
      if (first === "[" || first === "{") flowDepth++;
      if (first === "]" || first === "}") flowDepth--;
      const isTab = first === "\t" && flowDepth <= 0 && (start === 0 || source[start - 1] === "\n");
      yield { text, start, kind: first === "#" ? "comment" : isTab ? "tab" : "other" };
    }
    isScalar = isMark && text === scalarFollows;
    if (!isMark) start += text.length;
  }
}

/**
 * Deeper than any manifest. The library recurses, and where it runs out of stack in a regular expression, V8 does not
 * throw but ends the process.
 */
const deepestAllowed = 250;

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

/** Lexemes that are no part of the text: a document begins, a broken flow collection ends, a scalar follows. */
const scalarFollows = "\x1f";
const marks: ReadonlySet<string> = new Set(["\x02", "\x18", scalarFollows]);

/** Inside a scalar, U+2028 and U+2029 end a line, but stay what they are. */
function withSeparators(lexeme: Lexeme, text: string): string {
  if (lexeme.kind !== "scalar") return lexeme.text;
  return lexeme.text.replace(/\n/g, (lineFeed, index: number) => {
    const character = text.charAt(lexeme.start + index);
    return character === "\u2028" || character === "\u2029" ? character : lineFeed;
  });
}

/**
 * go-yaml ends lines at more characters than the library does; one `\n` for each keeps all offsets. kubectl takes the
 * marker `---# comment` away before go-yaml sees it, and dots with nothing before them end nothing.
 */
function withLineFeeds(text: string): string {
  return text
    .replace(/\r(?!\n)|[\u0085\u2028\u2029]/g, "\n")
    .replace(/^(\uFEFF?(?:[ \t]*(?:#[^\r\n]*)?\r?\n)*)(?:---(?=#)|\.\.\.(?=\s|$))/, "$1   ");
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
