import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse } from "../../../server/src/engine/yaml/parse.js";
import type { Path } from "../../../server/src/engine/yaml/path.js";
import { holdsPlaceholder, isBlankOfForm, isTemplate } from "../../../server/src/engine/yaml/placeholder.js";
import { processorTime } from "../../harness/processor-time.js";
import { many } from "../../harness/fast.js";

const scalar: Path = ["spec", "value"];
const command: Path = ["spec", "containers", 0, "command", 2];

describe("a scalar that a tool fills in", () => {
  for (const text of [
    "{{ .Values.x }}",
    "a-{{ x }}-b",
    "${X}",
    "${X:-1}",
    "${{X}}",
    "db-$NAME",
    "$(NAME)-db",
    "@NAME@",
    "image:@TAG@",
    "<name>",
    "<your domain>",
    "registry/<image>:1",
    "%%NAME%%",
    "__NAME__",
    "a-__NAME__-b",
    "((name))",
    "#{Name}#",
    "<%= name %>",
    "<Address (or name)>",
    "?{gpg:prod/key}",
    "...",
  ]) {
    test(text, () => assert.ok(holdsPlaceholder(scalar, text)));
  }
});

describe("a scalar that is only text", () => {
  for (const text of [
    "",
    "a@b.example",
    "image@sha256:abc",
    "a < b > c",
    "x<y",
    "100%",
    "%Y-%m-%d",
    "__init",
    "a__b__c",
    "(a)",
    "$1",
    "$",
    "{a}",
    "}} {{",
    "<img src=x>",
  ]) {
    test(JSON.stringify(text), () => assert.ok(!holdsPlaceholder(scalar, text)));
  }
  for (const text of ["echo $HOME $(hostname)", "cat <file >other", "((i++))", "for i in 1 2; do echo ${i}; done"]) {
    test(`${text}, in a command`, () => assert.ok(!holdsPlaceholder(command, text)));
  }
  test("in a command ${X} and @X@ may be a tool's all the same", () => {
    assert.ok(holdsPlaceholder(command, "echo ${NAME}"));
    assert.ok(holdsPlaceholder(command, "echo @NAME@"));
  });
});

const names: readonly (readonly [Path, string, boolean])[] = [
  [["metadata", "name"], "NAME", true],
  [["metadata", "name"], "RELEASE-NAME-db", true],
  [["metadata", "namespace"], "CHANGEME", true],
  [["spec", "serviceName"], "REPLACE_ME", true],
  [["spec", "serviceName"], "XXX", true],
  [["spec", "template", "spec", "volumes", 0, "name"], "VOLUME_NAME", true],
  [["metadata", "name"], "replace_name-svc", true],
  [["spec", "ports", 0, "targetPort"], "replace_amqp_port", true],
  [["metadata", "name"], "queue_name", true],
  [["metadata", "namespace"], "team_namespace", true],
  [["spec", "externalName"], "host_address", true],
  [["spec", "ports", 0, "targetPort"], "target_port", true],
  [["spec", "ports", 0, "targetPort"], "http_port", false],
  [["metadata", "name"], "my_db", false],
  [["metadata", "name"], "Queue_name", false],
  [["metadata", "name"], "db-replace", false],
  [["metadata", "name"], "DB", false],
  [["metadata", "name"], "Name", false],
  [["metadata", "name"], "name", false],
  [["metadata", "name"], "MYNAME", false],
  [["metadata", "labels", "name"], "NAME", false],
  [["spec", "containers", 0, "env", 0, "name"], "NAME", false],
  [["spec", "containers", 0, "env", 0, "valueFrom", "secretKeyRef", "name"], "SECRET_NAME", true],
  [["spec", "containers", 0, "image"], "IMAGE", false],
];
for (const [path, text, expected] of names) {
  test(`${path.join(".")}: ${text} is ${expected ? "the blank of a form" : "meant"}`, () => {
    assert.equal(isBlankOfForm(path, text), expected);
  });
}

describe("a document that is input for a tool", () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ["a: {{ b }}", true],
    ["{% if a %}\na: b\n{% endif %}", true],
    ["<#if a>\na: b\n</#if>", true],
    ["a: #@ data.values.b", true],
    ["#@ load('x')\na: b", true],
    ["#@overlay/match by=x\na: b", true],
    ["a: #{B}#\nc: d", true],
    ["# {{ if a }}\na: b", true],
    ["a: ${{B}}", false],
    ["a: ${B}", false],
    ["a: b #{c}", false],
    ["a: b #@author", false],
    ["# 50% {%\na: b", false],
    ["a: <b>", false],
  ];
  for (const [text, expected] of cases) {
    test(`${JSON.stringify(text)}: ${expected}`, () => assert.equal(isTemplate(text), expected));
  }

  const unreadable: readonly (readonly [string, boolean])[] = [
    ["a: @B@", true],
    ["a:\n  @B@\n", true],
    ["a: %B%", true],
    ["a:\n  b: c\n  __REST__\n", true],
    ["a:\n  b: c\n  <rest>\n", true],
    ["a: @b", false],
    ["a: [b", false],
    ["a: '@B@'", false],
  ];
  for (const [text, expected] of unreadable) {
    test(`${JSON.stringify(text)}: ${expected}, as no YAML`, () => assert.equal(parse(text).template, expected));
  }
});

test("hostile texts take no time", () => {
  const took = processorTime(() => {
    for (const piece of ["${a", "{{", "<%", "@a", "__a", "((a", "<a", "$(a", "#{a", "%%a"]) {
      const text = piece.repeat(many(300_000));
      holdsPlaceholder(scalar, text);
      holdsPlaceholder(command, text);
      isTemplate(text);
    }
  });
  assert.ok(took < 10_000, `${took} ms`);
});
