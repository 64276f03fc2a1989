/**
 * Reads the TypeScript declarations of the packages that carry the Kubernetes API. They are parsed; nothing of the
 * packages is executed.
 */
import {
  parseSync,
  Visitor,
  type Directive,
  type Statement,
  type TSInterfaceDeclaration,
  type TSType,
  type TSTypeName,
} from "oxc-parser";

/** One field of a type, as the declaration has it. */
export interface Declared {
  readonly name: string;
  readonly type: DeclaredType;
  readonly required: boolean;
  /** Its comment, up to the first tag. */
  readonly description: string;
  /** The field's `@schema` tag, such as `io.k8s.api.core.v1.Container#image`. */
  readonly schema: string | undefined;
}

export type DeclaredType =
  | { readonly type: "list" | "map"; readonly of: DeclaredType }
  /** One of these texts. */
  | { readonly type: "texts"; readonly texts: readonly string[] }
  /** `string`, `Container`, and everything else, as it is written. */
  | { readonly type: "named"; readonly name: string };

/** A declaration file: the namespaces and interfaces in it, and how to read the fields of one of them. */
export interface Declarations {
  readonly statements: readonly (Directive | Statement)[];
  /** The fields of an interface; `idOf` says what a type is called that is named in the text. */
  readonly fieldsOf: (declaration: TSInterfaceDeclaration, idOf?: (name: string) => string) => readonly Declared[];
}

/** Never throws for a text that is no TypeScript: there are no declarations then. */
export function readDeclarations(text: string): Declarations {
  const { comments, program } = parseSync("declarations.d.ts", text);
  /** By the place of what follows them. */
  const commentBefore = new Map(
    comments.map(({ end, value }) => [end + text.slice(end, end + 200).search(/\S/), value] as const),
  );
  const read = (type: TSType, idOf: (name: string) => string): DeclaredType => {
    switch (type.type) {
      case "TSArrayType":
        return { type: "list", of: read(type.elementType, idOf) };
      case "TSUnionType": {
        const [only, ...others] = type.types.filter(({ type: kind }) => kind !== "TSUndefinedKeyword");
        if (only !== undefined && others.length === 0) return read(only, idOf);
        const texts = type.types.flatMap(literalText);
        if (texts.length === type.types.length) return { type: "texts", texts };
        break;
      }
      case "TSLiteralType": {
        const texts = literalText(type);
        if (texts.length > 0) return { type: "texts", texts };
        break;
      }
      case "TSTypeLiteral": {
        const [entry] = type.members;
        if (entry?.type === "TSIndexSignature")
          return { type: "map", of: read(entry.typeAnnotation.typeAnnotation, idOf) };
        break;
      }
      case "TSTypeReference": {
        const name = nameOf(type.typeName);
        const [held] = type.typeArguments?.params ?? [];
        if (held === undefined) return { type: "named", name: idOf(name) };
        if (name === "Array") return { type: "list", of: read(held, idOf) };
        // A value, or the promise of one.
        if (name === "pulumi.Input") return read(held, idOf);
        break;
      }
      default:
    }
    return { type: "named", name: text.slice(type.start, type.end) };
  };
  return {
    statements: program.body,
    fieldsOf: ({ body }, idOf = (name) => name) =>
      body.body.flatMap((member) => {
        if (member.type !== "TSPropertySignature" || member.typeAnnotation === null) return [];
        const { end, start } = member.key;
        const comment = (commentBefore.get(member.start) ?? "").replace(/^[ \t]*\* ?/gm, "");
        const [description = ""] = comment.split(/^@(?:default|schema)\b/m);
        return {
          name: text.slice(start, end).replace(/^"(.*)"$/, "$1"),
          type: read(member.typeAnnotation.typeAnnotation, idOf),
          required: !member.optional,
          description: description.trim(),
          schema: /@schema (\S+)/.exec(comment)?.[1],
        };
      }),
  };
}

/** What a statement declares, exported or not. */
export function declarationOf(statement: Directive | Statement): Directive | Statement {
  return statement.type === "ExportNamedDeclaration" ? (statement.declaration ?? statement) : statement;
}

function literalText(type: TSType): readonly string[] {
  return type.type === "TSLiteralType" && type.literal.type === "Literal" && typeof type.literal.value === "string"
    ? [type.literal.value]
    : [];
}

function nameOf(name: TSTypeName): string {
  switch (name.type) {
    case "TSQualifiedName":
      return `${nameOf(name.left)}.${name.right.name}`;
    case "Identifier":
      return name.name;
    case "ThisExpression":
      return "this";
  }
}

/** A type in one line: `Array<string>`. */
export function typeText(type: DeclaredType): string {
  switch (type.type) {
    case "list":
      return `Array<${typeText(type.of)}>`;
    case "map":
      return `{ [key: string]: ${typeText(type.of)} }`;
    case "texts":
      return type.texts.map((text) => JSON.stringify(text)).join(" | ");
    case "named":
      return type.name;
  }
}

/** A function of a compiled validator. */
interface Validation {
  /** What it asks of a number itself. */
  format?: "int32" | "int64";
  isOfList: boolean;
  /** The validations of the items. */
  readonly items: string[];
}

/**
 * Which fields of a type are 32-bit or 64-bit integers, from the text of its compiled validator: declarations say
 * `number` for both.
 */
export function readIntegerFormats(validator: string): ReadonlyMap<string, "int32" | "int64"> {
  const validations = new Map<string, Validation>();
  const fields: (readonly [name: string, validation: string])[] = [];
  for (const statement of parseSync("validator.js", validator).program.body) {
    if (statement.type !== "FunctionDeclaration" || statement.id === null) continue;
    const validation: Validation = { isOfList: false, items: [] };
    validations.set(statement.id.name, validation);
    new Visitor({
      Property({ key, value }) {
        if (key.type !== "Identifier" || key.name !== "format" || value.type !== "Literal") return;
        if (value.value === "int32" || value.value === "int64") validation.format ??= value.value;
      },
      CallExpression({ callee, arguments: [data, context] }) {
        if (callee.type === "MemberExpression") {
          if (validator.slice(callee.start, callee.end) === "Array.isArray") validation.isOfList = true;
          return;
        }
        if (callee.type !== "Identifier" || !callee.name.startsWith("validate")) return;
        if (data?.type === "MemberExpression" && data.computed) validation.items.push(callee.name);
        const field = context && /^\{instancePath:instancePath\+"\/(\w+)"/.exec(validator.slice(context.start));
        if (field?.[1] !== undefined) fields.push([field[1], callee.name]);
      },
    }).visit({ type: "Program", body: [statement], sourceType: "module", hashbang: null, start: 0, end: 0 });
  }
  const formatOf = (name: string, seen: ReadonlySet<string>): "int32" | "int64" | undefined => {
    const validation = validations.get(name);
    if (validation === undefined || seen.has(name)) return undefined;
    if (validation.format !== undefined || !validation.isOfList) return validation.format;
    return validation.items
      .map((item) => formatOf(item, new Set([...seen, name])))
      .find((found) => found !== undefined);
  };
  return new Map(
    fields.flatMap(([field, name]) => {
      const format = formatOf(name, new Set());
      return format === undefined ? [] : [[field, format] as const];
    }),
  );
}
