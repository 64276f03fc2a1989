import assert from "node:assert/strict";
import { test } from "node:test";
import { ordinal } from "../cli/ordinal.js";
import { repo } from "../harness/repo.js";
import { pathWithTools } from "./tools.js";

/** What is played, in the fixtures: the first lines of each plan. */
const plays: readonly (readonly [argv: readonly string[], titles: readonly string[]])[] = [
  [["overlays/dev"], ["create StatefulSet dev-db of overlays/dev"]],
  // A base may be built by itself.
  [["overlays/base"], ["create StatefulSet db of overlays/base"]],
  [
    ["overlays/base/db.yaml"],
    ["create StatefulSet dev-db of overlays/dev", "create StatefulSet prod-db of overlays/prod"],
  ],
  [["overlays/prod/web.yaml"], ["create StatefulSet prod-web of overlays/prod"]],
  [["overlays/dev", "--from", "overlays/dev"], ["update StatefulSet dev-db of overlays/dev"]],
  [["chart/db", "--name", "db-cache"], ["create StatefulSet db-cache of chart/db"]],
  [["chart/db/charts/cache/templates/cache.yaml"], ["create StatefulSet db-cache of chart/db"]],
];
for (const [argv, titles] of plays) {
  test(`ordinal plan --render ${argv.join(" ")}`, async () => {
    const { stdout } = await plan(argv);
    const first = stdout.split("\n").flatMap((line) => /^((?:create|update) .*?): /.exec(line)?.[1] ?? []);
    assert.deepEqual(first, titles);
  });
}

const refusals: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
  [["unbuildable"], /no StatefulSet of apps\/v1 is built from unbuildable\n$/],
  [["chart/other-values.yaml"], /^ordinal: there is no kustomization and no chart with chart\/other-values\.yaml\n$/],
  [["overlays/base/db.yaml", "--format", "json"], /dev-db of overlays\/dev, prod-db of overlays\/prod/],
];
for (const [argv, message] of refusals) {
  test(`ordinal plan --render ${argv.join(" ")} says why it cannot`, async () => {
    const { code, stderr, stdout } = await plan(argv);
    assert.equal(code, 2);
    assert.match(stderr, message);
    assert.equal(stdout, "");
  });
}

function plan(argv: readonly string[]): ReturnType<typeof ordinal> {
  return ordinal(["plan", "--render", ...argv], { cwd: repo("test/render/fixtures"), env: { PATH: pathWithTools } });
}
