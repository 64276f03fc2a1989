import assert from "node:assert/strict";
import { test } from "node:test";
import { titleAmong, type Titled } from "../../client/src/panel-titles.js";

const open = (path: string, fields: Partial<Titled> = {}): Titled => ({
  name: "db",
  namespace: undefined,
  path,
  build: undefined,
  ...fields,
});

const cases: readonly (readonly [string, readonly Titled[], readonly string[]])[] = [
  ["one", [open("/k8s/db.yaml")], ["db"]],
  ["of different names", [open("/k8s/db.yaml"), open("/k8s/web.yaml", { name: "web" })], ["db", "web"]],
  ["of a hostile name", [open("/k8s/db.yaml", { name: "d\u001bb\u202e" })], ["d\\u001bb\\u202e"]],
  ["in two files", [open("/k8s/db.yaml"), open("/k8s/other.yaml")], ["db (db.yaml)", "db (other.yaml)"]],
  ["in two folders", [open("/k8s/dev/db.yaml"), open("/k8s/prod/db.yaml")], ["db (dev)", "db (prod)"]],
  ["at two depths", [open("/db.yaml"), open("/prod/db.yaml")], ["db (/db.yaml)", "db (prod)"]],
  [
    "where no part alone tells them apart",
    [open("/a/x/db.yaml"), open("/b/x/db.yaml"), open("/b/y/db.yaml")],
    ["db (a)", "db (b/x/db.yaml)", "db (y)"],
  ],
  [
    "in two namespaces of one file",
    [open("/db.yaml", { namespace: "dev" }), open("/db.yaml")],
    ["db (dev)", "db (no namespace)"],
  ],
  [
    "in two namespaces, and in another file",
    [open("/db.yaml", { namespace: "dev" }), open("/db.yaml", { namespace: "prod" }), open("/other.yaml")],
    ["db (db.yaml, dev)", "db (db.yaml, prod)", "db (other.yaml)"],
  ],
  ["built", [open("/prod", { build: "overlays/prod" })], ["db (overlays/prod)"]],
];
for (const [name, panels, titles] of cases) {
  test(`the titles of previews: ${name}`, () => {
    assert.deepEqual(
      panels.map((panel) => titleAmong(panel, panels)),
      titles.map((title) => `Rollout: ${title}`),
    );
  });
}
