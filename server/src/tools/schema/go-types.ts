/**
 * Writes `engine/apply/data/go-fields.ts` from the Go types of the API. By hand, once for every Kubernetes release, with
 * the types.go files of kubernetes/api (core/v1, apps/v1) and kubernetes/apimachinery (pkg/apis/meta/v1):
 *
 *     npx tsc -b server/src/tools && node out/server/src/tools/schema/go-types.js CORE APPS META
 *     npx prettier --write server/src/engine/apply/data
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { types } from "../../engine/kubernetes/schema/data/types.js";

interface GoField {
  readonly name: string;
  readonly type: string;
  readonly json: string;
  readonly tag: string;
  /** The comments with `+`, such as `listType=atomic`. */
  readonly markers: readonly string[];
}

interface GoType {
  readonly fields: readonly GoField[];
  readonly markers: readonly string[];
}

/** The structs of a types.go file. */
function readStructs(text: string): ReadonlyMap<string, GoType> {
  const structs = new Map<string, GoType>();
  let markers: string[] = [];
  let open: { readonly name: string; readonly markers: readonly string[]; readonly fields: GoField[] } | undefined;
  for (const line of text.split("\n")) {
    const marker = /^\s*\/\/\s*\+(\S+)/.exec(line)?.[1];
    const begins = /^type (\w+) struct \{/.exec(line)?.[1];
    const field = /^\t(?:(\w+)\s+)?([\w.*[\]]+)\s+`(.*)`/.exec(line);
    if (marker !== undefined) markers.push(marker);
    else if (/^\s*\/\//.test(line)) continue;
    else if (begins !== undefined) {
      open = { name: begins, markers, fields: [] };
      markers = [];
    } else if (open !== undefined && line.startsWith("}")) {
      structs.set(open.name, open);
      open = undefined;
    } else if (open !== undefined && field !== null) {
      const [, name = "", type = "", tag = ""] = field;
      open.fields.push({ name, type, json: /json:"([^"]*)"/.exec(tag)?.[1] ?? "", tag, markers });
      markers = [];
    } else if (line.trim() === "" && open === undefined) markers = [];
  }
  return structs;
}

/** A struct's fields with those of the structs that it embeds. */
function* allFields(type: GoType, structs: ReadonlyMap<string, GoType>): Iterable<GoField> {
  for (const field of type.fields) {
    const embedded = field.name === "" ? structs.get(bareName(field.type)) : undefined;
    if (embedded !== undefined && (field.json === "" || field.json.startsWith(",")))
      yield* allFields(embedded, structs);
    else yield field;
  }
}

function bareName(type: string): string {
  return type.replace(/^.*[.\]*]/, "");
}

function values(markers: readonly string[], name: string): readonly string[] {
  return markers.flatMap((marker) => (marker.startsWith(`${name}=`) ? [marker.slice(name.length + 1)] : []));
}

/** What the data say of a field, in the words that `go-fields.ts` explains. */
function wordsOf(field: GoField, structs: ReadonlyMap<string, GoType>): readonly string[] {
  const isStruct = structs.has(bareName(field.type)) && !/^[[*]|^map/.test(field.type);
  const strategy = /patchStrategy:"([^"]*)"/.exec(field.tag)?.[1];
  const key = /patchMergeKey:"([^"]*)"/.exec(field.tag)?.[1];
  const [listType] = values(field.markers, "listType");
  const keys = values(field.markers, "listMapKey");
  return [
    ...(field.type.startsWith("*") ? ["pointer"] : []),
    ...(isStruct && !field.json.includes("omitzero") ? ["struct"] : []),
    ...(/,omit(?:empty|zero)/.test(field.json) ? [] : ["always"]),
    ...(strategy === undefined ? [] : [`patch=${strategy}${key === undefined ? "" : `:${key}`}`]),
    ...(listType === "set" ? ["set"] : listType === "map" ? [`map=${keys.join(",")}`] : []),
    ...(values(field.markers, "mapType").includes("atomic") || values(field.markers, "structType").includes("atomic")
      ? ["atomic"]
      : []),
  ];
}

const [core = "", apps = "", meta = ""] = process.argv.slice(2);
const [coreTypes, appsTypes, metaTypes] = [core, apps, meta].map((file) => readStructs(readFileSync(file, "utf8")));
const all = new Map([...(metaTypes ?? []), ...(coreTypes ?? []), ...(appsTypes ?? [])]);
const fields: Record<string, string> = {};
const atomicTypes: string[] = [];
for (const name of Object.keys(types).toSorted()) {
  const type = name.startsWith("apps.v1.")
    ? appsTypes?.get(name.slice("apps.v1.".length))
    : name.includes(".")
      ? undefined
      : (coreTypes?.get(name) ?? metaTypes?.get(name));
  if (type === undefined) continue;
  if (type.markers.includes("structType=atomic") || type.markers.includes("mapType=atomic")) atomicTypes.push(name);
  for (const field of allFields(type, all)) {
    const [json = ""] = field.json.split(",");
    const words = wordsOf(field, all);
    if (json !== "" && json !== "-" && words.length > 0) fields[`${name}#${json}`] = words.join(" ");
  }
}
const output = `// Written by server/src/tools/schema/go-types.ts from the Go types of the Kubernetes API, 1.37.
// Copyright The Kubernetes Authors, Apache License 2.0: see docs/NOTICE-kubernetes.md.

/**
 * What the Go type and the tags of a field say, by \`Container#ports\`; ../fields.ts explains the words.
 */
export const goFields: Readonly<Record<string, string>> = ${JSON.stringify(fields, undefined, 2)};

/** The types that a server-side apply takes as a whole. */
export const atomicTypes: readonly string[] = ${JSON.stringify(atomicTypes)};
`;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../../../..");
writeFileSync(path.join(root, "server/src/engine/apply/data/go-fields.ts"), output);
