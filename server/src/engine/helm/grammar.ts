import { nearest } from "../kubernetes/schema/nearest.js";
import type { Span } from "../text/span.js";
import { functions } from "./functions.js";
import { tokens, type Token } from "./lexer.js";
import type { Tag } from "./tags.js";
import type { Variables } from "./variables.js";

/** Helm does not parse this. */
export class Refusal extends Error {
  readonly span: Span;
  constructor(message: string, span: Span) {
    super(message);
    this.span = span;
  }
}

/** Reads what stands in one action. Throws a {@link Refusal} where Go's parser gives up. */
export class Expression {
  readonly #tag: Tag;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string, tag: Tag) {
    this.#tag = tag;
    this.#tokens = [...tokens(text, tag.content.start, tag.content.end)];
    // Go follows 10,000 parentheses, deeper than any template has them and than is safe here.
    if (this.#tokens.filter(({ type }) => type === "(").length > 500) this.#tokens = [];
  }

  /** Reads the keyword that comes next; empty where none does. */
  keyword(): string {
    const { type, text } = this.#peekBehindSpace();
    if (type !== "keyword") return "";
    this.#at++;
    return text;
  }

  /** Reads the name of a template. */
  name(keyword: string): string {
    const token = this.#peekBehindSpace();
    if (token.type === "end") throw new Refusal(`\`${keyword}\` requires a name in quotes`, this.#tag.span);
    if (token.type !== "string") this.#refuse(token);
    this.#at++;
    return token.text.slice(1, -1);
  }

  isAtEnd(): boolean {
    return this.#peekBehindSpace().type === "end";
  }

  expectEnd(): void {
    const token = this.#peekBehindSpace();
    if (token.type !== "end") this.#refuse(token);
    if (this.#tag.problem === "unclosed") throw new Refusal("This `{{` is not closed: `}}` is missing", this.#tag.span);
  }

  /** Reads `$x := a | b`, up to the end of the action or to the parenthesis that closes it. */
  pipeline(context: string, variables: Variables, closing: "end" | ")" = "end"): void {
    if (this.#tokens.length === 0) return;
    const opening = this.#peek(-1);
    this.#declarations(context, variables);
    let count = 0;
    for (let token = this.#peekBehindSpace(); token.type !== closing; token = this.#peekBehindSpace()) {
      if (token.type === "end") throw new Refusal("The closing `)` is missing", spanOf(opening));
      if (!operands.has(token.type)) this.#refuse(token);
      const isCallable = this.#command(variables);
      if (++count > 1 && !isCallable) throw new Refusal(`\`${token.text}\` cannot follow \`|\``, spanOf(token));
    }
    if (count > 0) return;
    if (closing === ")") throw new Refusal("`()` is empty", spanOf(opening));
    throw new Refusal(context === "command" ? "`{{ }}` is empty" : `\`${context}\` requires a value`, this.#tag.span);
  }

  #declarations(context: string, variables: Variables): void {
    for (let count = 1; this.#peekBehindSpace().type === "variable"; count++) {
      const variable = this.#peek();
      const start = this.#at++;
      const next = this.#peekBehindSpace();
      const isComma = next.type === "character" && next.text === ",";
      if (next.type !== "declare" && next.type !== "assign" && !isComma) {
        this.#at = start;
        return;
      }
      this.#at++;
      variables.add(variable.text);
      if (!isComma) return;
      const isFirst = context === "range" && count === 1;
      if (!isFirst || !/^(?:variable|end|\))$/.test(this.#peekBehindSpace().type)) this.#refuse(next);
    }
  }

  /** `f a b`, with the bar behind it. Whether it may follow a bar: a value cannot. */
  #command(variables: Variables): boolean {
    let isCallable: boolean | undefined;
    for (;;) {
      const operand = this.#operand(variables);
      isCallable ??= operand;
      const token = this.#peek();
      switch (token.type) {
        case "space":
          this.#at++;
          continue;
        case "pipe":
          this.#at++;
          return isCallable ?? false;
        case "end":
        case ")":
          return isCallable ?? false;
        default:
          this.#refuse(token);
      }
    }
  }

  /** `a.b`. Whether it may be called; `undefined` where there is none. */
  #operand(variables: Variables): boolean | undefined {
    const token = this.#peekBehindSpace();
    const isCallable = this.#term(token, variables);
    if (isCallable === undefined) return undefined;
    while (this.#peek().type === "field") {
      if (!isCallable) this.#refuse(this.#peek());
      this.#at++;
    }
    return isCallable;
  }

  #term(token: Token, variables: Variables): boolean | undefined {
    if (!operands.has(token.type)) return undefined;
    this.#at++;
    switch (token.type) {
      case "identifier":
        if (!functions.has(token.text)) throw new Refusal(unknownFunction(token.text), spanOf(token));
        return true;
      case "variable":
        if (!variables.has(token.text)) {
          throw new Refusal(`The variable \`${token.text}\` is not defined here`, spanOf(token));
        }
        return true;
      case "(":
        this.pipeline("", variables, ")");
        this.#at++;
        return true;
      case "field":
        return true;
      default:
        return false;
    }
  }

  #refuse(token: Token): never {
    if (token.problem !== undefined) throw new Refusal(token.problem, spanOf(token));
    const advice = operators.get(token.text);
    throw new Refusal(`Unexpected \`${token.text}\`${advice === undefined ? "" : `. ${advice}`}`, spanOf(token));
  }

  #peek(offset = 0): Token {
    return this.#tokens[this.#at + offset] ?? { type: "end", text: "", start: this.#tag.content.end };
  }

  #peekBehindSpace(): Token {
    while (this.#peek().type === "space") this.#at++;
    return this.#peek();
  }
}

const operands: ReadonlySet<Token["type"]> = new Set(
  ["literal", "dot", "number", "string", "field", "variable", "identifier", "("], // prettier-ignore
);

/** What other languages have, and templates write as functions. */
const operators: ReadonlyMap<string, string> = new Map([
  ["=", "Use `eq` to compare"],
  ["!", "Use `not` or `ne`"],
  ["&", "Use `and`"],
  ["<", "Use `lt` or `le` to compare"],
  [">", "Use `gt` or `ge` to compare"],
  ["?", "Use `ternary`, or `if` and `else`"],
]);

function unknownFunction(name: string): string {
  const near = nearest(name, [...functions]);
  return `Unknown function \`${name}\`${near === undefined ? "" : `. Did you mean \`${near}\`?`}`;
}

function spanOf({ start, text }: Token): Span {
  return { start, end: start + Math.max(text.length, 1) };
}
