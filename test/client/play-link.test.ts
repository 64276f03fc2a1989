import assert from "node:assert/strict";
import { test } from "node:test";
import { linkQuery, readLinkQuery } from "../../client/src/webview/play-link.js";
import { firstChoices } from "../../client/src/webview/model.js";

test("a link leads to what it was made of", () => {
  const linked = { path: "a b/db & co.yaml", name: "db", choices: { ...firstChoices, speed: 5 } };
  assert.deepEqual(readLinkQuery(linkQuery(linked)), linked);
  assert.deepEqual(readLinkQuery("path=db.yaml&name=db"), { path: "db.yaml", name: "db", choices: undefined });
});

const wrong: readonly string[] = [
  "",
  "name=db",
  "path=db.yaml",
  "path=/etc/db.yaml&name=db",
  "path=../db.yaml&name=db",
  "path=a/../../db.yaml&name=db",
  "path=a//db.yaml&name=db",
  "path=..%5Cdb.yaml&name=db",
  "path=db.yaml&name=db&choices=%7B",
  "path=db.yaml&name=db&choices=%7B%22zoom%22%3A%22x%22%7D",
];
for (const query of wrong) test(`no link: ${query}`, () => assert.equal(readLinkQuery(query), undefined));
