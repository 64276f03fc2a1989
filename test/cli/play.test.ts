import assert from "node:assert/strict";
import { test } from "node:test";
import { checkGolden } from "./golden.js";
import { statefulSet } from "./manifests.js";
import { directoryWith, ordinal } from "./ordinal.js";

const budget = (limit: string, selector = "{ matchLabels: { app: db } }"): string => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: db }
spec: { ${limit}, selector: ${selector} }
`;

const files = {
  "db.yaml": statefulSet("db", ["replicas: 3"]),
  "web.yaml": statefulSet("web", ["replicas: 2"]),
  "pdb.yaml": budget("maxUnavailable: 1"),
  "none.yaml": budget("maxUnavailable: 0"),
  "refused.yaml": budget("minAvailable: 1, maxUnavailable: 1"),
  "listed.yaml":
    "- { name: one, zone: a, labels: { disk: ssd } }\n- { name: two, zone: b, taints: [{ key: gpu, effect: NoSchedule }] }\n- three\n",
  "twice.yaml": "[one, one]\n",
  "odd.yaml": "- { name: one, rack: r1 }\n",
  "upgrade.yaml": "play:\n  do: drain-all\n  nodes: 3\n  zones: [a, b, c]\n  surge: true\n",
  "rollout.yaml":
    "play: { do: drain-node, node: node-1, nodes: 3, rollout: true }\nfaults:\n  - { ordinals: [2], revision: new, effect: neverReady }\n",
  "named.yaml": "play: { do: lose-node, node: two, nodes: [one, { name: two, zone: b }] }\n",
  "zone.yaml": "play: { do: lose-zone, zone: b, nodes: 3, zones: [a, b] }\n",
  "smaller.yaml": "play: { do: scale-down, to: 1, nodes: 3, nodeSeconds: 30, volumes: node }\n",
  "unknown.yaml": "play: { do: drain-all, node: 3, racks: 2 }\n",
  "acting.yaml": "play: { do: drain-all, nodes: 3 }\nactions: [{ do: restart }]\n",
};

const goldens: readonly (readonly [golden: string, argv: readonly string[], code: number])[] = [
  ["drain-all.play.txt", ["--play", "drain-all", "--nodes", "3", "--zones", "a,b,c", "db.yaml", "pdb.yaml"], 0],
  ["hangs.play.txt", ["--play", "drain-all", "--nodes", "2", "db.yaml", "none.yaml", "web.yaml"], 1],
  ["listed.play.txt", ["--play", "drain-node", "--node", "one", "--nodes", "listed.yaml", "db.yaml", "pdb.yaml"], 0],
  ["surge.play.txt", ["--scenario", "upgrade.yaml", "db.yaml", "pdb.yaml"], 0],
  ["rollout.play.txt", ["--scenario", "rollout.yaml", "db.yaml", "pdb.yaml"], 1],
  ["lose-zone.play.txt", ["--scenario", "zone.yaml", "db.yaml"], 0],
  ["scale-down.play.txt", ["--scenario", "smaller.yaml", "db.yaml", "pdb.yaml"], 0],
  ["lose-node.play.txt", ["--scenario", "named.yaml", "web.yaml", "pdb.yaml"], 0],
];
for (const [golden, argv, expected] of goldens) {
  test(`ordinal plan ${argv.join(" ")}`, async (context) => {
    const { code, stdout, stderr } = await ordinal(["plan", ...argv], { cwd: directoryWith(context, files) });
    checkGolden(golden, stdout);
    assert.deepEqual([code, stderr], [expected, ""]);
  });
}

test("a manifest that is applied as it runs restarts nothing", async (context) => {
  const written = statefulSet("db", ["replicas: 3"]).replace("containers:", "restartPolicy: Always\n      containers:");
  const cwd = directoryWith(context, { ...files, "same.yaml": written });
  const argv = ["plan", "--play", "drain-node", "--node", "node-0", "--nodes", "3", "--from", "db.yaml", "same.yaml"];
  const { code, stdout } = await ordinal(argv, { cwd });
  assert.equal(code, 0);
  assert.match(stdout, / {2}db is applied: its template stays the same\n/);
  assert.doesNotMatch(stdout, /db-[12] is deleted/);
});

test("what the API server refuses is not played", async (context) => {
  const cwd = directoryWith(context, { "db.yaml": statefulSet("db", ['replicas: "3"']) });
  const { code, stderr } = await ordinal(["plan", "--play", "drain-all", "--nodes", "3", "db.yaml"], { cwd });
  assert.equal(code, 2);
  assert.match(stderr, /^ordinal: The API server refuses StatefulSet db: spec\.replicas: /);
});

test("Deployments and pods of the files are on the nodes too", async (context) => {
  const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 4
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "web:1" }] }
`;
  const guard = budget("minAvailable: 4", "{ matchLabels: { app: web } }").replace("name: db", "name: web");
  const bare =
    "apiVersion: v1\nkind: Pod\nmetadata: { name: tool }\nspec: { containers: [{ name: tool, image: t }] }\n";
  const cwd = directoryWith(context, { ...files, "web.yaml": deployment, "guard.yaml": guard, "bare.yaml": bare });
  const play = async (...names: readonly string[]): Promise<string> => {
    const argv = ["plan", "--play", "drain-all", "--nodes", "3", "db.yaml", "pdb.yaml", ...names];
    return (await ordinal(argv, { cwd })).stdout.split("\n")[1] ?? "";
  };
  const why = "budget web allows no eviction because minAvailable 4 needs all 4 of its pods";
  assert.equal(await play("web.yaml", "guard.yaml"), `Hangs at node-0: ${why}`);
  assert.match(await play("web.yaml"), /^Every node drains/);
  assert.match(
    await play("bare.yaml"),
    /^Nothing leaves node-\d: kubectl drain cannot delete Pods that declare no controller/,
  );
});

