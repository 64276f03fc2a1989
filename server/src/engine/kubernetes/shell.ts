/** One command of a shell script, with its pipeline, and what separates it from the next one. */
export interface ShellCommand {
  /**
   * As written, quotes and `$(...)` included, without redirections (but for `/dev/tcp/HOST/PORT`) and comments: `nslookup db-1.db | grep -q Address` has
   * six. A keyword that opens a list (`do`, `then`, `else`, `{`, `(`) is a command of its own; other keywords are words.
   */
  readonly words: readonly string[];
  readonly separator: Separator;
}
type Separator = ";" | "&" | "&&" | "||";

/**
 * The commands of a script in their order, without their nesting, in time linear in its length; `undefined` where it has
 * what is not read here: here-documents, process substitutions, quotes without an end.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html (2.3 Token Recognition, POSIX.1-2024)
 */
export function shellCommands(script: string): readonly ShellCommand[] | undefined {
  const commands: ShellCommand[] = [];
  let words: string[] = [];
  let offset = 0;
  const end = (separator: Separator) => {
    if (words.length > 0) commands.push({ words, separator });
    words = [];
  };
  while (offset < script.length) {
    const operator = matchAt(operators, script, offset);
    offset += operator.length;
    const wordEnds = operator === "" || /[<>]/.test(operator) ? endOfWord(script, offset) : offset;
    if (wordEnds === undefined) return undefined;
    const word = script.slice(offset, wordEnds);
    offset = wordEnds;
    if (operator === "") {
      // `2` of `2>&1` is no word.
      if (!/^\d+$/.test(word) || !/[<>]/.test(script[offset] ?? "")) words.push(word);
      if (words.length === 1 && openers.has(word)) end(";");
    } else if (/[<>]/.test(operator)) {
      if (word === "" || operator.startsWith("<<")) return undefined;
      if (word.startsWith("/dev/tcp/")) words.push(word);
    } else if (isSeparator(operator)) end(operator);
    else if (operator === ";;") end(";");
    // A pipeline goes on in the next line; behind `&&` there are no words yet.
    else if (operator === "\n" && words.at(-1) !== "|") end(";");
    else if ("|()".includes(operator)) {
      words.push(operator);
      if (words.length === 1) end(";");
    }
  }
  end(";");
  return commands;
}

/** Blanks, a line that goes on, a comment; a redirection with the blanks before its target; what ends a command. */
const operators = /[ \t\r]+|\\\n|#[^\n]*|(?:&>>?|[<>]{1,3}[&|]?)[ \t]*|&&|\|\||;;|[;&|()\n]/y;

const openers: ReadonlySet<string> = new Set(["do", "then", "else", "{"]);

function isSeparator(operator: string): operator is Separator {
  return [";", "&", "&&", "||"].includes(operator);
}

/** Where the word that begins at an offset ends, which may be there; `undefined` where a quote in it has no end. */
function endOfWord(script: string, start: number): number | undefined {
  /** What closes the quotes and substitutions around the offset, the innermost last. */
  const closers: string[] = [];
  let offset = start;
  while (offset < script.length) {
    const character = script[offset] ?? "";
    const closer = closers.at(-1);
    const opened = matchAt(opening, script, offset);
    if (closer === undefined && /[\s;&|<>()]/.test(character)) return offset;
    if (character === "\\") offset += 2;
    else if (character === closer) {
      closers.pop();
      offset += 1;
    } else if (character === "'" && closer !== '"') {
      const quoteEnd = script.indexOf("'", offset + 1);
      if (quoteEnd === -1) return undefined;
      offset = quoteEnd + 1;
    } else if (opened !== "") {
      closers.push(closing[opened.at(-1) ?? ""] ?? "");
      offset += opened.length;
    } else {
      if (character === "(" && closer === ")") closers.push(")");
      offset += 1;
    }
  }
  return closers.length === 0 ? script.length : undefined;
}

const opening = /\$\(|\$\{|["`]/y;
const closing: Readonly<Record<string, string>> = { "(": ")", "{": "}", '"': '"', "`": "`" };

/** What a sticky expression matches at an offset; empty where it does not. */
function matchAt(expression: RegExp, text: string, offset: number): string {
  expression.lastIndex = offset;
  return expression.exec(text)?.[0] ?? "";
}
