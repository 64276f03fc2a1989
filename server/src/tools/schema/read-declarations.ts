/**
 * Reads the TypeScript declarations of the packages that carry the Kubernetes API: files that a generator wrote, of a
 * regular form, so that a reader of their lines does. Nothing of the packages is executed.
 */

/** One field of a type, as the declaration has it. */
export interface Declared {
  readonly name: string;
  /** `string`, `Array<Container>`, `"TCP" | "UDP"`, `{ [key: string]: string; }`. */
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
  /** The field's `@schema` tag, such as `io.k8s.api.core.v1.Container#image`. */
  readonly schema: string | undefined;
}

/** A declared interface, by its own name. */
export interface Interface {
  readonly name: string;
  readonly fields: readonly Declared[];
}

const interfaceStart = /^export interface (\w+)(?: extends [\w, ]+)? \{$/;
const fieldStart = /^(?:readonly )?"?([^"?:\s]+)"?(\?)?: (.*)$/;

/** Every interface of a declaration file. */
export function readInterfaces(text: string): readonly Interface[] {
  const interfaces: Interface[] = [];
  const lines = text.split("\n");
  for (let index = 0; index < lines.length; index += 1) {
    const name = interfaceStart.exec(lines[index] ?? "")?.[1];
    if (name === undefined) continue;
    const end = lines.indexOf("}", index);
    interfaces.push({ name, fields: readFields(lines.slice(index + 1, end), "    ") });
    index = end;
  }
  return interfaces;
}

/**
 * The fields among the lines of one block, which are indented by `indent`; what is deeper belongs to a field's type.
 */
function readFields(lines: readonly string[], indent: string): readonly Declared[] {
  const fields: Declared[] = [];
  let comment: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = (lines[index] ?? "").slice(indent.length);
    if (line.startsWith("/**")) comment = [];
    else if (line.startsWith(" */")) continue;
    else if (line.startsWith(" *")) comment.push(line.slice(3));
    else {
      const [, name = "", optional, first = ""] = fieldStart.exec(line) ?? [];
      let type = first;
      while (!type.endsWith(";") || type.endsWith("{") || open(type) > 0) {
        index += 1;
        const more = lines[index];
        if (more === undefined) break;
        if (!/^\s*(?:\/\*\*|\*)/.test(more)) type += ` ${more.trim()}`;
      }
      fields.push({
        name,
        type: type.replace(/;$/, "").trim(),
        required: optional === undefined,
        description: descriptionOf(comment),
        schema: /@schema (\S+)/.exec(comment.join("\n"))?.[1],
      });
      comment = [];
    }
  }
  return fields;
}

function open(type: string): number {
  return (type.match(/\{/g) ?? []).length - (type.match(/\}/g) ?? []).length;
}

function descriptionOf(comment: readonly string[]): string {
  const tag = comment.findIndex((line) => /^@(?:default|schema)\b/.test(line));
  return (tag < 0 ? comment : comment.slice(0, tag)).join("\n").trim();
}

/**
 * Which fields of a type are 32-bit or 64-bit integers, from the text of its compiled validator: declarations say
 * `number` for both.
 */
export function readIntegerFormats(validator: string): ReadonlyMap<string, "int32" | "int64"> {
  const bodies = new Map<string, string>();
  for (const part of validator.split(/(?=function validate\d+\()/)) {
    const number = /^function validate(\d+)\(/.exec(part)?.[1];
    if (number !== undefined) bodies.set(number, part);
  }
  const formatOf = (number: string, seen: ReadonlySet<string>): "int32" | "int64" | undefined => {
    const body = bodies.get(number);
    if (body === undefined || seen.has(number)) return undefined;
    const own = /format:"(int32|int64)"/.exec(body)?.[1];
    if (own === "int32" || own === "int64") return own;
    if (!body.includes("Array.isArray")) return undefined;
    for (const [, inner = ""] of body.matchAll(/validate(\d+)\(data\[\w+\],/g)) {
      const found = formatOf(inner, new Set([...seen, number]));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const formats = new Map<string, "int32" | "int64">();
  for (const [, number = "", name = ""] of validator.matchAll(
    /validate(\d+)\([^,()]+,\{instancePath:instancePath\+"\/(\w+)"/g,
  )) {
    const format = formatOf(number, new Set());
    if (format !== undefined) formats.set(name, format);
  }
  return formats;
}
