/**
 * Writes the field data of the engine (`engine/kubernetes/schema/data/`) from packages that carry the Kubernetes API. By hand,
 * once for every Kubernetes release (see docs/releases.md):
 *
 *     npm ci --legacy-peer-deps --prefix server/src/tools/schema && npx tsc -b server/src/tools && node out/server/src/tools/schema/build.js
 *     npx prettier --write server/src/engine/kubernetes/schema/data
 *
 * cdk8s-plus-NN is Kubernetes 1.NN with descriptions, kubernetes-models 5.1 is 1.36 with enums and integer formats: it
 * gives types and descriptions, and the older ones say since and until when a field is there. What 1.37 adds comes from
 * `@pulumi/kubernetes`.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import {
  declarationOf,
  readDeclarations,
  readIntegerFormats,
  type Declared,
  type DeclaredType,
} from "./read-declarations.js";
import { readNewestTypes } from "./read-newest.js";
import {
  alsoRequired,
  between,
  bytes,
  inlineTypes,
  laterValues,
  newestIntegers,
  newestPackage,
  newestRelease,
  newIn36,
  notRequired,
  refusesEmpty,
  roots,
  staleInNewest,
  values as listedValues,
} from "./overlay.js";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../../../..");
const packages = path.join(root, "server/src/tools/schema/node_modules");
const dataFolder = path.join(root, "server/src/engine/kubernetes/schema/data");
const oldReleases = [29, 30, 31, 32, 33, 34] as const;
const newestPackaged = 36;

/** A field of one release: whether it is required there. */
type OldFields = ReadonlyMap<string, { readonly required: boolean }>;

/** The fields of Kubernetes 1.`minor` by `io.k8s.api.core.v1.Container#image`. */
function readOldRelease(minor: number): OldFields {
  const interfaces = interfacesIn(path.join(packages, `k8s-1-${minor}/lib/imports/k8s.d.ts`));
  const declared = [...interfaces.values()].flatMap((read) => read());
  return new Map(
    declared.flatMap(({ schema, required }) => (schema === undefined ? [] : [[schema, { required }] as const])),
  );
}

/** The fields of each interface of a file. */
function interfacesIn(file: string): ReadonlyMap<string, () => readonly Declared[]> {
  const { fieldsOf, statements } = readDeclarations(readFileSync(file, "utf8"));
  return new Map(
    statements.map(declarationOf).flatMap((declared) => {
      if (declared.type !== "TSInterfaceDeclaration") return [];
      return [[declared.id.name, () => fieldsOf(declared)] as const];
    }),
  );
}

/** A type of the newest release: the file that declares it. */
interface TypeFile {
  readonly id: string;
  readonly file: string;
  readonly validator: string;
}

/** `IIoK8sApiCoreV1Container` -> its file; scalar types (Quantity) are among them. */
function readTypeFiles(): ReadonlyMap<string, TypeFile> {
  const files = new Map<string, TypeFile>();
  for (const [base, id] of [
    ["kubernetes-models/v1", "io.k8s.api.core.v1"],
    ["kubernetes-models/apps/v1", "io.k8s.api.apps.v1"],
    ["kubernetes-models/policy/v1", "io.k8s.api.policy.v1"],
    ["kubernetes-models/autoscaling/v1", "io.k8s.api.autoscaling.v1"],
    ["kubernetes-models/autoscaling/v2", "io.k8s.api.autoscaling.v2"],
    ["kubernetes-models/storage.k8s.io/v1", "io.k8s.api.storage.v1"],
    ["@kubernetes-models/apimachinery/apis/meta/v1", "io.k8s.apimachinery.pkg.apis.meta.v1"],
  ] as const) {
    for (const file of readdirSync(path.join(packages, base))) {
      const name = /^(\w+)\.d\.ts$/.exec(file)?.[1];
      if (name === undefined) continue;
      const alias = `${id}.${name}`.replace(/(?:^|\.)(\w)/g, (_, letter: string) => letter.toUpperCase());
      files.set(`I${alias}`, {
        id: `${id}.${name}`,
        file: path.join(packages, base, file),
        validator: path.join(
          packages,
          base.split("/v1")[0]?.startsWith("@") ? "@kubernetes-models/apimachinery" : "kubernetes-models",
          "_schemas",
          `${alias}.js`,
        ),
      });
    }
  }
  return files;
}

/** Scalars of the API by the names that the declarations have for them. */
const scalars: Readonly<Record<string, string>> = {
  string: "string",
  boolean: "bool",
  IIoK8sApimachineryPkgApiResourceQuantity: "quantity",
  IIoK8sApimachineryPkgUtilIntstrIntOrString: "intOrString",
  IIoK8sApimachineryPkgApisMetaV1Time: "time",
  IIoK8sApimachineryPkgApisMetaV1MicroTime: "time",
  IIoK8sApimachineryPkgApisMetaV1FieldsV1: "any",
};

const newestTypes = readNewestTypes(newestPackage, path.join(packages, ".newest"));
/** What the newest release adds, as `Container#image`. */
const newestFields: string[] = [];

