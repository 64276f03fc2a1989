import assert from "node:assert/strict";
import { test } from "node:test";
import { panelHtml } from "../../client/src/panel-page.js";

const html = panelHtml({
  script: "https://host/dist/webview/rollout.js",
  style: "https://host/dist/webview/rollout.css",
  cspSource: "https://host",
  nonce: "n0nce",
});

test("the page may load its own style and run the one script that has the nonce, and nothing else", () => {
  const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1] ?? "";
  const directives = Object.fromEntries(policy.split("; ").map((directive) => directive.split(/ (.*)/)));
  assert.deepEqual(
    [directives["default-src"], directives["script-src"], directives["style-src"], directives["img-src"]],
    ["'none'", "'nonce-n0nce'", "https://host", "blob:"],
  );
  assert.equal(Object.keys(directives).length, 4);
});

test("nothing in the page is inline, and all that it loads are the two files", () => {
  assert.deepEqual(
    [...html.matchAll(/<script\b[^>]*>[^<]*<\/script>/g)].map(([script]) => script),
    ['<script nonce="n0nce" src="https://host/dist/webview/rollout.js"></script>'],
  );
  assert.doesNotMatch(html, /<style|\sstyle=|\son[a-z]+=/);
  assert.deepEqual(
    [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address),
    ["https://host/dist/webview/rollout.css", "https://host/dist/webview/rollout.js"],
  );
});

test("the policy stands before what it rules, and the page has its language, its title and its place", () => {
  assert.ok(html.indexOf("Content-Security-Policy") < html.indexOf("<link"));
  for (const part of ['<html lang="en">', "<title>Rollout preview</title>", '<main id="preview"></main>']) {
    assert.ok(html.includes(part), part);
  }
});
