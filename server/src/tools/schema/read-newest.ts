/**
 * Reads the types of the newest release from `@pulumi/kubernetes`, which is generated from the API's OpenAPI document
 * within weeks of a release. The declarations are parsed; nothing of the package is executed, and what it depends on
 * is not installed.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { declarationOf, readDeclarations, type Declarations, type Declared } from "./read-declarations.js";

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
  return typesOf(readDeclarations(readFileSync(file, "utf8")));
}

function npm(args: readonly string[]): string {
  return execFileSync("npm", [...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
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

function typesOf(declarations: Declarations): NewestTypes {
  const types = new Map<string, readonly Declared[]>();
  for (const [group, ofGroup] of namespacesIn(declarations.statements)) {
    for (const [version, ofVersion] of namespacesIn(ofGroup)) {
      const id = groups[`${group}/${version}`];
      if (id === undefined) continue;
      for (const statement of ofVersion) {
        const type = declarationOf(statement);
        // Each type has a twin for patches, in which nothing is required.
        if (type.type !== "TSInterfaceDeclaration" || type.id.name.endsWith("Patch")) continue;
        types.set(`${id}.${type.id.name}`, declarations.fieldsOf(type, idOf));
      }
    }
  }
  return types;
}

function namespacesIn(
  statements: Declarations["statements"],
): readonly (readonly [name: string, statements: Declarations["statements"]])[] {
  return statements.map(declarationOf).flatMap((declared) => {
    if (declared.type !== "TSModuleDeclaration" || declared.id.type !== "Identifier" || !declared.body) return [];
    return [[declared.id.name, declared.body.body] as const];
  });
}

/** `inputs.core.v1.Volume` -> `io.k8s.api.core.v1.Volume`. Whatever is not known is left, and who meets it says so. */
function idOf(name: string): string {
  const [root, group = "", version = "", own = ""] = name.split(".");
  const id = root === "inputs" ? groups[`${group}/${version}`] : undefined;
  return id === undefined ? name : `${id}.${own}`;
}