const oldFields = new Map(oldReleases.map((minor) => [minor, readOldRelease(minor)]));
const typeFiles = readTypeFiles();
const fileOf = new Map([...typeFiles.values()].map((file) => [file.id, file]));
const types = new Map<string, Record<string, string>>();
const descriptions = new Map<string, Record<string, string>>();
for (const id of Object.values(roots)) addType(id);
writeData();
writeReleases();

function addType(id: string): void {
  const name = shortName(id);
  if (types.has(name)) return;
  const source = fileOf.get(id);
  if (source === undefined) {
    addNewestType(id);
    return;
  }
  const own = `I${id.slice(id.lastIndexOf(".") + 1)}`;
  const declared = interfacesIn(source.file).get(own)?.();
  if (declared === undefined) throw new Error(`${source.file} declares no ${own}`);
  const formats = existsSync(source.validator) ? readIntegerFormats(readFileSync(source.validator, "utf8")) : new Map();
  const fields: Record<string, string> = {};
  const texts: Record<string, string> = {};
  types.set(name, fields);
  descriptions.set(name, texts);
  for (const field of declared) {
    fields[field.name] = fieldText(id, field, formats.get(field.name));
    texts[field.name] = field.description;
  }
  for (const [key, text] of Object.entries(between)) {
    if (key.startsWith(`${id}#`)) fields[key.slice(id.length + 1)] = text;
  }
  // Fields that an old release has and the newest lacks.
  for (const [minor, old] of oldFields) {
    for (const key of old.keys()) {
      const field = key.slice(id.length + 1);
      if (!key.startsWith(`${id}#`) || fields[field] !== undefined) continue;
      const last = oldReleases.findLast((one) => oldFields.get(one)?.has(key)) ?? minor;
      fields[field] = `any until=${last + 1}`;
    }
  }
  for (const field of newestTypes.get(id) ?? []) {
    if (fields[field.name] !== undefined || staleInNewest.includes(`${id}#${field.name}`)) continue;
    newestFields.push(`${name}#${field.name}`);
    const [type = "", ...words] = newestText(id, field).split(" ");
    fields[field.name] = [type, `since=${newestRelease}`, ...words].join(" ");
    texts[field.name] = field.description;
  }
  sortKeys(fields);
  sortKeys(texts);
}

/** A type that the newest release brings. */
function addNewestType(id: string): void {
  const declared = newestTypes.get(id);
  if (declared === undefined) throw new Error(`no declaration of ${id}`);
  const name = shortName(id);
  types.set(name, Object.fromEntries(declared.map((field) => [field.name, newestText(id, field)])));
  descriptions.set(name, Object.fromEntries(declared.map((field) => [field.name, field.description])));
}

/** A field that only the newest package has, as `schema.ts` reads it. */
function newestText(id: string, field: Declared): string {
  const key = `${id}#${field.name}`;
  const { type } = dataType(key, field.type, newestIntegers[key]);
  const words = [type + (field.required ? "!" : "")];
  const values = listedValues[key] ?? [];
  if (values.length > 0) words.push(`${refusesEmpty.includes(key) ? "enum" : "enum?"}=${values.join("|")}`);
  return words.join(" ");
}

function sortKeys(record: Record<string, string>): void {
  for (const [key, value] of Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    delete record[key];
    record[key] = value;
  }
}

/** `[Container]! since=31`: the type, `!` where it is required, and the rest that `schema.ts` reads. */
function fieldText(id: string, field: Declared, format: "int32" | "int64" | undefined): string {
  const key = `${id}#${field.name}`;
  const { type, values } = dataType(key, field.type, format);
  const words = [type + requiredText(key, field)];
  const since = sinceText(id, key);
  if (since !== undefined) words.push(`since=${since}`);
  if (/(?:^|[.:;\n])[ \t]*(?:\w+ is )?deprecated\b/i.test(field.description)) words.push("deprecated");
  const all = [...(listedValues[key] ?? values), ...(laterValues[key] ?? [])];
  if (all.length > 0) words.push(`${refusesEmpty.includes(key) ? "enum" : "enum?"}=${all.join("|")}`);
  return words.join(" ");
}

function dataType(
  key: string,
  declared: DeclaredType,
  format: string | undefined,
): { type: string; values: readonly string[] } {
  const inline = inlineTypes[key];
  if (inline !== undefined) return { type: resolveIds(inline), values: [] };
  if (bytes.includes(key)) return { type: "{bytes}", values: [] };
  switch (declared.type) {
    case "list": {
      const item = dataType(key, declared.of, format);
      return { type: `[${item.type}]`, values: item.values };
    }
    case "map":
      return { type: `{${dataType(key, declared.of, format).type}}`, values: [] };
    case "texts":
      return { type: "string", values: isTypeMeta(key, declared) ? [] : declared.texts };
    case "named": {
      const { name } = declared;
      if (name === "number") {
        if (format === undefined) throw new Error(`${key}: a number of no known format`);
        return { type: format, values: [] };
      }
      const scalar = scalars[name];
      if (scalar !== undefined) return { type: scalar, values: [] };
      const found = typeFiles.get(name) ?? (newestTypes.has(name) ? { id: name } : undefined);
      if (found === undefined) throw new Error(`${key}: unknown type ${name}`);
      addType(found.id);
      return { type: shortName(found.id), values: [] };
    }
  }
}

