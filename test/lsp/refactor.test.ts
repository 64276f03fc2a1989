import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClientCapabilities, CodeAction } from "vscode-languageserver/node";
import { connect, textDocument, uriOf } from "./client.js";
import { service, statefulSet } from "./manifests.js";

const capabilities: ClientCapabilities = {
  textDocument: {
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } }, disabledSupport: true },
    rename: { honorsChangeAnnotations: true },
  },
  workspace: {
    workspaceEdit: { documentChanges: true, resourceOperations: ["create"], changeAnnotationSupport: {} },
  },
};

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers: [{ name: web, image: "nginx:1.29", volumeMounts: [{ name: disk, mountPath: /disk }] }]
      volumes: [{ name: disk, persistentVolumeClaim: { claimName: disk } }]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: disk }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
`;

/** The actions at the kind of the first object, by title. */
async function actions(
  ...[t, text, can, only]: [Parameters<typeof connect>[0], string, ClientCapabilities, readonly string[] | undefined]
): Promise<ReadonlyMap<string, CodeAction>> {
  const client = await connect(t, { capabilities: can, folders: [""], disk: new Map() });
  await client.open("a b/db.yaml", text);
  await client.request("workspace/diagnostic", { previousResultIds: [] });
  const position = { line: 1, character: 2 };
  const found: CodeAction[] = await client.request("textDocument/codeAction", {
    ...textDocument("a b/db.yaml"),
    range: { start: position, end: position },
    context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
  });
  return new Map(found.map((one) => [one.title, one]));
}

test("a conversion is to be confirmed, with what happens to the data", async (t) => {
  const { kind, edit } = (await actions(t, deployment, capabilities, undefined)).get("Convert to a StatefulSet")!;
  assert.equal(kind, "refactor.rewrite");
  const [annotation, ...others] = Object.values(edit?.changeAnnotations ?? {});
  assert.deepEqual(others, []);
  assert.equal(annotation?.needsConfirmation, true);
  assert.match(annotation.description ?? "", /The data in the claim `disk` stays there/);
});

test("a new file is created beside the other one, and never over one that is there", async (t) => {
  const title = "Move StatefulSet db to a file of its own";
  const text = `${statefulSet("db")}---\n${service("db")}`;
  const { kind, edit } = (await actions(t, text, capabilities, ["refactor.move"])).get(title)!;
  assert.equal(kind, "refactor.move");
  const uri = uriOf("a b/db-statefulset.yaml");
  const start = { line: 0, character: 0 };
  assert.deepEqual(edit?.documentChanges?.slice(0, 2), [
    { kind: "create", uri, options: { overwrite: false, ignoreIfExists: false } },
    {
      textDocument: { uri, version: null },
      edits: [{ range: { start, end: start }, newText: statefulSet("db") }],
    },
  ]);
  const plain = { ...capabilities, workspace: { workspaceEdit: { documentChanges: true } } };
  assert.equal((await actions(t, text, plain, ["refactor"])).has(title), false);
});

test("why something is not available is said to those who ask for refactorings", async (t) => {
  const text = statefulSet("db", "  replicas: 3\n");
  const title = "Convert to a Deployment";
  const asked = await actions(t, text, capabilities, ["refactor"]);
  assert.match(asked.get(title)?.disabled?.reason ?? "", /not exactly one pod/);
  assert.equal((await actions(t, text, capabilities, undefined)).has(title), false);
  assert.equal(
    (
      await actions(
        t,
        text,
        { textDocument: { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } } } },
        ["refactor"],
      )
    ).has(title),
    false,
  );
  assert.equal((await actions(t, text, capabilities, ["quickfix"])).has(title), false);
});

const everything = { profile: "strict" };
const pairs: readonly { readonly what: string; readonly text: string; readonly at: string; readonly title: RegExp }[] =
  [
    {
      what: "the Service of a name that no Service has",
      text: statefulSet("nowhere"),
      at: "nowhere",
      title: /headless Service/,
    },
    {
      what: "the Service of a set that names none",
      text: statefulSet("db").replace("  serviceName: db\n", ""),
      at: "spec:\n  replicas",
      title: /headless Service/,
    },
    {
      what: "a budget",
      text: `${statefulSet("db")}---\n${service("db")}`,
      at: "3\n",
      title: /PodDisruptionBudget/,
    },
    {
      what: "a readiness probe",
      text: `${statefulSet("db")}          ports: [{ containerPort: 5432 }]\n---\n${service("db")}`,
      at: "db\n          image",
      title: /readinessProbe/,
    },
  ];
for (const { what, text, at, title } of pairs) {
  test(`what a fix does is offered once: ${what}`, async (t) => {
    const client = await connect(t, {
      capabilities,
      folders: [""],
      disk: new Map(),
      initializationOptions: everything,
    });
    await client.open("db.yaml", text);
    await client.request("workspace/diagnostic", { previousResultIds: [] });
    const before = text.slice(0, text.indexOf(at)).split("\n");
    const position = { line: before.length - 1, character: before.at(-1)!.length };
    const ask = async (only?: readonly string[]): Promise<readonly string[]> => {
      const found: CodeAction[] = await client.request("textDocument/codeAction", {
        ...textDocument("db.yaml"),
        range: { start: position, end: position },
        context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
      });
      return found.flatMap((one) =>
        title.test(one.title) && !one.title.startsWith("Silence") ? [one.kind ?? ""] : [],
      );
    };
    assert.deepEqual(await ask(), ["quickfix"]);
    assert.deepEqual(await ask(["quickfix"]), ["quickfix"]);
    assert.deepEqual(await ask(["refactor"]), ["refactor.rewrite"]);
  });
}
