import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { test } from "node:test";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import { defaultConfig } from "../../../server/src/engine/api.js";
import { compose, createMemory } from "../../../server/src/engine/kustomize/compose.js";
import { composedPlace } from "../../../server/src/engine/kustomize/composed-place.js";
import { claimTemplateNote } from "../../../server/src/engine/kustomize/version.js";
import { segments } from "../../../server/src/engine/workspace/directory.js";
import { WorkspaceFiles } from "../../../server/src/engine/workspace/workspace.js";
import type { Place } from "../../../server/src/engine/yaml/place.js";
import { root } from "../../harness/workspace.js";
import { toolDirectories } from "./tools.js";

/** `CASES` and `SEED` choose others; `KUBECTL` another kubectl. */
const cases = Number(process.env["CASES"] ?? 20);
const seed = Number(process.env["SEED"] ?? 1);
const kubectl = process.env["KUBECTL"] ?? path.join(toolDirectories.kubectl, "kubectl");
const run = promisify(execFile);

type Files = Readonly<Record<string, string>>;

/** A number from 0 to below `below`. */
type Random = (below: number) => number;

/** Mulberry32: the same numbers for the same seed. */
function random(from: number): Random {
  let state = from;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below) | 0;
  };
}

function kustomizationFiles(next: Random): Files {
  const one = <T>(choices: readonly T[]): T => choices[next(choices.length)]!;
  const maybe = (text: () => string) => (next(3) === 0 ? text() : "");
  const some = (count: number, text: () => string) => Array.from({ length: next(count + 1) }, text).join("");
  const set = (name: string) => `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ${name}
${maybe(() => `  labels: { tier: ${one(["back", "front"])} }\n`)}${maybe(() => "  annotations: { note: a }\n")}spec:
  serviceName: ${one(["db", "web"])}
${maybe(() => `  replicas: ${next(4)}\n`)}  selector: { matchLabels: { app: ${name} } }
  template:
    metadata:
      labels: ${one(["{ app: db }", "{ app: web, <<: { app: db, part: x } }", "{ <<: { app: db }, app: web }"])}
    spec:
      containers:
        - { name: main, image: "${one(["x:1", "y", "registry/x:2"])}", env: [{ name: A, value: b }, { name: B, value: c }] }
${maybe(() => '        - { name: side, image: "y:1", ports: [{ containerPort: 80 }] }\n')}${maybe(() => "      volumes: [{ name: v, emptyDir: {} }]\n")}${maybe(() => "  volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [ReadWriteOnce] } }]\n")}`;
  const documents = (name: string) => `${set(name)}---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { ports: [{ port: 80, name: http }], selector: { app: ${name} } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings-${name} }
data: { size: small, color: ${one(["red", '"7"'])} }
`;
  const isRisky = next(3) === 0;
  /** Where nothing is risked, what the build surely takes. */
  const risk = (fine: string, risky: readonly string[]) => (isRisky && next(3) === 0 ? one(risky) : fine);
  const operation = () =>
    risk(
      one([
        "{ op: add, path: /spec/replicas, value: 7 }",
        "{ op: replace, path: /spec/serviceName, value: q }",
        "{ op: add, path: /spec/template/spec/containers/-, value: { name: q, image: x } }",
        "{ op: add, path: /spec/template/spec/containers/0/env/0, value: { name: q } }",
        "{ op: replace, path: /spec/template/spec/containers/0/image, value: z }",
        "{ op: add, path: /metadata/annotations/note, value: q }",
        "{ op: test, path: /spec/selector/matchLabels/app, value: db }",
        "{ op: copy, from: /spec/serviceName, path: /spec/copied }",
        "{ op: move, from: /spec/serviceName, path: /spec/moved }",
        "{ op: add, path: /spec/updateStrategy, value: { type: OnDelete } }",
      ]),
      [
        "{ op: remove, path: /spec/replicas }",
        "{ op: remove, path: /metadata/labels/tier }",
        "{ op: remove, path: /spec/template/spec/containers/1 }",
        "{ op: add, path: /metadata/labels/tier, value: q }",
        "{ op: add, path: /spec/template/spec/containers/2, value: { name: q } }",
        "{ op: test, path: /spec/replicas, value: 2 }",
        "{ op: replace, path: /spec/nowhere/deep, value: 1 }",
        "{ op: move, from: /spec/volumeClaimTemplates, path: /spec/moved }",
      ],
    );
  const podPatch = () =>
    risk(
      one([
        "containers: [{ name: main, image: z }]",
        "containers: [{ name: new, image: z }, { name: main, env: [{ name: A, value: q }, { name: C }] }]",
        "containers: [{ name: side, $patch: delete }]",
        "containers: [{ $patch: replace }, { name: only, image: z }]",
        "containers: [{ image: z }]",
        "containers: [{ name: main, env: [{ value: q }] }]",
        "containers: [{ name: side, ports: [{ containerPort: 80, name: p }] }]",
        "volumes: [{ name: v, $patch: delete }, { name: w, emptyDir: {} }]",
        "volumes: [{ $patch: delete }]",
        "tolerations: [{ operator: Exists }]",
        "schedulingGates: [{ name: g }]",
      ]),
      ["containers: { name: main }", "containers: main"],
    );
  const merge = (name: string) => `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name}${maybe(() => ", labels: { extra: x }")} }
spec:
  ${one([
    () => `template: { spec: { ${podPatch()} } }`,
    () => `template: { spec: { ${podPatch()} } }`,
    () => `replicas: ${risk(one(["null", "5"]), ["{ a: b }"])}`,
    () => "serviceName: null",
    () => "updateStrategy: { type: OnDelete, rollingUpdate: { $patch: delete } }",
    () => "selector: { matchLabels: { $patch: replace, other: x } }",
    () => "<<: { replicas: 4, serviceName: m }\n  serviceName: n",
  ])()}
`;
  const indented = (text: string) => text.trimEnd().replaceAll(/^/gm, "      ");
  const patch = (name: string) =>
    one([
      () =>
        `  - target: { kind: ${one(["StatefulSet", "Job"])} }\n    patch: |-\n${indented(`- ${operation()}\n- ${operation()}`)}\n`,
      () => `  - patch: |-\n${indented(merge(risk(name, ["nobody"])))}\n`,
      () =>
        `  - target: { kind: StatefulSet${maybe(() => ", labelSelector: tier=back")} }\n    patch: |-\n${indented(merge("any"))}\n`,
    ])();
  const replacement = (name: string) => {
    const field = one([
      "spec.serviceName",
      "spec.template.spec.containers.[name=main].image",
      "spec.template.metadata.labels.app",
    ]);
    const source = `kind: ConfigMap, name: ${risk(`settings-${name}`, ["nothing"])}, fieldPath: data.${risk(one(["size", "color"]), ["none"])}`;
    return `  - source: { ${source} }
    targets:
      - select: { kind: StatefulSet }
        fieldPaths: ["${risk(field, ["spec.nowhere", "metadata.labels.tier", "spec.replicas"])}"]
        options: { create: ${one(["true", "false"])} }\n`;
  };
  const layer = (name: string, prefix: string) =>
    [
      maybe(() => `namespace: ${one(["prod", "test"])}\n`),
      maybe(() => `namePrefix: ${prefix}-\n`),
      maybe(() => "nameSuffix: -x\n"),
      maybe(() => `commonLabels: { team: ${risk(one(["db", "'3'"]), ["3", "yes"])} }\n`),
      maybe(
        () =>
          `labels: [{ pairs: { version: v1 }, include${one(["Templates", "Selectors"])}: ${one(["true", "false"])} }]\n`,
      ),
      maybe(() => "commonAnnotations: { by: me }\n"),
      maybe(() => `images: [{ name: ${one(["x", "registry/x"])}, newTag: ${risk(one(["v2", '"2"']), ["2"])} }]\n`),
      maybe(() => `replicas: [{ name: ${risk(name, ["nobody"])}, count: ${next(6)} }]\n`),
      maybe(() => `patches:\n${patch(name)}${some(1, () => patch(name))}`),
      maybe(() => `replacements:\n${replacement(name)}`),
      maybe(
        () =>
          `configMapGenerator: [{ name: ${risk("made", [`settings-${name}`])}-${prefix}, literals: [${risk("k=v", ["1=v", "k"])}], options: { disableNameSuffixHash: true } }]\n`,
      ),
    ].join("");
  return {
    "kustomization.yaml": `resources: [base${maybe(() => ", extra.yaml")}]\n${layer("db", "top")}`,
    "extra.yaml": documents("web"),
    "base/kustomization.yaml": `resources: [all.yaml]\n${layer("db", "low")}`,
    "base/all.yaml": documents("db"),
  };
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The value, with what is not known taken from the real one, and without nulls and empty maps that mean nothing. */
function known(place: Place, real: Json | undefined): Json | undefined {
  const child = (key: string | number) =>
    typeof real === "object" && real !== null ? (real as Readonly<Record<string | number, Json>>)[key] : undefined;
  switch (place.kind) {
    case "opaque":
      return real;
    case "map": {
      const written = new Map(place.entries().map(([key, entry]) => [key, known(entry, child(key))]));
      if (place.isOpen && typeof real === "object" && real !== null && !Array.isArray(real)) {
        for (const [key, value] of Object.entries(real)) if (!written.has(key)) written.set(key, value);
      }
      return Object.fromEntries([...written].filter((entry): entry is [string, Json] => entry[1] !== undefined));
    }
    case "list":
      return place.items().map((item, index) => known(item, child(index)) ?? null);
    case "scalar":
      return place.value();
    case "absent":
    case "null":
      return undefined;
  }
}

function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== null);
  return Object.fromEntries(entries.map(([key, entry]) => [key, withoutNulls(entry)]));
}

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

