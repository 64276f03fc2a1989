import assert from "node:assert/strict";
import { test } from "node:test";
import { writesStatefulSet } from "../../client/src/writes-stateful-set.js";

const texts: readonly (readonly [string, boolean, string])[] = [
  ["a manifest", true, "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: db\n"],
  ["with CRLF and a comment", true, "apiVersion: apps/v1\r\nkind: StatefulSet # db\r\nmetadata:\r\n"],
  ["in quotes", true, "\"kind\": 'StatefulSet'\n'apiVersion': apps/v1\n"],
  ["the second document", true, "apiVersion: v1\nkind: Service\n---\nkind: StatefulSet\napiVersion: apps/v1\n"],
  ["an item of a List", true, "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: apps/v1\n    kind: StatefulSet\n"],
  ["a comment", false, "# apiVersion: apps/v1, kind: StatefulSet\nname: x\n"],
  ["a commented manifest", false, "#apiVersion: apps/v1\n#kind: StatefulSet\n"],
  ["words of a description", false, "apiVersion: v2\nname: db\ndescription: |\n  Installs a StatefulSet\n"],
  ["what an autoscaler scales", false, "apiVersion: v2\nspec:\n  scaleTargetRef:\n    kind: StatefulSet\n"],
  ["another kind that begins so", false, "apiVersion: apps.kruise.io/v1\nkind: StatefulSetPlan\n"],
  ["no apiVersion", false, "kind: StatefulSet\n"],
];
for (const [what, expected, text] of texts) test(what, () => assert.equal(writesStatefulSet(text), expected));