test("the command line decides above a scenario", async (context) => {
  const cwd = directoryWith(context, files);
  const { stdout } = await ordinal(["plan", "--scenario", "zone.yaml", "--zone", "a", "db.yaml"], { cwd });
  assert.match(stdout, /^play lose-zone: all nodes of zone a stop answering\n/);
});

test("a play as data has what the text has", async (context) => {
  const cwd = directoryWith(context, files);
  const argv = ["plan", "--play", "drain-all", "--nodes", "2", "--format", "json", "db.yaml", "none.yaml"];
  const { code, stdout } = await ordinal(argv, { cwd });
  const json: { readonly verdict: object; readonly outcome: object; readonly notes: object } = JSON.parse(stdout);
  const why = "maxUnavailable 0 needs all 3 of its pods";
  assert.equal(code, 1);
  assert.deepEqual(json.verdict, {
    tone: "bad",
    title: `Hangs at node-0: budget db allows no eviction because ${why}`,
    reasons: [],
  });
  assert.deepEqual(json.outcome, {
    type: "hangs",
    node: "node-0",
    blocked: ["db-0", "db-2"].map((pod) => ({ pod: `default/${pod}`, budget: "db", why, hold: { type: "limit" } })),
  });
  assert.deepEqual(json.notes, []);
});

const drain = ["--play", "drain-node", "--nodes", "2", "db.yaml"];
const refused: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
  [drain, /^ordinal: Set `node` to one of node-0, node-1\n/],
  [[...drain, "--node", "nod-1"], /^ordinal: Unknown node `nod-1`\. Did you mean `node-1`\?\n/],
  [[...drain, "--node", "worker"], /^ordinal: Unknown node `worker`\. There are node-0, node-1\n/],
  [["--play", "lose-zone", "--nodes", "2", "db.yaml"], /^ordinal: No node has a zone\n/],
  [
    ["--play", "lose-zone", "--nodes", "2", "--zones", "a,b", "--zone", "c", "db.yaml"],
    /^ordinal: Unknown zone `c`\. (?:Did you mean|There are) /,
  ],
  [
    ["--play", "drain", "--nodes", "2", "db.yaml"],
    /^ordinal: Unknown play `drain`\. There are drain-node, drain-all, /,
  ],
  [["--play", "drain-all", "db.yaml"], /^ordinal: It is not said how many nodes there are: give `nodes`\n/],
  [["--play", "drain-all", "--nodes", "0", "db.yaml"], /^ordinal: `nodes` must be a whole number from 1 to 5000/],
  [["--play", "drain-all", "--nodes", "twice.yaml", "db.yaml"], /^ordinal: Two nodes have the same name\n/],
  [
    ["--play", "drain-all", "--nodes", "odd.yaml", "db.yaml"],
    /^ordinal: odd\.yaml is not a list of nodes: nodes\[0\] has `rack`/,
  ],
  [
    ["--play", "scale-down", "--nodes", "2", "--to", "2", "db.yaml"],
    /^ordinal: `to` must be a whole number below the 2 nodes/,
  ],
  [["--play", "drain-all", "--nodes", "2", "db.yaml", "db.yaml"], /^ordinal: StatefulSet default\/db is there twice/],
  [
    ["--play", "drain-all", "--nodes", "2", "db.yaml", "refused.yaml"],
    /^ordinal: The API server refuses budget db: .*cannot be both set/,
  ],
  [["--play", "drain-all", "--nodes", "2", "pdb.yaml"], /^ordinal: No StatefulSet/],
  [["--play", "drain-all", "--start", "db.yaml"], /^ordinal: db\.yaml cannot be played\. There are no nodes in it\. /],
  [
    ["--scenario", "unknown.yaml", "db.yaml"],
    /^ordinal: play\.racks is not known here; expected do, nodes, .*; play|play\.node cannot be 3/,
  ],
  [["--scenario", "acting.yaml", "db.yaml"], /^ordinal: A scenario that plays nodes cannot have actions/],
];
for (const [argv, message] of refused) {
  test(`what cannot be played is said: ${argv.join(" ")}`, async (context) => {
    const { code, stdout, stderr } = await ordinal(["plan", ...argv], { cwd: directoryWith(context, files) });
    assert.match(stderr, message);
    assert.deepEqual([code, stdout], [2, ""]);
  });
}
