import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { statefulSet } from "../../cli/manifests.js";
import { directoryWith, ordinal } from "../../cli/ordinal.js";
import { initialise, write } from "../../harness/git.js";
import { repo } from "../../harness/repo.js";
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
  [
    ["with-chart"],
    /^ordinal: with-chart was not built: it holds helmCharts; give the output of "kustomize build --enable-helm"/,
  ],
  [["unbuildable"], /no StatefulSet of apps\/v1 is built from unbuildable\n$/],
  [["chart/other-values.yaml"], /^ordinal: No kustomization and no chart with chart\/other-values\.yaml\n$/],
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

test("ordinal plan --render of a set that no patch completes says that it is a part", async (context) => {
  const cwd = directoryWith(context, {
    "kustomization.yaml": "resources: [db.yaml]\n",
    "db.yaml": "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db }\nspec: { replicas: 3 }\n",
  });
  const { code, stderr } = await ordinal(["plan", "--render", "."], { cwd, env: { PATH: pathWithTools } });
  assert.equal(code, 2);
  assert.match(stderr, /^ordinal: \. cannot be played: this is a part of a StatefulSet/);
});

/** What `plan` without a tool says of templates and directories. */
const unrendered: readonly (readonly [file: string, code: number, message: RegExp])[] = [
  ["plain/templates/set.yaml", 0, /^create StatefulSet release-name-plain of the chart's default values: /],
  [
    "chart/db/templates/statefulset.yaml",
    1,
    /^create StatefulSet release-name-db of the chart's default values: rejected by [^]*podManagementPolicy is at chart\/db\/values\.yaml:3\n/,
  ],
  ["chart/db/charts/cache/templates/cache.yaml", 2, /comes to: another chart may set them; --render plays/],
  [
    "chart/db/templates/service.yaml",
    2,
    /no StatefulSet of apps\/v1 can be read in chart\/db\/templates\/service\.yaml, a template/,
  ],
  [
    "overlays/dev",
    2,
    /^ordinal: overlays\/dev is a directory. Use --render to play what kustomize or helm builds from it\n/,
  ],
];
for (const [file, expected, message] of unrendered) {
  test(`ordinal plan ${file}`, async () => {
    const { code, stderr, stdout } = await ordinal(["plan", file], { cwd: repo("test/node/render/fixtures") });
    assert.equal(code, expected);
    assert.match(stdout + stderr, message);
  });
}

test("a template far from any project is played as its chart renders it", async () => {
  const template = repo("test/node/render/fixtures/plain/templates/set.yaml");
  const directory = mkdtempSync(path.join(tmpdir(), "ordinal-"));
  try {
    cpSync(repo("test/node/render/fixtures/plain"), path.join(directory, "plain"), { recursive: true });
    const copy = path.join(directory, "plain", "templates", path.basename(template));
    const { code, stdout } = await ordinal(["plan", "--render", copy], {
      cwd: repo("test/node/render/fixtures"),
      env: { PATH: pathWithTools },
    });
    assert.equal(code, 0);
    assert.match(stdout, /^create StatefulSet plain-plain of /);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

function plan(argv: readonly string[]): ReturnType<typeof ordinal> {
  return ordinal(["plan", "--render", ...argv], {
    cwd: repo("test/node/render/fixtures"),
    env: { PATH: pathWithTools },
  });
}

test("what the real tools build of a revision is compared with what they build now", async (context) => {
  const template = statefulSet("db", ["replicas: {{ .Values.replicas }}"]);
  const cwd = directoryWith(context, {
    "base/db.yaml": statefulSet("db"),
    "base/kustomization.yaml": "resources: [db.yaml]\n",
    "prod/kustomization.yaml": "resources: [../base]\nnamePrefix: prod-\n",
    "chart/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
    "chart/values.yaml": "replicas: 1\n",
    "chart/templates/db.yaml": template,
    "big.yaml": "replicas: 2\n",
  });
  initialise(cwd);
  write(cwd, {
    "prod/kustomization.yaml": "resources: [../base]\nnamePrefix: prod-\nimages: [{ name: postgres, newTag: x }]\n",
    "chart/templates/db.yaml": template.replace("{{ .Values.replicas }}", "{{ add .Values.replicas 1 }}"),
  });
  const argv = ["plan", "--from", "HEAD", "--render", "--values", "big.yaml", "--format", "markdown"];
  const { stdout, stderr, code } = await ordinal(argv, { cwd, env: { PATH: pathWithTools } });
  assert.deepEqual([code, stderr], [0, ""]);
  assert.deepEqual(
    [...stdout.matchAll(/^\| `(.*?)` \| (.*) \|$/gm)].map(([, set, effect]) => [set, effect]),
    [
      ["prod-db of prod", "Restarts 1 pod, about 4 s"],
      ["db of chart", "Creates 1 pod, about 2 s"],
    ],
  );
});
