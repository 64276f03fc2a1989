import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { defaultConfig } from "../../../server/src/engine/api.js";
import { claimTemplateNote } from "../../../server/src/engine/kustomize/version.js";
import { composedPlace } from "../../../server/src/engine/kustomize/composed-place.js";
import { compose, createMemory } from "../../../server/src/engine/kustomize/compose.js";
import { segments } from "../../../server/src/engine/workspace/directory.js";
import { WorkspaceFiles } from "../../../server/src/engine/workspace/workspace.js";
import type { Place } from "../../../server/src/engine/yaml/place.js";
import { repo } from "../../harness/repo.js";
import { filesOf, root } from "../../harness/workspace.js";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Objects = readonly {
  readonly [key: string]: Json;
  readonly kind: string;
  readonly metadata: { readonly [key: string]: Json; readonly name: string };
}[];

const fixtures = repo("test/engine/kustomize/fixtures");

/** What is not worked out, by fixture: names with a hash, replacements, variables. Everything else is. */
const unknown: Readonly<Record<string, readonly string[]>> = {
  "configured.yaml overlays/replaced": ["StatefulSet store: spec.revisionHistoryLimit"],
  "mixed.yaml base": [
    "StatefulSet mix: spec.template.spec.containers.0.args.0",
    "StatefulSet mix: spec.template.spec.containers.0.envFrom.0.configMapRef.name",
  ],
  "mixed.yaml overlays/one": [
    "StatefulSet one-mix: spec.template.spec.containers.0.args.0",
    "StatefulSet one-mix: spec.template.spec.containers.0.envFrom.0.configMapRef.name",
  ],
};

describe("what kustomize builds is worked out as kubectl 1.33 builds it", () => {
  for (const name of readdirSync(fixtures).filter((file) => file.endsWith(".yaml"))) {
    const built = JSON.parse(
      readFileSync(repo(`test/engine/kustomize/fixtures/${name.replace(".yaml", ".built.json")}`), "utf8"),
    ) as Record<string, Objects>;
    const files = new WorkspaceFiles({ settings: defaultConfig, flags: {} });
    const fixture = readFileSync(repo(`test/engine/kustomize/fixtures/${name}`), "utf8");
    for (const [file, text] of filesOf(fixture)) files.setFile(root + file, text);
    for (const [directory, objects] of Object.entries(built)) {
      test(`${name} ${directory}`, () => {
        const { resources, known } = compose(
          segments(root + directory),
          files.snapshot.files,
          createMemory(),
          claimTemplateNote({ minor: 33, patch: undefined }),
        );
        assert.equal(known, true);
        const holes: string[] = [];
        const mine = new Map<string, Place>(
          resources.flatMap(({ base, value, root: path, id }) =>
            base === undefined ? [] : [[`${id.kind} ${id.name}`, composedPlace(value, path)] as const],
          ),
        );
        const theirs = objects.filter((object) => !isGenerated(object));
        assert.deepEqual([...mine.keys()].toSorted(), theirs.map(nameOf).toSorted());
        for (const object of theirs) {
          const place = mine.get(nameOf(object))!;
          const hole = (path: string) => holes.push(`${nameOf(object)}: ${path}`);
          assert.deepEqual(plain(place, object, "", hole), withoutNulls(object), nameOf(object));
        }
        assert.deepEqual(holes.toSorted(), unknown[`${name} ${directory}`] ?? []);
      });
    }
  }
});

function nameOf({ kind, metadata }: Objects[number]): string {
  return `${kind} ${metadata.name}`;
}

function isGenerated(object: Objects[number]): boolean {
  return /^ConfigMap (?:one-)?(?:settings-[a-z0-9]{10}|plain(?:-s)?)$/.test(nameOf(object));
}

/** The place's value, with what it does not know taken from the real one. */
function plain(place: Place, real: Json | undefined, path: string, hole: (path: string) => void): Json | undefined {
  const below = (key: string | number) => (path === "" ? String(key) : `${path}.${key}`);
  const realChild = (key: string | number) => (real as Record<string | number, Json> | undefined)?.[key];
  switch (place.kind) {
    case "opaque":
      hole(path);
      return real;
    case "map": {
      assert.equal(place.isOpen, false, path);
      const entries = place
        .entries()
        .map(([key, entry]) => [key, plain(entry, realChild(key), below(key), hole)] as const);
      return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Json;
    }
    case "list":
      return place.items().map((item, index) => plain(item, realChild(index), below(index), hole) ?? null);
    case "scalar":
      return place.value();
    case "absent":
    case "null":
      return undefined;
  }
}

/** Kubernetes reads an unset field and null as the same; kustomize keeps some of them. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== null);
  return Object.fromEntries(entries.map(([key, entry]) => [key, withoutNulls(entry)]));
}
