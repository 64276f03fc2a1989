import type { Present } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";
import { shellCommands, type ShellCommand } from "./shell.js";

/**
 * One condition that a command cannot get past, such as `nslookup db-1.db`, and the word of the manifest that holds it.
 */
export interface Wait {
  readonly condition: string;
  /** All of the command that the condition is a part of, where each of its words is one. */
  readonly command: string;
  readonly at: Present<string>;
}

/**
 * What a container's command waits for without an end and without an alternative: the conditions of its `until` and
 * `while !` loops, or the command itself where it is one look at one host, which fails until that host is there. A
 * script that may take another way (`if`, `case`, `||`, `break`, a time limit) is not judged at all.
 */
export function waitsOf(container: Place): readonly Wait[] {
  const command = container.at("command").items();
  // Without a command the image's own gets the arguments, and what it makes of them is not known.
  if (command.length === 0) return [];
  return waitsIn([...command, ...container.at("args").items()], container);
}

/** The same of an `exec` probe or hook of a container: it must succeed, so each of its looks at a host must. */
export function waitsOfExec(exec: Place, container: Place): readonly Wait[] {
  return waitsIn(exec.at("command").items(), container);
}

type Values = ReadonlyMap<string, string>;

function environment(container: Place): Values {
  const values = new Map<string, string>();
  for (const variable of container.at("env").items()) {
    const name = variable.at("name").string();
    const value = variable.at("value").string();
    // What is longer is part of no host's name; a long one, put in many times, would fill the memory.
    if (name.state === "present" && value.state === "present" && value.value.length <= 253)
      values.set(name.value, value.value);
  }
  return values;
}

/**
 * A word of a command. `${X}` in it is the shell's where X is a variable of the container; else a tool such as envsubst
 * may replace it, and the word is not known.
 */
