import type { Present } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";

/**
 * One condition that a command cannot get past, such as `nslookup db-1.db`, and the word of the manifest that holds it.
 */
export interface Wait {
  readonly condition: string;
  readonly at: Present<string>;
}

/**
 * What a container's command waits for without an end and without an alternative: the conditions of its `until` and
 * `while !` loops, or the command itself where it is one look at one host, which fails until that host is there. A
 * script that may take another way (`if`, `case`, `||`, `break`, a time limit) is not judged at all.
 */
export function waitsOf(container: Place): readonly Wait[] {
  const command = container.at("command").items();
  // Without a command the image's own gets the arguments, and nobody knows what it makes of them.
  if (command.length === 0) return [];
  return waitsIn([...command, ...container.at("args").items()], environment(container));
}

/** The same of an `exec` probe or hook of a container: it must succeed, so each of its looks at a host must. */
export function waitsOfExec(exec: Place, container: Place): readonly Wait[] {
  return waitsIn(exec.at("command").items(), environment(container));
}

type Values = ReadonlyMap<string, string>;

function environment(container: Place): Values {
  const values = new Map<string, string>();
  for (const variable of container.at("env").items()) {
    const name = variable.at("name").string();
    const value = variable.at("value").string();
    if (name.state === "present" && value.state === "present") values.set(name.value, value.value);
  }
  return values;
}

function waitsIn(places: readonly Place[], variables: Values): readonly Wait[] {
  const words = places.map((place) => place.string()).filter((word) => word.state === "present");
  const [first, flags, script] = words;
  if (first === undefined || words.length < places.length) return [];
  if (!shell.test(first.value)) {
    const known = words.map((at) => ({ condition: substitute(at.value, variables), at }));
    return lookPattern.test(known.map(({ condition }) => condition).join(" ")) ? known : [];
  }
  if (flags === undefined || script === undefined || !/^-[a-z]*c$/.test(flags.value)) return [];
  return waitsInScript(substitute(script.value, variables)).map((condition) => ({ condition, at: script }));
}

const shell = /^(?:\/usr)?(?:\/bin\/)?(?:ba|da|a)?sh$/;

/** A program that asks one host for something and fails when there is no answer. */
const lookPattern =
  /^(?:\S*\/)?(?:nslookup|getent (?:ahosts|hosts)|nc|ncat|ping|curl|wget|pg_isready|mysqladmin|redis-cli|wait-for(?:-it)?(?:\.sh)?|dockerize)\s[^;&|<>\n`]*$/;

/** Where a script holds one of these, it may go on without what it looks for, or not look on every pod. */
const otherWay = /\|\||&\s*(?:$|[;)\n])|\b(?:if|case|break|continue|exit|return|timeout|trap|select)\b/m;

function waitsInScript(text: string): readonly string[] {
  const script = text
    .split("\n")
    .filter((line) => !/^\s*#/.test(line))
    .join("\n")
    .replace(redirection, "")
    .replace(endlessLoop, (loop, body: string) => asUntil(body) ?? loop)
    .trim();
  if (otherWay.test(script)) return [];
  const looks = parts(script);
  if (looks.every((look) => lookPattern.test(look))) return looks;
  // What is done only after something else has succeeded may be left out.
  const start = script.search(/\b(?:until|while)\b/);
  if (start === -1 || script.slice(0, start).includes("&&")) return [];
  const lists = forLists(script);
  return [...script.matchAll(/\b(until|while)\s+([^\n;]+?)\s*[;\n]\s*do\b/g)]
    .map(([, keyword = "", condition = ""]) => awaited(keyword, condition))
    .filter((condition) => condition !== undefined)
    .flatMap(parts)
    .flatMap((condition) => eachOf(condition, lists));
}

/** A loop that only `break` ends. */
const endlessLoop = /\bwhile\s+(?:true|:)\s*[;\n]\s*do\b([^]*?)\bdone\b/g;

/** `while true; do a && break; done` and `while true; do if a; then break; fi; done` wait as `until a; do ...` does. */
function asUntil(body: string): string | undefined {
  if (body.split(/\bbreak\b/).length !== 2) return undefined;
  const [, short, long] =
    /(?:^|[;\n])\s*(?:([^;\n&|]+?)\s*&&\s*break|if\s+([^;\n&|]+?)\s*[;\n]\s*then\s+break\s*[;\n]\s*fi)\s*(?=[;\n]|$)/.exec(
      body,
    ) ?? [];
  const condition = short ?? long;
  return condition === undefined ? undefined : `until ${condition}; do sleep 1; done`;
}

/** The commands of `a && b`. */
function parts(line: string): readonly string[] {
  return line.split("&&").map((part) => part.trim());
}

/** `> /dev/null`, `2>&1` */
const redirection = /[ \t]*[\d&]?>>?[ \t]*(?:&\d|[^\s;&|<>]+)/g;

/** What a loop waits for; `undefined` where it ends when something goes away, or nobody knows. */
function awaited(keyword: string, condition: string): string | undefined {
  const negated = /^!\s*/.exec(condition)?.[0];
  if (keyword === "while") return negated === undefined ? undefined : condition.slice(negated.length);
  return negated === undefined && !condition.includes("!=") && !/-[nz]e?\s/.test(condition) ? condition : undefined;
}

/** The items of each `for` loop by its variable: `for i in 1 2; do`, `{1..2}`, `$(seq 1 2)`. */
function forLists(script: string): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, readonly string[]>();
  for (const [, variable = "", list = ""] of script.matchAll(/\bfor\s+(\w+)\s+in\s+([^\n;]+?)\s*[;\n]\s*do\b/g)) {
    lists.set(variable, itemsOf(list));
  }
  return lists;
}

function itemsOf(list: string): readonly string[] {
  const sequence = /^(?:\$\(|`)seq (?:(\d{1,4}) )?(\d{1,4})(?:\)|`)$/.exec(list);
  if (sequence !== null) return numbers(sequence[1] ?? "1", sequence[2] ?? "");
  return list
    .split(/[\s"']+/)
    .filter((item) => item !== "")
    .flatMap((item) => {
      const [, before = "", from = "", to = "", after = ""] = /^(.*)\{(\d{1,4})\.\.(\d{1,4})\}(.*)$/.exec(item) ?? [];
      return from === "" ? [item] : numbers(from, to).map((number) => `${before}${number}${after}`);
    });
}

function numbers(from: string, to: string): readonly string[] {
  return Array.from({ length: Math.max(Number(to) - Number(from) + 1, 0) }, (_, index) => String(Number(from) + index));
}

function eachOf(condition: string, lists: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return [...lists].reduce<readonly string[]>(
    (conditions, [variable, items]) =>
      conditions.flatMap((one) =>
        refersTo(variable, one) ? items.map((item) => substitute(one, new Map([[variable, item]]))) : [one],
      ),
    [condition],
  );
}

const referencePattern = /\$(?:(\w+)|\{(\w+)\}|\((\w+)\))/g;

function refersTo(variable: string, text: string): boolean {
  return [...text.matchAll(referencePattern)].some((names) => names.slice(1).includes(variable));
}

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
