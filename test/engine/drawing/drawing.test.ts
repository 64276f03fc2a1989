import assert from "node:assert/strict";
import { test } from "node:test";
import { asHtml } from "../../../server/src/engine/drawing/html.js";
import { markup } from "../../../server/src/engine/drawing/markup.js";
import { asSvg } from "../../../server/src/engine/drawing/svg.js";
import { creating } from "../../../server/src/engine/rollout/scenario.js";
import { checkGolden } from "../../harness/golden.js";
import { ledger, rollouts, shared, updateOf } from "./rollouts.js";
import { many } from "../../harness/fast.js";

const folder = "test/engine/drawing/golden";

for (const [name, scenario] of Object.entries(rollouts)) {
  test(`${name} as a picture and as a page`, () => {
    const one = shared("ledger", scenario);
    checkGolden(`${folder}/${name}.svg`, asSvg(one, "both"));
    checkGolden(`${folder}/${name}.html`, asHtml([one]));
  });
}

test("several sets on one page: how each goes at first, and each under an id of its own", () => {
  const page = asHtml([shared("ledger", rollouts.stuck), shared("cache", rollouts["data-lost"])]);
  checkGolden(`${folder}/several.html`, page);
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assert.deepEqual(
    ids.filter((id, index) => ids.indexOf(id) !== index),
    [],
  );
  const targets = [...page.matchAll(/(?:href="#|aria-labelledby="|url\(#)([^")]+)/g)].flatMap(([, named = ""]) =>
    named.split(" "),
  );
  assert.deepEqual(
    targets.filter((id) => !ids.includes(id)),
    [],
  );
});

test("each pod has a lane, however many there are", () => {
  for (const replicas of [50, many(1000)]) {
    const one = shared("ledger", updateOf(replicas));
    assert.equal(count(asSvg(one, "light"), /<path class="row" /g), replicas);
    assert.equal(count(asHtml([one]), /<td class="step">create ledger-\d+ on v2</g), replicas);
  }
});

test("a picture has the colours of one scheme, or of both", () => {
  const one = shared("ledger", rollouts.update);
  const [light, dark, both] = (["light", "dark", "both"] as const).map((scheme) => asSvg(one, scheme));
  assert.match(light!, /\.surface \{ fill: #ffffff \}/);
  assert.match(dark!, /\.surface \{ fill: #1f1f1f \}/);
  assert.doesNotMatch(light! + dark!, /@media/);
  assert.match(both!, /#ffffff[^]*@media \(prefers-color-scheme: dark\) \{[^]*#1f1f1f/);
});

test("whatever a manifest says is text in the picture and on the page", () => {
  const name = `</title><script>alert(1)</script>"'&\u0000\ud800\ufffe`;
  const one = shared(name, creating(ledger({ name, replicas: 2, claims: [name], podManagementPolicy: "Parallel" })));
  for (const text of [asSvg(one, "both"), asHtml([one])]) {
    assert.doesNotMatch(text, /<script|[\0\ufffe]/);
    assert.doesNotMatch(text, /\p{Cs}/u);
    assert.ok(
      text.includes("&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\\u0000\\ud800\\ufffe"),
    );
  }
});

test("a page loads nothing and runs nothing", () => {
  const page = asHtml([shared("ledger", rollouts.stuck)]);
  assert.match(page, /content="default-src 'none'; style-src 'unsafe-inline'"/);
  assert.doesNotMatch(page, /<script|\son[a-z]+=|(?:src|href)=|@import|url\((?!#)/);
});

test("markup escapes what is put into it, and takes markup as it is", () => {
  const inner = markup`<b>${"<&>"}</b>`;
  assert.deepEqual(markup`<p title="${'"'}">${inner}${[inner]}${undefined}${1.2345}</p>`, {
    markup: '<p title="&quot;"><b>&lt;&amp;&gt;</b><b>&lt;&amp;&gt;</b>1.23</p>',
  });
});

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
