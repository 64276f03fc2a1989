/**
 * `npm run release-data -- 1.38`: what is mechanical about a new Kubernetes release, and what a person must decide.
 * It fetches the newest `@pulumi/kubernetes`, compares it with the data of the engine, and prints the new fields with
 * what is still to be said of each. It changes nothing: docs/releases.md says what to write where.
 */
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { types } from "../../engine/kubernetes/schema/data/types.js";
import {
  formatRelease,
  gateOfField,
  isFeatureGate,
  newestRelease,
  parseRelease,
} from "../../engine/kubernetes/versions.js";
import { newestPackage, staleInNewest } from "./overlay.js";
import { newestVersion, readNewestTypes, type NewestTypes } from "./read-newest.js";
import { typeText, type Declared } from "./read-declarations.js";

/** A field that the package has and the engine's data lack. */
export interface NewField {
  /** `Container#image`, as the data name it. */
  readonly key: string;
  readonly declared: Declared;
}

/** The fields of the known types that only the package has, in the order of their names. */
export function newFields(
  known: Readonly<Record<string, Readonly<Record<string, string>>>>,
  newest: NewestTypes,
  stale: readonly string[],
): readonly NewField[] {
  return [...newest]
    .flatMap(([id, fields]) => {
      const name = shortName(id);
      const had = Object.hasOwn(known, name) ? known[name] : undefined;
      if (had === undefined) return [];
      return fields
        .filter((field) => !Object.hasOwn(had, field.name) && !stale.includes(`${id}#${field.name}`))
        .map((declared): NewField => ({ key: `${name}#${declared.name}`, declared }));
    })
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** The fields of the known types that the package no longer has: gone, or never among its types. */
export function goneFields(
  known: Readonly<Record<string, Readonly<Record<string, string>>>>,
  newest: NewestTypes,
): readonly string[] {
  const byName = new Map([...newest].map(([id, fields]) => [shortName(id), fields]));
  return Object.entries(known).flatMap(([name, fields]) => {
    const has = byName.get(name);
    if (has === undefined) return [];
    return Object.entries(fields)
      .filter(([field, text]) => !text.includes("until=") && !has.some((one) => one.name === field))
      .map(([field]) => `${name}#${field}`);
  });
}

/** What a person must decide about a new field: each line names the file in which it is said. */
export function decisions({ key, declared }: NewField): readonly string[] {
  const gate = namedGate(declared.description);
  const type = typeText(declared.type);
  return [
    ...(type.includes("number") ? ["int32 or int64? (overlay.ts, newestIntegers; k8s.io/api types.go)"] : []),
    ...(type.includes("string") ? ["a list of values? (overlay.ts, values and refusesEmpty)"] : []),
    gateOfField(...ownerAndField(key)) === undefined
      ? `behind a feature gate? ${gate === undefined ? "the description names none" : `the description names ${gate}${isFeatureGate(gate) ? ", which is known" : ""}`} (kubernetes/gates.ts)`
      : "its gate is known",
    "what is refused of its values? (kubernetes/validation/, from pkg/apis/core/validation or the KEP)",
  ];
}

/** `This field requires the EmptyDirVolumeMode feature gate to be enabled.` */
function namedGate(description: string): string | undefined {
  return /\b([A-Z][A-Za-z0-9]+) (?:alpha |beta )?feature[ -]?gate\b/.exec(description)?.[1];
}

function ownerAndField(key: string): [string, string] {
  const [owner = "", field = ""] = key.split("#");
  return [owner, field];
}

function shortName(id: string): string {
  return id.replace(/^io\.k8s\.(?:api\.core\.v1\.|apimachinery\.pkg\.apis\.meta\.v1\.|api\.)/, "");
}

function main(argv: readonly string[]): number {
  const { positionals } = parseArgs({ args: [...argv], allowPositionals: true });
  const release = parseRelease(positionals[0] ?? "");
  if (release === undefined) {
    console.error("npm run release-data -- 1.38");
    return 2;
  }
  const folder = path.resolve(
    path.dirname(fileURLToPath(import.meta.url)),
    "../../../../..",
    "server/src/tools/schema",
  );
  const version = newestVersion();
  const target = `Kubernetes ${formatRelease(release)}`;
  console.log(
    `${target}; the data know up to ${formatRelease(newestRelease)}, from @pulumi/kubernetes ${newestPackage.version}.`,
  );
  if (version === newestPackage.version)
    console.log(`There is no newer @pulumi/kubernetes than ${version}: nothing that a program could take over yet.`);
  const integrity = version === newestPackage.version ? newestPackage.integrity : "";
  const newest = readNewestTypes({ version, integrity }, path.join(folder, "node_modules/.newest"));
  const added = newFields(types, newest, staleInNewest);
  console.log(`\n${added.length} new fields in @pulumi/kubernetes ${version}`);
  for (const field of added) {
    console.log(`\n${field.key}: ${typeText(field.declared.type)}${field.declared.required ? ", required" : ""}`);
    console.log(`  ${field.declared.description.split("\n")[0]}`);
    for (const one of decisions(field)) console.log(`  ? ${one}`);
  }
  const gone = goneFields(types, newest);
  console.log(`\n${gone.length} fields that the package lacks${gone.length === 0 ? "" : `: ${gone.join(", ")}`}`);
  console.log(`\nThen, by hand (docs/releases.md):
  1. overlay.ts: newestRelease, newestPackage (version and checksum), integers and values of the fields above
  2. build.ts: run it, and read what changes in the data
  3. kubernetes/gates.ts: the stages of every gate, from the page "Feature gates" and kube_features.go; new gates
  4. kubernetes/validation/: what is refused of the new fields
  5. kubernetes/versions.ts, rollout/, the table in docs/releases.md: what the controller does in another way
  6. lint/upgrade.ts: what an upgrade to ${formatRelease(release)} changes beside
  7. test/engine/kubernetes/schema/gates.test.ts: the stages of the release, and each new field`);
  return 0;
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = main(process.argv.slice(2));
}
