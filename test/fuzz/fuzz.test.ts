import assert from "node:assert/strict";
import { test } from "node:test";
import { failureText, search, usualClients } from "./fuzz.js";
import { readSeeds } from "./project.js";

const seeds = readSeeds(undefined);

/** The same texts each time, and others each time. */
for (const seed of [20_261_130, Date.now() % 1_000_000_000]) {
  test(`whatever happens to a folder, the server answers as a fresh one does: seed ${seed}`, async () => {
    const clients = usualClients.filter((client) => client !== "process");
    const failure = await search(seeds, { seed, histories: 6, clients }, { texts: 0, fixes: 0, comparisons: 0 });
    assert.ok(failure === undefined, failure && failureText(failure, undefined));
  });
}
