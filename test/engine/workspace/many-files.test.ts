import { describe, test } from "node:test";
import { createWorkspace, defaultConfig } from "../../../server/src/engine/api.js";
import { assertLinear } from "../../harness/linear.js";

/** A set whose Service is in its own file: the least that looks around. */
const manifest = (name: string) => `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name} }
spec: { serviceName: ${name}, selector: { matchLabels: { app: ${name} } } }
---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { clusterIP: None, selector: { app: ${name} } }
`;
const resources = (count: number) => Array.from({ length: count }, (_, index) => `  - db-${index}.yaml\n`).join("");

/** The files of a workspace of so many files, by the part of their way that matters. */
const workspaces: Readonly<Record<string, (count: number) => Iterable<readonly [uri: string, text: string]>>> = {
  *"in one directory"(count) {
    for (let index = 0; index < count; index++) yield [`db-${index}.yaml`, manifest(`db-${index}`)];
  },
  *"each in a directory"(count) {
    for (let index = 0; index < count; index++) yield [`${index}/db.yaml`, manifest(`db-${index}`)];
  },
  *"in one kustomization"(count) {
    yield* workspaces["in one directory"]?.(count) ?? [];
    yield ["kustomization.yaml", `resources:\n${resources(count)}`];
  },
  *"each in a kustomization"(count) {
    for (let index = 0; index < count; index++) {
      yield [`${index}/db-0.yaml`, manifest(`db-${index}`)];
      yield [`${index}/kustomization.yaml`, `resources:\n${resources(1)}`];
    }
  },
};

describe("files are read and judged in time linear in their number", () => {
  for (const [name, filesOf] of Object.entries(workspaces)) {
    test(name, () => {
      assertLinear((count) => {
        const workspace = createWorkspace(defaultConfig);
        for (const [way, text] of filesOf(count)) workspace.setFile(`file:///work/${way}`, text);
        workspace.setComplete(true);
        const analysis = workspace.snapshot();
        for (const uri of analysis.uris()) analysis.findings(uri);
      }, 40);
    });
  }

  // As an editor does while it finds them; what is asked of one file must not cost a look at all of them.
  test("with a file that changes again and again", () => {
    assertLinear((count) => {
      const workspace = createWorkspace(defaultConfig);
      for (let index = 0; index < count; index++) workspace.setFile(`file:///work/db-${index}.yaml`, "kind: Service\n");
      for (let index = 0; index < 20; index++) {
        workspace.setFile("file:///work/db-0.yaml", manifest("db") + `# ${index}\n`);
        workspace.snapshot().findings("file:///work/db-0.yaml");
      }
    }, 1_000);
  });
});
