import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultConfig, resolveConfig } from "../../../server/src/engine/api.js";
import { service, statefulSet } from "../../cli/manifests.js";
import { hoverIn } from "../../harness/features.js";
import { createWorkspace } from "../../harness/workspace.js";

const root = "file:///work/k8s/";

interface Case {
  readonly title: string;
  /** The setting. */
  readonly external?: readonly string[];
  /** Above the StatefulSet `db`. */
  readonly comment?: string;
  /** Beside it, by name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly rules: readonly string[];
}

const otherNamespace = service("db").replace("name: db", "name: db\n  namespace: other");
const notHeadless = service("db").replace("  clusterIP: None\n", "  type: NodePort\n");
const otherPods = service("db", "web");
const lonely = "service-missing hint";

const cases: readonly Case[] = [
  { title: "a Service that nobody makes, where there is none at all", rules: [lonely] },
  { title: "where there are others", files: { "a.yaml": service("web") }, rules: ["service-missing info"] },
  {
    title: "where one selects the pods",
    files: { "a.yaml": service("database", "db") },
    rules: ["service-missing warning"],
  },
  { title: "the setting names it", external: ["web", "db"], rules: [] },
  { title: "a pattern of the setting", external: ["d*"], rules: [] },
  { title: "a pattern for every name", external: ["*"], rules: [] },
  { title: "a pattern for a longer name", external: ["db-*", "*-db", "d.", "D*"], rules: [lonely] },
  { title: "a comment names it", comment: "# ordinal-external-service db -- the operator makes it", rules: [] },
  { title: "one of several in a comment", comment: "# ordinal-external-service vault,d*b", rules: [] },
  { title: "a comment without a name", comment: "# ordinal-external-service -- db", rules: [lonely] },
  { title: "another comment", comment: "# see ordinal-external-service db", rules: [lonely] },
  {
    title: "a comment of another document",
    files: { "a.yaml": `# ordinal-external-service db\n${service("web")}` },
    rules: ["service-missing info"],
  },
  {
    title: "a configuration file",
    files: { ".ordinal.yaml": "externalServices: [d*]" },
    rules: [],
  },
  { title: "the pods of another", files: { "a.yaml": otherPods }, rules: ["service-selector-mismatch error"] },
  { title: "the pods of another, made by others", files: { "a.yaml": otherPods }, external: ["db"], rules: [] },
  { title: "a type that is none", files: { "a.yaml": notHeadless }, rules: ["service-name-type hint"] },
  { title: "a type that is none, made by others", files: { "a.yaml": notHeadless }, external: ["db"], rules: [] },
  {
    title: "another namespace, made by others",
    files: { "a.yaml": otherNamespace },
    comment: "# ordinal-external-service db",
    rules: [],
  },
];
for (const { title, external = [], comment = "", files = {}, rules } of cases) {
  test(title, () => {
    const workspace = createWorkspace({ ...defaultConfig, externalServices: external });
    workspace.setFile(`${root}db.yaml`, `${comment}\n${statefulSet("db")}`);
    for (const [name, text] of Object.entries(files)) workspace.setFile(root + name, text);
    workspace.setComplete(true);
    const found = workspace.snapshot().findings(`${root}db.yaml`);
    assert.deepEqual(
      found.map(({ rule, severity }) => `${rule} ${severity}`),
      rules,
    );
  });
}

test("a comment that comes or goes is heard", () => {
  const workspace = createWorkspace(defaultConfig);
  workspace.setComplete(true);
  const missing = (text: string) => {
    workspace.setFile(`${root}db.yaml`, text);
    return workspace.snapshot().findings(`${root}db.yaml`).length;
  };
  const manifest = statefulSet("db");
  assert.equal(missing(manifest), 1);
  assert.equal(missing(`# ordinal-external-service db\n${manifest}`), 0);
  assert.equal(missing(manifest), 1);
});

test("hovers do not miss it either", () => {
  const workspace = createWorkspace({ ...defaultConfig, externalServices: ["db"] });
  const text = statefulSet("db");
  workspace.setFile(`${root}db.yaml`, text);
  workspace.setComplete(true);
  const { markdown = "" } = hoverIn(workspace.snapshot(), `${root}db.yaml`, text.indexOf("serviceName")) ?? {};
  assert.match(markdown, /governing Service/);
  assert.doesNotMatch(markdown, /No Service|once a Service/);
});

const settings: readonly (readonly [unknown, readonly string[], readonly string[]])[] = [
  [["db"], ["db"], []],
  [[], [], []],
  [null, [], []],
  ["db", [], ['externalServices: `"db"` is not a list']],
  [["db", 3, null], ["db"], ["externalServices.1: `3` is not a text", "externalServices.2: `null` is not a text"]],
];
for (const [given, services, texts] of settings) {
  test(`the setting ${JSON.stringify(given)}`, () => {
    const { config, problems } = resolveConfig({ externalServices: given }, []);
    assert.deepEqual(config.externalServices, services);
    assert.deepEqual(
      problems.map(({ path, text }) => `${path.join(".")}: ${text}`),
      texts,
    );
  });
}
