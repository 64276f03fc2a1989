/**
 * Reads the types of the newest release from `@pulumi/kubernetes`, which is generated from the API's OpenAPI document
 * within weeks of a release. The declarations are parsed by TypeScript; nothing of the package is executed, and what it
 * depends on is not installed.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  isArrayTypeNode,
  isIdentifier,
  isIndexSignatureDeclaration,
  isInterfaceDeclaration,
  isModuleBlock,
  isModuleDeclaration,
  isPropertySignatureDeclaration,
  isStringLiteral,
  isTypeLiteralNode,
  isTypeReferenceNode,
  isUnionTypeNode,
  SyntaxKind,
  type PropertySignatureDeclaration,
  type SourceFile,
  type TypeNode,
} from "typescript/unstable/ast";
import { API } from "typescript/unstable/sync";
import type { Declared } from "./read-declarations.js";

/** A version of the package, and the checksum that npm publishes for it. */
export interface NewestPackage {
  readonly version: string;
  readonly integrity: string;
}

/** The fields of each type by id, such as `io.k8s.api.core.v1.Container`. */
export type NewestTypes = ReadonlyMap<string, readonly Declared[]>;

const packageName = "@pulumi/kubernetes";

/** The newest version that is published. */
export function newestVersion(): string {
  return npm(["view", packageName, "version"]).trim();
}

/** Fetches the package into a folder, once, and reads its types. Throws where it is not the one that is expected. */
export function readNewestTypes({ version, integrity }: NewestPackage, folder: string): NewestTypes {
  const root = path.join(folder, version);
  const file = path.join(root, "package/types/input.d.ts");
  if (!existsSync(file)) {
    mkdirSync(root, { recursive: true });
    const [packed] = JSON.parse(npm(["pack", `${packageName}@${version}`, "--json", "--pack-destination", root])) as {
      readonly filename: string;
      readonly integrity: string;
    }[];
    if (packed === undefined) throw new Error(`npm packs no ${packageName} ${version}`);
    if (integrity !== "" && packed.integrity !== integrity)
      throw new Error(`${packageName} ${version} has the checksum ${packed.integrity}, not ${integrity}`);
    execFileSync("tar", ["-xzf", packed.filename.replace(/^@/, "").replace("/", "-"), "package/types"], { cwd: root });
  }
  return typesOf(parse(root, file));
}

function npm(args: readonly string[]): string {
  return execFileSync("npm", [...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

function parse(root: string, file: string): SourceFile {
  const project = path.join(root, "tsconfig.json");
  // Nothing is looked up: the declarations' own text is all that counts.
  const compilerOptions = { noLib: true, noResolve: true, types: [], skipLibCheck: true };
  writeFileSync(project, JSON.stringify({ compilerOptions, files: [path.relative(root, file)] }));
  const api = new API({ cwd: root });
  try {
    const source = api
      .updateSnapshot({ openProjects: [project] })
      .getProjects()[0]
      ?.program.getSourceFile(file);
    if (source === undefined) throw new Error(`TypeScript does not read ${file}`);
    return source;
  } finally {
    api.close();
  }
}

/** The groups and versions whose types are read, as the package nests them in namespaces. */
const groups: Readonly<Record<string, string>> = {
  "apps/v1": "io.k8s.api.apps.v1",
  "autoscaling/v1": "io.k8s.api.autoscaling.v1",
  "autoscaling/v2": "io.k8s.api.autoscaling.v2",
  "core/v1": "io.k8s.api.core.v1",
  "meta/v1": "io.k8s.apimachinery.pkg.apis.meta.v1",
  "policy/v1": "io.k8s.api.policy.v1",
  "storage/v1": "io.k8s.api.storage.v1",
};

function typesOf(source: SourceFile): NewestTypes {
  const types = new Map<string, readonly Declared[]>();
  for (const group of source.statements) {
    if (!isModuleDeclaration(group) || group.body === undefined || !isModuleBlock(group.body)) continue;
    for (const version of group.body.statements) {
      if (!isModuleDeclaration(version) || version.body === undefined || !isModuleBlock(version.body)) continue;
      const id = groups[`${nameOf(group.name)}/${nameOf(version.name)}`];
      if (id === undefined) continue;
      for (const type of version.body.statements) {
        // Each type has a twin for patches, in which nothing is required.
        if (!isInterfaceDeclaration(type) || type.name.text.endsWith("Patch")) continue;
        const fields = type.members.filter(isPropertySignatureDeclaration).map(declaredField);
        types.set(`${id}.${type.name.text}`, fields);
      }
    }
  }
  return types;
}

function nameOf(name: { readonly kind: number }): string {
  return "text" in name && typeof name.text === "string" ? name.text : "";
}

function declaredField(member: PropertySignatureDeclaration): Declared {
  const { name } = member;
  const description = (member.jsDoc ?? [])
    .map((comment) => comment.getText())
    .join("\n")
    .replace(/^\/\*\*|\*\/$/g, "")
    .replace(/^[ \t]*\* ?/gm, "")
    .trim();
  return {
    name: isIdentifier(name) || isStringLiteral(name) ? name.text : name.getText(),
    type: plainType(member.type),
    required: member.postfixToken === undefined,
    description,
    schema: undefined,
  };
}

/**
 * `pulumi.Input<pulumi.Input<inputs.core.v1.Volume>[] | undefined>` -> `Array<io.k8s.api.core.v1.Volume>`; scalars stay
 * as they are. Whatever is not known is left as its text, and whoever meets it says so.
 */
function plainType(type: TypeNode | undefined): string {
  if (type === undefined) return "any";
  if (isUnionTypeNode(type)) {
    const [only, ...others] = type.types.filter(({ kind }) => kind !== SyntaxKind.UndefinedKeyword);
    return others.length === 0 ? plainType(only) : type.getText();
  }
  if (isArrayTypeNode(type)) return `Array<${plainType(type.elementType)}>`;
  if (isTypeLiteralNode(type)) {
    const [entry] = type.members;
    return entry !== undefined && isIndexSignatureDeclaration(entry)
      ? `{ [key: string]: ${plainType(entry.type)}; }`
      : type.getText();
  }
  if (!isTypeReferenceNode(type)) return type.getText();
  const name = type.typeName.getText();
  if (name === "pulumi.Input") return plainType(type.typeArguments?.[0]);
  const [, group = "", version = "", own = ""] = name.replace(/^inputs\./, "").match(/^(\w+)\.(\w+)\.(\w+)$/) ?? [];
  const id = groups[`${group}/${version}`];
  return id === undefined ? name : `${id}.${own}`;
}
