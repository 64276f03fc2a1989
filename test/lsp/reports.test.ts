import assert from "node:assert/strict";
import { test } from "node:test";
import { createWorkspace, defaultConfig } from "../../server/src/engine/api.js";
import { createReports } from "../../server/src/lsp/reports.js";

const service = (name: string, clusterIP = "None") => `apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { clusterIP: ${clusterIP}, selector: { app: ${name} } }
`;
const statefulSet = (name: string, image = "postgres:17") => `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name} }
spec:
  serviceName: ${name}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, image: "${image}" }] }
`;
const manifests = (name: string, image?: string) => `${service(name)}---\n${statefulSet(name, image)}`;

test("after a keystroke, a look is taken at the edited file and those that point into it", () => {
  const uriOf = (number: number) => `file:///work/${number}.yaml`;
  const workspace = createWorkspace(defaultConfig);
  for (let number = 0; number < 50; number++) workspace.setFile(uriOf(number), manifests(`db-${number}`));
  // The Service has an IP, which is reported at the set, with a pointer to the Service.
  workspace.setFile(uriOf(7), service("db-7", "10.0.0.7"));
  workspace.setFile(uriOf(50), statefulSet("db-7"));
  workspace.setComplete(true);

  let looks: string[] = [];
  const reports = createReports(
    "session",
    () => workspace.snapshot(),
    (uri, analysis) => {
      looks.push(uri);
      const findings = analysis.findings(uri);
      return { diagnostics: [], others: findings.flatMap(({ related }) => related.map((one) => one.uri)) };
    },
    () => assert.fail("a look fails"),
  );
  const looksOf = (change: () => void) => {
    change();
    looks = [];
    for (const uri of workspace.snapshot().uris()) reports.of(uri);
    return looks.length;
  };
  assert.equal(
    looksOf(() => {}),
    51,
  );
  assert.equal(
    looksOf(() => {}),
    0,
  );
  assert.equal(
    looksOf(() => workspace.setFile(uriOf(3), manifests("db-3", "postgres:18"))),
    1,
  );

  const { state } = workspace.snapshot();
  assert.equal(
    looksOf(() => workspace.setFile(uriOf(7), `# a comment\n${service("db-7", "10.0.0.7")}`)),
    2,
  );
  const changed = workspace.snapshot().changedSince(state) ?? [];
  assert.deepEqual([...reports.concernedBy(changed)].toSorted(), [uriOf(50), uriOf(7)].toSorted());
  assert.equal(
    looksOf(() => workspace.setFile(uriOf(3), manifests("db-x"))),
    51,
    "another name",
  );
});
