import type { Span } from "../text/span.js";
import { Expression, Refusal } from "./grammar.js";
import { readTags, type Tag } from "./tags.js";
import { Variables } from "./variables.js";

/** Why Helm refuses a template, whatever the values are. */
export interface TemplateProblem {
  readonly message: string;
  readonly span: Span;
}

/**
 * What keeps Helm from parsing a template: the rules of text/template/parse/parse.go (Go 1.25, with which Helm 4.1 is
 * built), in time linear in the text. After a broken action the next one is read, so that there may be several
 * problems; Helm tells the first.
 */
export function templateProblems(text: string): readonly TemplateProblem[] {
  const reader = new TemplateReader(text);
  for (const tag of readTags(text)) reader.read(tag);
  return reader.end();
}

/** More problems than a person reads. */
const most = 50;

/** A block that is open. */
interface OpenBlock {
  readonly keyword: string;
  readonly tag: Tag;
  /** The template that holds the block, and what was known in it. */
  readonly outside: NamedTemplate;
  readonly variables: number;
  readonly ranges: number;
  hasElse: boolean;
}

/** What a `define` or `block` holds, or the file. It sees no variable and no `range` of another one. */
interface NamedTemplate {
  readonly name: string | undefined;
  readonly variables: Variables;
  /** How many `range` are around. */
  ranges: number;
  /** Nothing but white space and comments is in it. */
  isEmpty: boolean;
}

class TemplateReader {
  readonly #text: string;
  readonly #problems: TemplateProblem[] = [];
  readonly #open: OpenBlock[] = [];
  /** The named templates that hold something. */
  readonly #defined = new Set<string>();
  #template = newTemplate(undefined);
  #read = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(tag: Tag): void {
    if (/\S/.test(this.#text.slice(this.#read, tag.span.start))) this.#template.isEmpty = false;
    this.#read = tag.span.end;
    if (this.#problems.length >= most) return;
    try {
      if (!this.#isComment(tag)) this.#action(tag);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#problems.push({ message: error.message, span: error.span });
    }
  }

  end(): readonly TemplateProblem[] {
    const unclosed = this.#open
      .slice(-most)
      .map(({ tag }) => ({ message: `${written(tag)} has no \`{{ end }}\``, span: tag.span }));
    return [...this.#problems, ...unclosed].toSorted((a, b) => a.span.start - b.span.start);
  }

  #isComment({ body, content, problem, span }: Tag): boolean {
    if (problem === "comment unclosed") {
      throw new Refusal("This comment is not closed: `*/}}` is missing", { start: span.start, end: content.start + 2 });
    }
    if (problem === "comment ends early") throw new Refusal("A comment must end with `*/}}` or `*/ -}}`", span);
    if (this.#text.startsWith("/*", content.start)) return true;
    if (body.startsWith("/*")) throw new Refusal("A comment must begin with `{{/*` or `{{- /*`", span);
    return false;
  }

  #action(tag: Tag): void {
    const outside = this.#template;
    const expression = new Expression(this.#text, tag);
    const keyword = expression.keyword();
    if (keyword !== "define" && keyword !== "end") outside.isEmpty = false;
    // A block is open even if its own expression is wrong.
    const open = () => {
      const variables = outside.variables.count;
      this.#open.push({ keyword, tag, outside, variables, ranges: outside.ranges, hasElse: false });
    };
    switch (keyword) {
      case "if":
      case "with":
      case "range":
        open();
        if (keyword === "range") outside.ranges++;
        expression.pipeline(keyword, outside.variables);
        break;
      case "define":
      case "block": {
        const isNested = keyword === "define" && this.#open.length > 0;
        open();
        this.#template = newTemplate(undefined);
        if (isNested) throw new Refusal("`define` is not allowed inside another block", tag.span);
        this.#template = newTemplate(expression.name(keyword));
        if (keyword === "block") expression.pipeline(keyword, outside.variables);
        break;
      }
      case "else":
        this.#else(tag, expression);
        break;
      case "end":
        this.#end(tag);
        break;
      case "break":
      case "continue":
        if (outside.ranges === 0) throw new Refusal(`\`${keyword}\` is only allowed inside \`range\``, tag.span);
        break;
      case "template":
        expression.name(keyword);
        if (!expression.isAtEnd()) expression.pipeline(keyword, outside.variables);
        break;
      default:
        expression.pipeline("command", outside.variables);
    }
    expression.expectEnd();
  }

  #else(tag: Tag, expression: Expression): void {
    const block = this.#open.at(-1);
    if (block === undefined || block.keyword === "define" || block.keyword === "block") {
      throw new Refusal("`{{ else }}` is only allowed inside `if`, `with` and `range`", tag.span);
    }
    if (block.hasElse) throw new Refusal(`${written(block.tag)} already has an \`{{ else }}\``, tag.span);
    // The other part of a `range` is not in the loop.
    this.#template.ranges = block.ranges;
    const next = expression.keyword();
    block.hasElse = next !== block.keyword || next === "range";
    if (next === "") return;
    if (block.hasElse) throw new Refusal(`\`else ${next}\` is not allowed in \`${block.keyword}\``, tag.span);
    expression.pipeline(next, this.#template.variables);
  }

  #end(tag: Tag): void {
    const block = this.#open.pop();
    if (block === undefined) throw new Refusal("This `{{ end }}` closes nothing", tag.span);
    const { name, isEmpty } = this.#template;
    const isDefined = this.#template !== block.outside && name !== undefined && !isEmpty;
    this.#template = block.outside;
    this.#template.variables.forgetAfter(block.variables);
    this.#template.ranges = block.ranges;
    if (!isDefined) return;
    // In another file it may be: then the later one counts.
    if (this.#defined.has(name)) {
      throw new Refusal(`The template \`${name}\` is already defined in this file`, block.tag.span);
    }
    this.#defined.add(name);
  }
}

function newTemplate(name: string | undefined): NamedTemplate {
  return { name, variables: new Variables(), ranges: 0, isEmpty: true };
}

function written({ body }: Tag): string {
  const line = body.replace(/\s+/g, " ");
  return `\`{{ ${line.length > 50 ? `${line.slice(0, 50)}...` : line} }}\``;
}
