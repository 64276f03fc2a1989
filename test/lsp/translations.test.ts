import assert from "node:assert/strict";
import { test } from "node:test";
import { plainText } from "../../server/src/lsp/plain-text.js";
import { coalesce, runInSlices } from "../../server/src/lsp/scheduler.js";
import { canonicalUri, isWithin } from "../../server/src/lsp/uri.js";

const uris: readonly (readonly [string, string])[] = [
  ["file:///work/db.yaml", "file:///work/db.yaml"],
  ["file:///c%3A/Work/a%20b.yaml", "file:///c%3A/Work/a%20b.yaml"],
  ["file:///C:/Work/a b.yaml", "file:///c%3A/Work/a%20b.yaml"],
  ["FILE:///c:/Work", "file:///c%3A/Work"],
  ["file:///a+b/@c.yaml", "file:///a%2Bb/%40c.yaml"],
  ["file:///caf%C3%A9", "file:///caf%C3%A9"],
  ["file:///café", "file:///caf%C3%A9"],
  ["file:///100%25/a%23b/c%3Fd.yaml", "file:///100%25/a%23b/c%3Fd.yaml"],
  ["file:///a(b)/c'd,e=f;g!.yaml", "file:///a%28b%29/c%27d%2Ce%3Df%3Bg%21.yaml"],
  ["file://server/share/x", "file://server/share/x"],
  // No names of files: not UTF-8, and no path.
  ["file:///bad%E9", "file:///bad%25E9"],
  ["file:////a", "file:////a"],
  ["untitled:Untitled-1", "untitled:Untitled-1"],
  ["git:/a%2Bb?%7B%7D", "git:/a%2Bb?%7B%7D"],
  ["vscode-remote://ssh-remote%2Bhost/home/a b.yaml", "vscode-remote://ssh-remote%2Bhost/home/a b.yaml"],
  ["vscode-vfs://github/acme/db/C:/x.yaml", "vscode-vfs://github/acme/db/C:/x.yaml"],
  ["", ""],
];
for (const [uri, expected] of uris) {
  test(`${uri || "an empty URI"} is spelled ${expected || "as it is"}`, () => {
    assert.equal(canonicalUri(uri), expected);
    assert.equal(canonicalUri(expected), expected);
  });
}

test("what lies in a folder", () => {
  assert.ok(isWithin("file:///a/b", "file:///a"));
  assert.ok(isWithin("file:///a", "file:///a"));
  assert.ok(isWithin("file:///a", "file:///"));
  assert.ok(!isWithin("file:///ab", "file:///a"));
});

const texts: readonly (readonly [string, string])[] = [
  ["`db-0` **waits** for *Ready*", "db-0 waits for Ready"],
  ["snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"],
  ["``a`b`` and ` `` `", "a`b and ``"],
  ["[Concepts](https://kubernetes.io/)", "Concepts (https://kubernetes.io/)"],
  ["See <https://kubernetes.io/docs/>, not <this>", "See https://kubernetes.io/docs/, not <this>"],
  ["## Title\n\ntext", "Title\n\ntext"],
  ["| pod | claim |\n| --- | --- |\n| `db-0` | `data-db-0` |", "pod | claim\ndb-0 | data-db-0"],
  ["`**not bold**`", "**not bold**"],
  ["\\*starred\\*", "*starred*"],
  ["an unclosed ` backtick", "an unclosed ` backtick"],
];
for (const [markdown, expected] of texts) {
  test(`${JSON.stringify(markdown)} as plain text`, () => assert.equal(plainText(markdown), expected));
}

/** A clock that moves by hand: callbacks wait for `tick`. */
function handClock() {
  let now = 0;
  const waiting: { readonly due: number; readonly callback: () => void }[] = [];
  const missing = () => Promise.reject(new Error("no disk"));
  return {
    runtime: {
      now: () => now,
      after: (milliseconds: number, callback: () => void) => void waiting.push({ due: now + milliseconds, callback }),
      readFile: missing,
      findFiles: () => ({ [Symbol.asyncIterator]: () => ({ next: missing }) }),
    },
    spend: (milliseconds: number) => {
      now += milliseconds;
    },
    /** Moves on and lets everything that is due happen, and all that follows from it. */
    async tick(milliseconds: number) {
      now += milliseconds;
      for (const one of waiting.splice(0).filter((each) => each.due <= now || !waiting.push(each))) one.callback();
      await new Promise(setImmediate);
    },
  };
}

test("long work is done in slices, and dropped once it is stale", async () => {
  const clock = handClock();
  const done: number[] = [];
  let isStale = false;
  function* work() {
    for (let piece = 0; piece < 100; piece++) {
      done.push(piece);
      clock.spend(3);
      yield;
    }
  }
  const run = runInSlices(work(), clock.runtime, () => isStale);
  assert.equal(done.length, 3);
  await clock.tick(0);
  assert.equal(done.length, 6);
  isStale = true;
  await clock.tick(0);
  assert.equal(await run, "dropped");
  assert.equal(done.length, 6);
});

test("work that ends says so", async () => {
  const clock = handClock();
  assert.equal(await runInSlices([1, 2].values(), clock.runtime, () => false), "done");
});

test("a job that many ask for is done once, and again for who asked meanwhile", async () => {
  const clock = handClock();
  const runs: (() => boolean)[] = [];
  let finish = () => {};
  const ask = coalesce(100, clock.runtime, (isStale) => {
    runs.push(isStale);
    return new Promise<void>((resolve) => {
      finish = resolve;
    });
  });
  ask();
  ask();
  await clock.tick(99);
  assert.equal(runs.length, 0);
  await clock.tick(1);
  assert.equal(runs.length, 1);
  assert.equal(runs[0]?.(), false);
  ask();
  ask();
  assert.equal(runs[0]?.(), true);
  finish();
  await clock.tick(0);
  await clock.tick(100);
  assert.equal(runs.length, 2);
  finish();
  await clock.tick(1000);
  assert.equal(runs.length, 2);
});