/** `apiVersion` and `kind` of a whole object have one value; what else there may be is found before any field is. */
function isTypeMeta(key: string, declared: DeclaredType): boolean {
  return /#(?:apiVersion|kind)$/.test(key) && declared.type === "texts" && declared.texts.length === 1;
}

function resolveIds(text: string): string {
  return text.replace(/io\.k8s[\w.]+/g, (id) => {
    addType(id);
    return shortName(id);
  });
}

/** `!` where the field is required in every release, `!<33` where it is before 1.33. */
function requiredText(key: string, field: Declared): string {
  if (isTypeMeta(key, field.type)) return "";
  if (notRequired.includes(key)) return "";
  if (field.required || alsoRequired.includes(key)) return "!";
  const last = oldReleases.findLast((minor) => oldFields.get(minor)?.get(key)?.required === true);
  return last === undefined ? "" : `!<${last + 1}`;
}

/** The first release that has the field, where its type is older; 1.35 where no old release has it. */
function sinceText(id: string, key: string): number | undefined {
  const knows = (minor: (typeof oldReleases)[number]) => oldFields.get(minor)?.has(key) === true;
  const knowsType = (minor: (typeof oldReleases)[number]) =>
    [...(oldFields.get(minor)?.keys() ?? [])].some((one) => one.startsWith(`${id}#`));
  if (knows(oldReleases[0]) || !knowsType(oldReleases[0])) {
    // A type that came later has the field since then, as long as it had it from its first release on.
    const first = oldReleases.find(knowsType);
    if (first === undefined || knows(first)) return undefined;
  }
  // cdk8s leaves these out of objects.
  if (/#(?:apiVersion|kind|status)$/.test(key)) return undefined;
  return oldReleases.find(knows) ?? (newIn36.includes(key) ? newestPackaged : newestPackaged - 1);
}

/** `Container` for types of the core and meta groups, `apps.v1.StatefulSetSpec` for the others. */
function shortName(id: string): string {
  return id
    .replace("io.k8s.api.core.v1.", "")
    .replace("io.k8s.apimachinery.pkg.apis.meta.v1.", "")
    .replace("io.k8s.api.", "");
}

function writeData(): void {
  const notice = `// Written by server/src/tools/schema/build.ts from the API documentation of Kubernetes 1.29 to 1.${newestRelease}.
// Copyright The Kubernetes Authors, Apache License 2.0: see docs/NOTICE-kubernetes.md.`;
  const sorted = <T>(map: ReadonlyMap<string, T>) => [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const rootNames = Object.fromEntries(Object.entries(roots).map(([kind, id]) => [kind, shortName(id)]));
  write(
    "types.ts",
    `${notice}

/** The type of each kind, by \`apiVersion/kind\`. */
export const roots: Readonly<Record<string, string>> = ${json(rootNames)};

/**
 * The fields of each type: \`[Container]!\`, \`string since=31 enum=A|B\`. What the words mean: ../schema.ts.
 */
export const types: Readonly<Record<string, Readonly<Record<string, string>>>> = {
${sorted(types)
  .map(([name, fields]) => `  ${JSON.stringify(name)}: ${json(fields, "  ")},`)
  .join("\n")}
};
`,
  );
  const texts = [...new Set(sorted(descriptions).flatMap(([, fields]) => Object.values(fields)))];
  const numberOf = new Map(texts.map((text, number) => [text, number]));
  write(
    "descriptions.ts",
    `${notice}

/** Every description once. A function, so that starting costs nothing. Long because it is data. */
export const texts = (): readonly string[] => [
${texts.map((text) => `  ${JSON.stringify(text)},`).join("\n")}
];

/** The number of each field's description in \`texts\`. Long because it is data. */
export const descriptions = (): Readonly<Record<string, Readonly<Record<string, number>>>> => ({
${sorted(descriptions)
  .map(([name, fields]) => {
    const numbers = Object.fromEntries(Object.entries(fields).map(([field, text]) => [field, numberOf.get(text)]));
    return `  ${JSON.stringify(name)}: ${JSON.stringify(numbers)},`;
  })
  .join("\n")}
});
`,
  );
}

function writeReleases(): void {
  write(
    "releases.ts",
    `// Written by server/src/tools/schema/build.ts.

/** The minor numbers of the oldest and the newest release whose fields are known. */
export const oldestMinor = ${oldReleases[0]};
export const newestMinor = ${newestRelease};

/** The fields that the newest release adds to types that were there before. */
export const newestFields: readonly string[] = ${json(newestFields.toSorted())};
`,
  );
}

function json(value: object, indent = ""): string {
  return JSON.stringify(value, null, 2).replaceAll("\n", `\n${indent}`);
}

function write(file: string, text: string): void {
  writeFileSync(path.join(dataFolder, file), text);
  console.log(`${file}: ${Math.round(Buffer.byteLength(text) / 1024)} KB`);
}
