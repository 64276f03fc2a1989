import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../../../server/src/engine/text/utf8.js";

test("the bytes of a text are those of UTF-8", () => {
  for (const text of [
    "",
    "db-0",
    "\u007f\u0080",
    "motörhead",
    "\u07ff\u0800",
    "データ",
    "\uffff\u{10000}",
    "🐘\u{10ffff}",
  ])
    assert.deepEqual([...utf8(text)], [...new TextEncoder().encode(text)], text);
});