function wordOf(place: Place, container: Place): Present<string> | undefined {
  const text = place.string();
  if (text.state === "present") return text;
  const value = place.value();
  if (text.state !== "opaque" || typeof value !== "string" || /\{\{|@\w+@/.test(text.symbol ?? value)) return undefined;
  const names = new Set([
    "HOSTNAME",
    ...container
      .at("env")
      .items()
      .map((one) => one.at("name").value()),
  ]);
  const expansions = [...value.matchAll(/\$\{(\w+)/g)];
  if (expansions.length === 0 || !expansions.every(([, name]) => names.has(name))) return undefined;
  return { state: "present", value, place, path: text.path, span: text.span, keySpan: place.keySpan };
}

function waitsIn(places: readonly Place[], container: Place): readonly Wait[] {
  const variables = environment(container);
  const words = places.map((place) => wordOf(place, container)).filter((word) => word !== undefined);
  const [first, flags, script] = words;
  if (first === undefined || words.length < places.length) return [];
  if (!shell.test(first.value)) {
    const known = words.map((at) => ({ condition: substitute(at.value, variables), at }));
    const command = known.map(({ condition }) => condition);
    return isLook(command) ? known.map((one) => ({ ...one, command: command.join(" ") })) : [];
  }
  if (flags === undefined || script === undefined || !/^-[a-z]*c$/.test(flags.value)) return [];
  if (script.value.length > longestScript) return [];
  return waitsInScript(substitute(script.value, variables)).map((condition) => ({
    condition,
    command: condition,
    at: script,
  }));
}

const shell = /^(?:\/usr)?(?:\/bin\/)?(?:ba|da|a)?sh$/;

/** In characters; manifests do not have more. */
const longestScript = 100_000;

/** Programs that ask one host for something and fail when there is no answer. */
const lookers: ReadonlySet<string> = new Set(
  `curl dockerize mysqladmin nc ncat nslookup pg_isready ping redis-cli wait-for wait-for-it wait-for-it.sh wait-for.sh
   wget`.split(/\s+/),
);

function isLook([program = "", ...operands]: readonly string[]): boolean {
  const name = program.slice(program.lastIndexOf("/") + 1);
  const [verb = ""] = operands;
  const asks = lookers.has(name)
    ? operands.length > 0
    : (name === "getent" && /^(?:a?hosts)$/.test(verb)) || (name === "kubectl" && verb === "wait");
  return asks && !operands.some((word) => /[;&|<>\n`]/.test(word));
}

function waitsInScript(script: string): readonly string[] {
  const commands = withoutEndlessLoops((shellCommands(script) ?? []).map(withoutLookLimit));
  if (commands.some(mayGoAnotherWay)) return [];
  if (commands.every(isLastOrAnd) && commands.every(({ words }) => isLook(words))) return commands.map(textOf);
  // What is done only after something else has succeeded may be left out.
  const first = commands.findIndex(({ words: [keyword] }) => keyword === "until" || keyword === "while");
  if (commands.slice(0, Math.max(first, 0)).some(({ separator }) => separator === "&&")) return [];
  /** The items of the `for` loop before, by its variable. */
  const lists: Lists = new Map();
  const waits: string[] = [];
  let condition: ShellCommand[] = [];
  for (const [index, command] of commands.entries()) {
    const [keyword, variable = "", preposition, ...list] = command.words;
    if (keyword === "for" && preposition === "in") lists.set(variable, itemsOf(list.join(" ")));
    if (condition.length === 0 && keyword !== "until" && keyword !== "while") continue;
    condition.push(command);
    if (command.separator === "&&") continue;
    if (commands[index + 1]?.words[0] === "do") waits.push(...awaited(condition).flatMap((one) => eachOf(one, lists)));
    condition = [];
  }
  return waits;
}

function isLastOrAnd({ separator }: ShellCommand, index: number, commands: readonly ShellCommand[]): boolean {
  return separator === "&&" || index === commands.length - 1;
}

function textOf({ words }: ShellCommand): string {
  return textOfWords(words);
}

/** `exec 3<> /dev/tcp/db-1.db/80` asks as `echo > ...` does. */
function textOfWords(words: readonly string[]): string {
  return words
    .join(" ")
    .replace(/^(?:\( )?(?:(?:exec(?: \d+)?|:|true|cat)? *|echo\b[^/]*)\/dev\/tcp\/([^\s/]+)\/(\S+)/, "echo $1 $2");
}

/** Whether a script with this command may go on without what it looks for, or not look on every pod. */
function mayGoAnotherWay({ words, separator }: ShellCommand): boolean {
  // `kubectl wait` fails when its time is over, and the container is started again.
  const isOption = (word: string) => words.includes("kubectl") && /^--timeout(?:=|$)/.test(word);
  return separator === "||" || separator === "&" || words.some((word) => otherWay.test(word) && !isOption(word));
}

/** Without the time limit of a single look, after which the loop goes on: `until timeout 5 nc -z db-1.db 80`. */
function withoutLookLimit(command: ShellCommand): ShellCommand {
  const [keyword = "", ...words] = command.words;
  const limit = words[0] === "!" ? 1 : 0;
  if (!["until", "while"].includes(keyword) || words[limit] !== "timeout") return command;
  const program = words.findIndex((word, index) => index > limit && !/^(?:-|\d)/.test(word));
  if (program === -1) return command;
  return { ...command, words: [keyword, ...words.slice(0, limit), ...words.slice(program)] };
}

/** Also in the quotes of a script within a script. */
const otherWay = /\|\||&\s*$|\b(?:if|case|break|continue|exit|return|timeout|trap|select)\b/m;

/** With `until a; do done` for each `while true; do ...; a && break; done`, where only this `break` ends the loop. */
function withoutEndlessLoops(commands: readonly ShellCommand[]): readonly ShellCommand[] {
  const result: ShellCommand[] = [];
  let innermost: number | undefined;
  for (const command of commands) {
    const [keyword = ""] = command.words;
    if (["for", "until", "while"].includes(keyword)) innermost = result.length;
    if (keyword === "done" && innermost !== undefined) {
      const condition = breakCondition(result.slice(innermost));
      if (condition !== undefined)
        result.splice(innermost, Infinity, { words: ["until", ...condition], separator: ";" }, openBody);
      innermost = undefined;
    }
    result.push(command);
  }
  return result;
}

const openBody: ShellCommand = { words: ["do"], separator: ";" };

/** `a` of `while true; do ...; a && break; ...` and of `while true; do ...; if a; then break; fi; ...` */
function breakCondition([loop, opener, ...body]: readonly ShellCommand[]): readonly string[] | undefined {
  if (loop === undefined || !/^while (?:true|:)$/.test(textOf(loop)) || opener?.words[0] !== "do") return undefined;
  const index = body.findIndex((command) => textOf(command) === "break");
  const isShort = body[index - 1]?.separator === "&&";
  const isLong = body[index - 1]?.words[0] === "then" && body[index - 2]?.words[0] === "if";
  const before = body.slice(0, isShort ? index - 1 : index - 2);
  const after = body.slice(isShort ? index + 1 : index + 2);
  const condition = isShort ? body[index - 1]?.words : body[index - 2]?.words.slice(1);
  if (!(isShort || (isLong && body[index + 1]?.words[0] === "fi")) || body[index]?.separator !== ";") return undefined;
  if ((before.at(-1) ?? opener).separator !== ";" || condition?.includes("|")) return undefined;
  return [...before, ...after].some(mayGoAnotherWay) ? undefined : condition;
}

/** What a loop waits for; nothing where it ends when something goes away, or where it is not known. */
function awaited([first, ...others]: readonly ShellCommand[]): readonly string[] {
  const [keyword, ...words] = first?.words ?? [];
  const printing = others.length === 0 ? printingCommand(keyword === "until" ? "-n" : "-z", words) : undefined;
  if (printing !== undefined) return [printing];
  if (keyword === "while") return words[0] === "!" && others.length === 0 ? [textOfWords(words.slice(1))] : [];
  return [words, ...others.map((command) => command.words)].filter(isSuccess).map(textOfWords);
}

/** `dig +short db-1.db` of `[ -n "$(dig +short db-1.db)" ]`: what must print something. */
function printingCommand(test: "-n" | "-z", words: readonly string[]): string | undefined {
  const [, found, command] =
    /^\[{1,2} (-[nz]) "?\$\(((?:dig|getent|nslookup|host) [^()"`|]+)\)"? \]{1,2}$/.exec(words.join(" ")) ?? [];
  return found === test ? command : undefined;
}

/** Whether a command that ends a loop says that something is there. `dig` succeeds without an answer. */
function isSuccess(words: readonly string[]): boolean {
  if (words[0] === "dig") return false;
  return isLook(words) || (words[0] !== "!" && !/!=|-[nz]e?\s/.test(words.join(" ")));
}

type Lists = Map<string, readonly string[]>;

/** The items of a `for` loop: of `1 2`, `{1..2}`, `$(seq 1 2)`. */
function itemsOf(list: string): readonly string[] {
  const sequence = /^(?:\$\(|`)seq (?:(\d{1,4}) )?(\d{1,4})(?:\)|`)$/.exec(list);
  if (sequence !== null) return numbers(sequence[1] ?? "1", sequence[2] ?? "");
  return list
    .split(/[\s"']+/)
    .filter((item) => item !== "")
    .flatMap((item) => {
      const [, before = "", from = "", to = "", after = ""] =
        /^([^]*)\{(\d{1,4})\.\.(\d{1,4})\}([^]*)$/.exec(item) ?? [];
      return from === "" ? [item] : numbers(from, to).map((number) => `${before}${number}${after}`);
    });
}

function numbers(from: string, to: string): readonly string[] {
  return Array.from({ length: Math.max(Number(to) - Number(from) + 1, 0) }, (_, index) => String(Number(from) + index));
}

/** A condition for each item of the loops around it; as it is where they are more than any set has pods. */
function eachOf(condition: string, lists: Lists): readonly string[] {
  const variables = new Set([...condition.matchAll(referencePattern)].flatMap((names) => names.slice(1)));
  return [...variables].reduce<readonly string[]>(
    (conditions, variable) => {
      const items = lists.get(variable) ?? [];
      if (items.length === 0 || conditions.length * items.length > 1000) return conditions;
      return conditions.flatMap((one) => items.map((item) => substitute(one, new Map([[variable, item]]))));
    },
    [condition],
  );
}

const referencePattern = /\$(?:(\w+)|\{(\w+)\}|\((\w+)\))/g;

/**
 * `$X`, `${X}` and Kubernetes' own `$(X)`, where X is known; then `$((3 - 1))`, the last ordinal as scripts write it.
 */
function substitute(text: string, values: Values): string {
  return text
    .replace(referencePattern, (whole, ...names: (string | undefined)[]) => {
      const name = names.slice(0, 3).find((one) => one !== undefined);
      return values.get(name ?? "") ?? whole;
    })
    .replace(/\$\(\(\s*(\d{1,4})\s*-\s*(\d{1,4})\s*\)\)/g, (_, a: string, b: string) => String(Number(a) - Number(b)));
}
