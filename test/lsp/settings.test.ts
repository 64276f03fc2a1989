import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test, type TestContext } from "node:test";
import Ajv from "ajv";
import type { ClientCapabilities, DocumentDiagnosticReport, ShowMessageParams } from "vscode-languageserver/node";
import { repo } from "../harness/repo.js";
import { connect, textDocument, type Setup, type TestClient } from "./client.js";
import { retention, statefulSet } from "./manifests.js";

const pull: ClientCapabilities = { textDocument: { diagnostic: {} } };
const asked: ClientCapabilities = {
  ...pull,
  workspace: {
    configuration: true,
    didChangeConfiguration: { dynamicRegistration: true },
    diagnostics: { refreshSupport: true },
  },
};

/** The severity of what is wrong with the document, 1 for an error; `undefined` once the rule is off. */
async function severity(client: TestClient): Promise<number | undefined> {
  const report = await client.request<DocumentDiagnosticReport>("textDocument/diagnostic", textDocument("db.yaml"));
  return report.kind === "full"
    ? report.items.find(({ code }) => code === "retention-no-templates")?.severity
    : undefined;
}

async function opened(t: TestContext, setup: Setup): Promise<TestClient> {
  const client = await connect(t, setup);
  await client.open("db.yaml", statefulSet("db", retention));
  return client;
}

const rule = (value: unknown) => ({ rules: { "retention-no-templates": value } });

const forms: readonly (readonly [string, Setup, number | undefined])[] = [
  ["nothing at all", { capabilities: pull }, 2],
  ["initializationOptions", { capabilities: pull, initializationOptions: rule("error") }, 1],
  [
    "initializationOptions with their section",
    { capabilities: pull, initializationOptions: { ordinal: rule("off") } },
    undefined,
  ],
  ["initializationOptions: null", { capabilities: pull, initializationOptions: null }, 2],
  ["an answer", { capabilities: asked, configuration: () => rule("error") }, 1],
  [
    "an answer over initializationOptions",
    { capabilities: asked, initializationOptions: rule("off"), configuration: () => rule("error") },
    1,
  ],
  ["the answer null", { capabilities: asked, initializationOptions: rule("error"), configuration: () => null }, 1],
  ["the answer {}", { capabilities: asked, initializationOptions: rule("error"), configuration: () => ({}) }, 1],
  [
    "an answer of nulls",
    { capabilities: asked, initializationOptions: rule("error"), configuration: () => ({ rules: null }) },
    1,
  ],
  ["an answer of nonsense", { capabilities: asked, configuration: () => [42, "off"] }, 2],
];
for (const [name, setup, expected] of forms) {
  test(`settings come as ${name}`, async (t) => {
    assert.equal(await severity(await opened(t, setup)), expected);
  });
}

const schema: readonly (readonly [setting: string | undefined, yamlExtension: boolean | undefined, said: boolean])[] = [
  [undefined, undefined, true],
  [undefined, false, true],
  [undefined, true, false],
  ["auto", true, false],
  ["auto", false, true],
  ["on", true, true],
  ["off", false, false],
];
const wrongType = statefulSet("db", retention).replace("replicas: 3", "replicas: three");

async function codes(client: TestClient): Promise<readonly unknown[]> {
  const report = await client.request<DocumentDiagnosticReport>("textDocument/diagnostic", textDocument("db.yaml"));
  return report.kind === "full" ? report.items.map(({ code }) => code) : [];
}

for (const [schemaValidation, yamlExtension, said] of schema) {
  test(`schemaValidation ${schemaValidation}, YAML extension ${yamlExtension}`, async (t) => {
    const setup = { capabilities: pull, initializationOptions: { schemaValidation, yamlExtension } };
    const client = await connect(t, setup);
    await client.open("db.yaml", wrongType);
    const found = await codes(client);
    assert.equal(found.includes("schema-type"), said);
    assert.ok(found.includes("retention-no-templates"), "the other rules stay");
  });
}

test("schema findings follow the YAML extension as it comes and goes, and a severity of their own asks for them", async (t) => {
  const client = await connect(t, { capabilities: asked, configuration: () => ({ schemaValidation: "auto" }) });
  await client.open("db.yaml", wrongType);
  assert.ok((await codes(client)).includes("schema-type"));
  const tell = (settings: object) => client.notify("workspace/didChangeConfiguration", { settings });
  await tell({ ordinal: { yamlExtension: true } });
  await client.next("workspace/diagnostic/refresh");
  assert.ok(!(await codes(client)).includes("schema-type"));

  const other = await connect(t, {
    capabilities: pull,
    initializationOptions: { yamlExtension: true, rules: { "schema-type": "error" } },
  });
  await other.open("db.yaml", wrongType);
  assert.ok((await codes(other)).includes("schema-type"));
});

