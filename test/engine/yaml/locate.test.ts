import assert from "node:assert/strict";
import { test } from "node:test";
import { pathAt } from "../../../server/src/engine/yaml/locate.js";
import { parse } from "../../../server/src/engine/yaml/parse.js";
import { formatPath } from "../../../server/src/engine/yaml/path.js";

/** A text with the cursor as `|`, and where that is. */
const cases: readonly (readonly [name: string, text: string, expected: string])[] = [
  ["in a key", "spec:\n  repl|icas: 3\n", "key spec.replicas"],
  ["at a key's end", "spec|:\n  replicas: 3\n", "key spec"],
  ["in a value", "spec:\n  replicas: 3|\n", "value spec.replicas"],
  ["at a value's start", "spec:\n  name: |web\n", "value spec.name"],
  ["inside quotes", "spec:\n  name: 'a |b'\n", "value spec.name"],
  ["in a block scalar", "a: >\n  one\n  t|wo\nb: 1\n", "value a"],
  ["where a value is to come", "spec:\n  name: |\n  replicas: 3\n", "value spec.name"],
  ["right behind the colon of a key without value", "spec:\n  name:|\n", "value spec.name"],
  ["where an item is to come", "args:\n  - a\n  - |\n", "value args[1]"],
  ["in an item", "args:\n  - a\n  - b|c\n", "value args[1]"],
  ["in the key of an item", "list:\n- name: a\n  val|ue: 1\n", "key list[0].value"],
  ["in a key that is being typed", "spec:\n  replicas: 3\n  serv|\n", "key spec.serv"],
  ["below a key, further in", "spec:\n  |\n", "gap spec"],
  ["below the keys of a map", "spec:\n  replicas: 3\n  |\n", "gap spec"],
  ["between the keys of a map", "spec:\n  a: 1\n  |\n  b: 2\n", "gap spec"],
  ["between maps, at the inner column", "spec:\n  a: 1\n  |\nstatus: {}\n", "gap spec"],
  ["between maps, at the outer column", "spec:\n  a: 1\n|\nstatus: {}\n", "gap "],
  ["deeper than a key without value", "spec:\n  template:\n    |\n  replicas: 1\n", "gap spec.template"],
  ["at the column of a key without value", "spec:\n  template:\n  |\n", "gap spec"],
  ["below the keys of an item", "list:\n  - name: a\n    |\n", "gap list[0]"],
  ["below the dashes of a list", "list:\n  - name: a\n  |\n", "gap list"],
  ["below the dashes of a list flush with its key", "spec:\n  list:\n  - name: a\n  |\n", "gap spec"],
  ["deep down", "a:\n  b:\n  - c:\n      d: 1\n      |\n", "gap a.b[0].c"],
  ["between, a step out", "a:\n  b:\n  - c:\n      d: 1\n    |\n", "gap a.b[0]"],
  ["in a comment", "spec:\n  a: 1 # co|mment\n", "gap spec"],
  ["in a flow map", "a: {b: 1, |}\n", "gap a"],
  ["in a value of a flow map", "a: {b: 1|, c: 2}\n", "value a.b"],
  ["on an alias", "a: &x {b: 1}\nc: *|x\n", "gap c"],
  ["below a merge key", "a: &x {b: 1}\nc:\n  <<: *x\n  |\n", "gap c"],
  ["in an empty text", "|", "gap "],
  ["before everything", "|\nspec:\n  a: 1\n", "gap "],
  ["with Windows line ends", "spec:\r\n  a: 1\r\n  |\r\nb: 1\r\n", "gap spec"],
  ["in JSON", '{"spec": {"repl|icas": 1}}', "key spec.replicas"],
];

for (const [name, marked, expected] of cases) {
  test(name, () => {
    const offset = marked.indexOf("|", marked.startsWith("a: >") ? 5 : 0);
    const { path, on } = pathAt(parse(marked.slice(0, offset) + marked.slice(offset + 1)), offset);
    assert.equal(`${on} ${formatPath(path)}`, expected);
  });
}
