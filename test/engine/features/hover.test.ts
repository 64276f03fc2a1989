import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { defaultConfig, parseRelease, type Analysis } from "../../../server/src/engine/api.js";
import { statefulSetDocs } from "../../../server/src/engine/kubernetes/docs/statefulset.js";
import { parse } from "../../../server/src/engine/yaml/parse.js";
import type { Place } from "../../../server/src/engine/yaml/place.js";
import { repo } from "../../harness/repo.js";
import { analyse, filesOf, root } from "../../harness/workspace.js";
import { hoverIn } from "../../harness/features.js";
import { many, sampled } from "../../harness/fast.js";

const directory = repo("test", "engine", "features", "fixtures");

/**
 * Every `$0` of `NAME.yaml` is a cursor; `NAME.md` holds what is shown there. `# kubernetes: 1.37` chooses the release.
 */
function check(name: string): void {
  const fixture = readFileSync(`${directory}/${name}.yaml`, "utf8");
  const release = parseRelease(/^# kubernetes: (\S+)$/m.exec(fixture)?.[1] ?? "");
  const config = { ...defaultConfig, kubernetesVersion: release ?? defaultConfig.kubernetesVersion };
  const analysis = analyse(fixture.replaceAll("$0", ""), config);
  const shown = [...filesOf(fixture)].flatMap(([file, text]) => hovers(analysis, root + file, text)).join("\n\n");
  const golden = `${directory}/${name}.md`;
  if (process.env["UPDATE"] === "1") writeFileSync(golden, `${shown}\n`);
  assert.equal(`${shown}\n`, readFileSync(golden, "utf8"), "UPDATE=1 npm test -- hover rewrites the pages");
}

function hovers(analysis: Analysis, uri: string, text: string): readonly string[] {
  return [...text.matchAll(/\$0/g)].map((cursor, earlier) => {
    const line = text.slice(text.lastIndexOf("\n", cursor.index) + 1).split("\n", 1)[0] ?? "";
    const hover = hoverIn(analysis, uri, cursor.index - earlier * "$0".length);
    return `# ${line.trim()}\n\n${hover?.markdown ?? "Nothing."}`;
  });
}

describe("hover", () => {
  for (const file of readdirSync(directory)) {
    if (file.endsWith(".yaml")) test(file, () => check(file.slice(0, -".yaml".length)));
  }

  test("an empty line, a comment and a chart's template say nothing", () => {
    const text = "# kind\napiVersion: apps/v1\n\nkind: StatefulSet\nmetadata: {name: a}\n";
    const uri = `${root}main.yaml`;
    for (const offset of [3, text.indexOf("\n\n") + 1, text.length]) {
      assert.equal(hoverIn(analyse(text), uri, offset), undefined, `at ${offset}`);
    }
    const template = text.replace("name: a", 'name: "{{ .Release.Name }}"');
    assert.equal(hoverIn(analyse(template), uri, template.indexOf("kind: S")), undefined);
    assert.equal(hoverIn(analyse(text), `${root}other.yaml`, 0), undefined);
  });
});

/** The StatefulSetSpec of k8s.io/api apps/v1 types.go, equal from Kubernetes 1.29 to 1.37. */
const statefulSetSpec = [
  "replicas",
  "selector",
  "selector.matchLabels",
  "selector.matchExpressions",
  "template",
  "volumeClaimTemplates",
  "serviceName",
  "podManagementPolicy",
  "updateStrategy",
  "updateStrategy.type",
  "updateStrategy.rollingUpdate",
  "updateStrategy.rollingUpdate.partition",
  "updateStrategy.rollingUpdate.maxUnavailable",
  "revisionHistoryLimit",
  "minReadySeconds",
  "persistentVolumeClaimRetentionPolicy",
  "persistentVolumeClaimRetentionPolicy.whenDeleted",
  "persistentVolumeClaimRetentionPolicy.whenScaled",
  "ordinals",
  "ordinals.start",
];

interface Recorded {
  readonly id: string;
  readonly kind: "create" | "update" | "service";
  readonly accepted: boolean;
  readonly yaml: string;
}

const recordings = readFileSync(repo("test", "truth", "validation.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Recorded);

describe("field docs", () => {
  test("there is one for every field of a StatefulSetSpec", () => {
    assert.deepEqual(
      statefulSetSpec.filter((field) => !Object.hasOwn(statefulSetDocs.fields, `spec.${field}`)),
      [],
    );
  });

  test("and for every field that the real API server has taken, the insides of pods and claims apart", () => {
    const taken = new Set(
      recordings
        .filter(({ kind, accepted }) => kind !== "service" && accepted)
        .flatMap(({ yaml }) => fieldsBelow(parse(yaml).root.at("spec"), "spec")),
    );
    assert.ok(taken.has("spec.updateStrategy.rollingUpdate.maxUnavailable"), "the recordings were read");
    assert.deepEqual(
      [...taken].filter((field) => !isCovered(field)),
      [],
    );
  });

  test("a page is on kubernetes.io, a summary is whole sentences", () => {
    for (const [field, doc] of Object.entries(statefulSetDocs.fields)) {
      assert.match(doc.page, /^docs\/[a-z0-9/-]+\/(?:#[a-z0-9-]+)?$/, field);
      assert.match(doc.summary, /^[^a-z].*[.]$/, field);
    }
  });
});

function fieldsBelow(place: Place, name: string): readonly string[] {
  if (name === "spec.template" || name === "spec.volumeClaimTemplates") return [name];
  return [
    ...(name === "spec" ? [] : [name]),
    ...place.entries().flatMap(([key, child]) => fieldsBelow(child, `${name}.${key}`)),
  ];
}

function isCovered(field: string): boolean {
  if (Object.hasOwn(statefulSetDocs.fields, field)) return true;
  const above = Object.entries(statefulSetDocs.fields).filter(([, doc]) => doc.coversBelow);
  return above.some(([name]) => field.startsWith(`${name}.`));
}

test("whatever the manifest, a hover is about what is under the cursor", () => {
  const uri = `${root}main.yaml`;
  let shown = 0;
  for (const { id, yaml } of sampled(recordings)) {
    const analysis = analyse(yaml);
    for (const { index } of yaml.matchAll(/\S+/g)) {
      const hover = hoverIn(analysis, uri, index);
      if (hover === undefined) continue;
      shown++;
      assert.ok(hover.span.start <= index && index <= hover.span.end, `${id} at ${index}`);
      assert.doesNotMatch(hover.markdown, /undefined|NaN|\[object/, id);
    }
  }
  assert.ok(shown > many(1000));
});