const errorsOfYaml: readonly (readonly [what: string, text: string, rule: string])[] = [
  ["a bracket that stays open", statefulSet("db").replace("name: db", "name: { db"), "yaml-syntax"],
  [
    "a key twice",
    statefulSet("db").replace("  replicas: 3\n", "  replicas: 3\n  replicas: 4\n"),
    "schema-duplicate-key",
  ],
];
for (const [what, text, rule] of errorsOfYaml) {
  test(`${what} is left to another extension that reads YAML`, async (t) => {
    const isReported = async (options: object) => {
      const client = await connect(t, { capabilities: pull, initializationOptions: options });
      await client.open("db.yaml", text);
      return (await codes(client)).includes(rule);
    };
    assert.equal(await isReported({}), true);
    assert.equal(await isReported({ yamlExtension: false, yamlParser: true }), false);
    assert.equal(await isReported({ yamlExtension: false, yamlParser: false }), true);
    assert.equal(await isReported({ yamlParser: true, schemaValidation: "on" }), true);
    assert.equal(await isReported({ yamlParser: true, rules: { [rule]: "error" } }), true);
  });
}

test("what only Kubernetes refuses in YAML is reported beside another extension that reads YAML", async (t) => {
  const client = await connect(t, { capabilities: pull, initializationOptions: { yamlParser: true } });
  await client.open("db.yaml", `%YAML 1.2\n---\n${statefulSet("db")}`);
  assert.ok((await codes(client)).includes("yaml-syntax"));
});

test("settings that are sent count from then on", async (t) => {
  const client = await opened(t, { capabilities: pull });
  await client.notify("workspace/didChangeConfiguration", { settings: { ordinal: rule("error") } });
  assert.equal(await severity(client), 1);
  await client.notify("workspace/didChangeConfiguration", { settings: null });
  assert.equal(await severity(client), 2);
});

test("who answers is asked again after a change, and asks again itself", async (t) => {
  let value = "hint";
  const client = await opened(t, { capabilities: asked, configuration: () => rule(value) });
  const registered = await client.next<{ registrations: { method: string; registerOptions: unknown }[] }>(
    "client/registerCapability",
  );
  assert.deepEqual(
    registered.registrations.map(({ method, registerOptions }) => ({ method, registerOptions })),
    [{ method: "workspace/didChangeConfiguration", registerOptions: { section: "ordinal" } }],
  );
  assert.equal(await severity(client), 4);
  value = "error";
  await client.notify("workspace/didChangeConfiguration", { settings: null });
  await client.next("workspace/diagnostic/refresh");
  assert.equal(await severity(client), 1);
});

test("nothing is registered with who cannot take it", async (t) => {
  const client = await opened(t, { capabilities: pull, folders: [""] });
  await severity(client);
  assert.deepEqual(client.all("client/registerCapability"), []);
});

test("what cannot be used is said once", async (t) => {
  const client = await opened(t, { capabilities: pull, initializationOptions: { kubernetesVersion: "latest" } });
  const { type, message } = await client.next<ShowMessageParams>("window/showMessage");
  assert.equal(type, 2);
  assert.match(message, /^Ordinal: setting ordinal\.kubernetesVersion: `"latest"` is not a Kubernetes version/);
  await client.notify("workspace/didChangeConfiguration", { settings: rule("error") });
  assert.equal(await severity(client), 1);
  assert.equal(client.all("window/showMessage").length, 1);
});

test("options of rules count, and what is wrong with them is said", async (t) => {
  const options = {
    "antiaffinity-missing": { severity: "warning", minReplicas: 3 },
    "state-on-emptydir": { path: [] },
  };
  const client = await opened(t, { capabilities: pull, initializationOptions: { rules: options } });
  const { message } = await client.next<ShowMessageParams>("window/showMessage");
  assert.equal(
    message,
    "Ordinal: setting ordinal.rules.state-on-emptydir.path: Option `path` does not exist. Did you mean `paths`?",
  );
  assert.ok((await codes(client)).includes("antiaffinity-missing"));
  const more = { "antiaffinity-missing": { severity: "warning", minReplicas: 4 } };
  await client.notify("workspace/didChangeConfiguration", { settings: { ordinal: { rules: more } } });
  assert.ok(!(await codes(client)).includes("antiaffinity-missing"));
});

test("an editor that never answers does not keep its user waiting for ever", async (t) => {
  const client = await opened(t, { capabilities: asked, configuration: () => new Promise(() => {}) });
  assert.equal(await severity(client), 2);
});

test("the schema of the settings takes their defaults, as the server does, and no other names", async (t) => {
  const schema = JSON.parse(readFileSync(repo("docs/ordinal-settings.schema.json"), "utf8")) as Schema;
  const isValid = new Ajv.default({ strict: false }).compile(schema);
  const given = defaultsOf(schema);
  assert.ok(isValid(given), JSON.stringify(isValid.errors));
  assert.equal(isValid({ ...given, rulez: {} }), false);
  assert.equal(isValid({ inlayHints: { pod: true } }), false);
  const client = await connect(t, { initializationOptions: given });
  await client.open("db.yaml", statefulSet("db", retention));
  await client.next("textDocument/publishDiagnostics", () => true);
  assert.deepEqual(client.all("window/showMessage"), []);
});

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly default?: unknown;
}

function defaultsOf({ properties = {} }: Schema): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, schema]) => {
      if (schema.default !== undefined) return [[name, schema.default]];
      return schema.properties === undefined ? [] : [[name, defaultsOf(schema)]];
    }),
  );
}
