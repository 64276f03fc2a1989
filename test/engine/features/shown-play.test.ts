import assert from "node:assert/strict";
import { test } from "node:test";
import { allRules, defaultConfig, withSettings } from "../../../server/src/engine/api.js";
import { playToShow } from "../../../server/src/engine/features/preview/shown-play.js";
import { playCommand } from "../../../server/src/engine/maintenance/panel-play.js";
import { budgetFor, setWith } from "../maintenance/manifests.js";
import { analyse, root } from "../../harness/workspace.js";

const strict = withSettings(defaultConfig, { profile: "strict" });

for (const { id, plays = [], examples } of allRules) {
  if (plays.length === 0) continue;
  test(`${id}: an example ends badly in one of its plays, and the page says how to see it`, () => {
    const shown = examples.flatMap(({ bad }) => {
      const analysis = analyse(bad, strict);
      return [...analysis.uris()].flatMap((uri) =>
        analysis
          .findings(uri)
          .filter(({ rule }) => rule === id)
          .flatMap(({ span }) => playToShow(plays, { uri, span }, analysis.documents) ?? []),
      );
    });
    assert.ok(shown.length > 0);
  });
}

const plays = [{ play: "drain-all", nodes: 3, zones: 3 }] as const;

test("a budget leads to the set that it selects, wherever that is", () => {
  const analysis = analyse(
    `# file: db.yaml\n${setWith({ name: "web" })}${setWith({})}# file: pdb.yaml\n${budgetFor("minAvailable: 3")}`,
  );
  const found = playToShow(plays, { uri: `${root}pdb.yaml`, span: { start: 70, end: 80 } }, analysis.documents);
  assert.deepEqual([found?.uri, found?.index, found?.asked.play], [`${root}db.yaml`, 1, "drain-all"]);
});

test("what ends well shows nothing", () => {
  const analysis = analyse(setWith({}) + budgetFor("maxUnavailable: 1"));
  const uri = `${root}main.yaml`;
  assert.equal(playToShow(plays, { uri, span: { start: 0, end: 9 } }, analysis.documents), undefined);
  assert.equal(playToShow(plays, { uri, span: { start: 9999, end: 9999 } }, analysis.documents), undefined);
});

test("the same in the terminal", () => {
  const commands = [
    ...plays,
    { play: "lose-zone", nodes: 4, zones: 2 } as const,
    { play: "drain-node", nodes: 2, zones: 0, volumes: "anywhere" } as const,
  ].map((play) => playCommand(play, "db.yaml"));
  assert.deepEqual(commands, [
    "ordinal plan --play drain-all --nodes 3 --zones a,b,c db.yaml",
    "ordinal plan --play lose-zone --nodes 4 --zones a,b --zone a db.yaml",
    "ordinal plan --play drain-node --nodes 2 --node node-0 --volumes anywhere db.yaml",
  ]);
});