for (let index = 0; index < cases; index += 1) {
  test(`a random kustomization is built as kubectl builds it: seed ${seed + index}`, async () => {
    const files = kustomizationFiles(random(seed + index));
    const directory = await mkdtemp(path.join(tmpdir(), "ordinal-differential-"));
    try {
      const workspace = new WorkspaceFiles({ settings: defaultConfig, flags: {} });
      for (const [name, text] of Object.entries(files)) {
        await mkdir(path.dirname(path.join(directory, name)), { recursive: true });
        await writeFile(path.join(directory, name), text);
        workspace.setFile(root + name, text);
      }
      const way = segments(root.slice(0, -1));
      const note = claimTemplateNote({ minor: 33, patch: undefined });
      const composition = compose(way, workspace.snapshot.files, createMemory(), note);
      const failures = composition.remarks.filter(({ message }) => message.rule === "build");
      const built = await run(kubectl, ["kustomize", directory]).catch((error: Error & { stderr: string }) => error);
      const shown = Object.entries(files).map(([name, text]) => `# file: ${name}\n${text}`);
      const context = [...shown, "stderr" in built ? built.stderr : ""].join("");
      if (built instanceof Error) {
        assert.ok(failures.length > 0 || !composition.known, `not told: ${context}`);
        return;
      }
      assert.deepEqual(
        failures.map(({ message }) => message),
        [],
        context,
      );
      if (!composition.known) return;
      const objects = parseAllDocuments(built.stdout).map((document) => document.toJS() as Json & Named);
      for (const { value, root: at, id, base } of composition.resources) {
        if (base === undefined) continue;
        const real = objects.find(({ kind, metadata }) => kind === id.kind && metadata.name === id.name);
        assert.ok(real, `${id.kind} ${id.name} is not there: ${context}`);
        const mine = known(composedPlace(value, at), real);
        assert.deepEqual(withoutNulls(mine ?? null), withoutNulls(real), context);
      }
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
}
