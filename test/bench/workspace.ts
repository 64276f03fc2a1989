import { createWorkspace, defaultConfig, type Workspace } from "../../server/src/engine/api.js";
import { lensesIn, symbolsIn } from "../harness/features.js";

/*
 * `npm run bench:workspace`: what a set costs that stands in one file with many others, all rules on, and what a keystroke
 * costs among many files. A set among 3,000 must cost less than three times what one among 300 costs.
 */

const few = 300;
const many = 3_000;
const allowedRatio = 3;
const files = 2_000;
const strict = { ...defaultConfig, profile: "strict" } as const;

const manifests = (name: string, replicas: number) => `apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { clusterIP: None, selector: { app: ${name}, part-of: shop } }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: ${name} }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: ${name} } } }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name} }
spec:
  serviceName: ${name}
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}, part-of: shop } }
    spec: { containers: [{ name: db, image: "postgres:17.2", volumeMounts: [{ name: data, mountPath: /data }] }] }
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
`;

function milliseconds(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

/** What is wrong with all files, and what an editor asks about an open one beside that. */
function ask(workspace: Workspace, open: string): void {
  const analysis = workspace.snapshot();
  for (const uri of analysis.uris()) analysis.findings(uri);
  lensesIn(analysis, open);
  symbolsIn(analysis, open);
}

/** Milliseconds per set for what is asked about one file of so many; reading it is not counted. */
function costOfSet(sets: number): number {
  const uri = "file:///work/all.yaml";
  const workspace = createWorkspace(strict);
  const texts = Array.from({ length: sets }, (_, index) => manifests(`db-${index}`, 3));
  workspace.setFile(uri, texts.join("---\n"));
  workspace.setComplete(true);
  return milliseconds(() => ask(workspace, uri)) / sets;
}

// The engine is compiled while it runs: the first run is not counted.
costOfSet(few);
const [amongFew, amongMany] = [costOfSet(few), costOfSet(many)];
const ratio = amongMany / amongFew;
console.log(`a set among ${few} in one file    ${amongFew.toFixed(2)} ms`);
console.log(`a set among ${many} in one file   ${amongMany.toFixed(2)} ms (${ratio.toFixed(1)} times as much)`);
if (ratio > allowedRatio) {
  console.error(`a set among ${many} costs more than ${allowedRatio} times one among ${few}`);
  process.exitCode = 1;
}

const workspace = createWorkspace(strict);
const uriOf = (index: number) => `file:///work/${index % 20}/${index % 200}/${index}.yaml`;
const change = (replicas: number, comment: string) => {
  workspace.setFile(uriOf(7), manifests("db-7", replicas) + comment);
  ask(workspace, uriOf(7));
};
for (let index = 0; index < files; index++) workspace.setFile(uriOf(index), manifests(`db-${index}`, 3));
workspace.setComplete(true);
console.log(`all of ${files} files              ${milliseconds(() => ask(workspace, uriOf(7))).toFixed(0)} ms`);
console.log(`a comment in one of them       ${milliseconds(() => change(3, "# a comment\n")).toFixed(0)} ms`);
console.log(`its replicas                   ${milliseconds(() => change(4, "")).toFixed(0)} ms`);
