import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import type * as messagesModule from "../../../client/src/webview/messages.js";
import type * as modelModule from "../../../client/src/webview/model.js";
import type * as whatIfModule from "../../../client/src/webview/what-if.js";
import type * as apiModule from "../../../server/src/engine/api.js";
import type * as fieldsModule from "../../../server/src/engine/rollout/fields.js";
import type * as schemaModule from "../../../server/src/engine/rollout/schema.js";
import type * as featuresModule from "../../harness/features.js";
import { statefulSet } from "../../cli/manifests.js";
import { changedCopy } from "../../harness/changed-copy.js";
import { describeSlow } from "../../harness/fast.js";
import { manifestOf, written } from "../../client/specs.js";

/** A field that no API server has, as one entry of the table. */
const toy = `toySeconds: {
  path: "spec.toy.seconds",
  form: count,
  standard: 7,
  control: { label: "toy", row: "more", order: 9 },
  doc: { summary: "How long one may play.", page: "docs/toys/" },
},`;

describeSlow("a field that is added as one entry", () => {
  const engine = "server/src/engine";
  const { root, load } = changedCopy([engine, "client/src/webview", "test/harness"]);
  before(() => {
    const file = path.join(root, engine, "kubernetes/rollout-fields.js");
    const table = "export const rolloutFields = {";
    const text = readFileSync(file, "utf8");
    assert.ok(text.includes(table));
    writeFileSync(file, text.replace(table, `${table}\n${toy}`));
  });
  after(() => rmSync(root, { recursive: true }));

  const manifest = statefulSet("db", ["toy:", "  seconds: 5"]);
  const analysisOf = async (text: string) => {
    const { createWorkspace, defaultConfig } = await load<typeof apiModule>(`${engine}/api.js`);
    const workspace = createWorkspace(defaultConfig);
    workspace.setFile("file:///db.yaml", text);
    return workspace.snapshot();
  };
  /** The spec of the set, or what of it cannot be read. */
  const readIn = async (text: string) => {
    const { readPlayable } = await load<typeof apiModule>(`${engine}/api.js`);
    const [set] = (await analysisOf(text)).statefulSets("file:///db.yaml");
    assert.ok(set !== undefined);
    const { written: spec, obstacles } = readPlayable(set.statefulSet);
    return obstacles.length > 0 ? obstacles : spec;
  };

  test("is read", async () => {
    assert.deepEqual(
      Object.entries(await readIn(manifest)).find(([name]) => name === "toy"),
      ["toy", { seconds: 5 }],
    );
    const unknown = await readIn(manifest.replace("seconds: 5", "seconds: five"));
    assert.deepEqual(unknown, [{ type: "invalid", path: "spec.toy.seconds" }]);
  });

  test("has a hover with its default", async () => {
    const { hoverIn } = await load<typeof featuresModule>("test/harness/features.js");
    const hover = hoverIn(await analysisOf(manifest), "file:///db.yaml", manifest.indexOf("seconds:"));
    assert.match(hover?.markdown ?? "", /How long one may play\.[^]*Default: `7`/);
  });

  test("has a control, whose value is played and written to the manifest", async () => {
    const { controlNames, controlOf, withField } = await load<typeof fieldsModule>(`${engine}/rollout/fields.js`);
    const { editsOf, noWhatIf } = await load<typeof whatIfModule>("client/src/webview/what-if.js");
    const name = controlNames.find((one) => controlOf(one).label === "toy");
    assert.ok(name !== undefined);
    const edits = editsOf(written({}), { ...noWhatIf, [name]: 3 });
    assert.equal(JSON.stringify(edits), '[{"field":"spec.toy.seconds","value":3}]');
    assert.deepEqual(editsOf(withField(written({}), name, 3), { ...noWhatIf, [name]: 3 }), []);
  });

  test("is guarded in messages, in what is remembered and in edits", async () => {
    const { toHost, toPage } = await load<typeof messagesModule>("client/src/webview/messages.js");
    const { firstChoices } = await load<typeof modelModule>("client/src/webview/model.js");
    const { read } = await load<typeof schemaModule>(`${engine}/rollout/schema.js`);
    const { whatIf } = firstChoices;
    const shows = (seconds: unknown) => ({
      type: "show",
      ...manifestOf(Object.assign(written({}), { toy: { seconds } }), written({})),
    });
    const supposes = (seconds: unknown) => ({
      type: "choices",
      choices: { ...firstChoices, whatIf: { ...whatIf, toySeconds: seconds } },
    });
    const writes = (value: unknown) => ({ type: "write", edits: [{ field: "spec.toy.seconds", value }] });
    for (const [seconds, isTaken] of [
      [3, true],
      ["3", false],
    ] as const) {
      assert.equal(read(toPage, shows(seconds)) !== undefined, isTaken);
      assert.equal(read(toPage, supposes(seconds)) !== undefined, isTaken);
      assert.equal(read(toHost, writes(seconds)) !== undefined, isTaken);
    }
  });
});
