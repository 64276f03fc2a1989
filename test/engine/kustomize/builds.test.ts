import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultConfig } from "../../../server/src/engine/api.js";
import { defaultRelease } from "../../../server/src/engine/kubernetes/versions.js";
import { createComposedBuilds } from "../../../server/src/engine/builds/composed.js";
import { WorkspaceFiles } from "../../../server/src/engine/workspace/workspace.js";
import { root } from "../../harness/workspace.js";

const service = (name: string) => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  clusterIP: None
`;

function filesWith(texts: Readonly<Record<string, string>>): WorkspaceFiles {
  const files = new WorkspaceFiles({ settings: defaultConfig, flags: {} });
  for (const [name, text] of Object.entries(texts)) files.setFile(root + name, text);
  return files;
}

const overlay = "resources: [../base]\nnamePrefix: x-\ncommonLabels: { team: blue }\n";

describe("a build is made anew only as far as its files have changed", () => {
  const files = filesWith({
    "base/kustomization.yaml": "resources: [one.yaml, two.yaml]\n",
    "base/one.yaml": service("one"),
    "base/two.yaml": `${service("two")}---\n${service("three")}`,
    "prod/kustomization.yaml": overlay,
    "other/kustomization.yaml": "resources: [set.yaml]\n",
    "other/set.yaml": service("four"),
  });
  const buildsOf = createComposedBuilds(() => defaultRelease);
  const builds = (name: string) => buildsOf(files.snapshot).of(root + name);
  const resourcesOf = (name: string, document = 0) =>
    builds(name)[0]
      ?.touchedBy({ uri: root + name, document })
      .map(({ composed }) => composed);

  test("the other resources of a build, and the other builds, stay the same objects", () => {
    const before = { build: builds("base/one.yaml")[0], other: builds("other/set.yaml")[0] };
    const resources = {
      one: resourcesOf("base/one.yaml"),
      two: resourcesOf("base/two.yaml"),
      three: resourcesOf("base/two.yaml", 1),
    };
    files.setFile(`${root}base/two.yaml`, `${service("renamed")}---\n${service("three")}`);
    assert.notEqual(builds("base/one.yaml")[0], before.build);
    assert.equal(builds("other/set.yaml")[0], before.other);
    assert.deepEqual(
      resourcesOf("base/two.yaml")?.map(({ id }) => id.name),
      ["x-renamed"],
    );
    assert.equal(resourcesOf("base/one.yaml")?.[0], resources.one?.[0]);
    assert.equal(resourcesOf("base/two.yaml", 1)?.[0], resources.three?.[0]);
    assert.notEqual(resourcesOf("base/two.yaml")?.[0], resources.two?.[0]);
  });

  test("a comment leaves what the resources see of each other as it is", () => {
    const before = builds("base/one.yaml")[0];
    files.setFile(`${root}base/one.yaml`, `# a comment\n${service("one")}`);
    assert.notEqual(builds("base/one.yaml")[0], before);
    assert.equal(builds("base/one.yaml")[0]?.unit, before?.unit);
    files.setFile(`${root}base/one.yaml`, service("first"));
    assert.notEqual(builds("base/one.yaml")[0]?.unit, before?.unit);
  });

  test("a file that no build reads changes none", () => {
    const before = builds("base/one.yaml")[0];
    files.setFile(`${root}loose.yaml`, service("loose"));
    assert.equal(builds("base/one.yaml")[0], before);
    assert.deepEqual(builds("loose.yaml"), []);
  });

  test("a file that was missing is read as soon as it is there", () => {
    files.setFile(`${root}other/kustomization.yaml`, "resources: [set.yaml, late.yaml]\n");
    assert.equal(builds("other/set.yaml")[0]?.unit.known, false);
    files.setFile(`${root}other/late.yaml`, service("late"));
    assert.equal(builds("other/set.yaml")[0]?.unit.known, true);
  });
});

describe("hostile kustomizations end soon", () => {
  const cases: Readonly<Record<string, string>> = {
    "includes of itself by many ways": `resources: [${Array.from({ length: 200 }, (_, index) => `../a${"/.".repeat(index)}`).join(", ")}, set.yaml]\n`,
    "a name that takes a regular expression for ever": `resources: [set.yaml]\npatches:\n  - target: { name: "(a*)*(a*)*(a*)*b" }\n    patch: '[{"op": "remove", "path": "/spec"}]'\n`,
    "many stars": `resources: [set.yaml]\npatches:\n  - target: { name: "${"a*".repeat(90)}b" }\n    patch: '[{"op": "remove", "path": "/spec"}]'\n`,
    "a deep list": `resources: ${"[".repeat(5000)}\n`,
    "a path above all": `resources: [${"../".repeat(500)}etc, set.yaml]\n`,
    "not a map": "- resources\n",
    binary: "\0\u0001\u0002",
  };
  for (const [title, kustomization] of Object.entries(cases)) {
    test(title, () => {
      const files = filesWith({ "a/kustomization.yaml": kustomization, "a/set.yaml": service("a".repeat(200)) });
      const builds = createComposedBuilds(() => defaultRelease)(files.snapshot);
      for (const build of builds.of(`${root}a/set.yaml`)) build.touchedBy({ uri: `${root}a/set.yaml`, document: 0 });
      assert.equal(builds.isPatch(`${root}a/set.yaml`), false);
    });
  }

  test("components that include each other by two ways each", () => {
    const texts: Record<string, string> = {
      "top/kustomization.yaml": "resources: [set.yaml]\ncomponents: [../c0, ../c0]\n",
      "top/set.yaml": service("a"),
    };
    for (let index = 0; index < 40; index++) {
      texts[`c${index}/kustomization.yaml`] = `kind: Component\ncomponents: [../c${index + 1}, ../c${index + 1}]\n`;
    }
    const builds = createComposedBuilds(() => defaultRelease)(filesWith(texts).snapshot).of(`${root}top/set.yaml`);
    assert.equal(builds[0]?.unit.known, false);
  });
});
