import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Position } from "vscode-languageserver/node";
import { connect, textDocument, uriOf } from "./client.js";

type Encoding = "utf-8" | "utf-16" | "utf-32";

/** Characters of one to four bytes, before everything that is asked about. */
const wide = `annotations: { who: "Zoë 寿司 😀" }`;
const spec = `replicas: 3, serviceName: bd, selector: { matchLabels: { app: db } }`;
const containers = `containers: [{ name: db, image: "db:1", volumeMounts: [{ name: data, mountPath: /data }] }]`;
const template = `template: { metadata: { labels: { app: db } }, spec: { ${containers}, volumes: [{ name: data, emptyDir: {} }] } }`;
const set = `{ apiVersion: apps/v1, kind: StatefulSet, metadata: { ${wide}, name: db }, spec: { ${spec}, ${template} } }\n`;
const service = `{ apiVersion: v1, kind: Service, metadata: { ${wide}, name: db }, spec: { clusterIP: None, selector: { app: db } } }\n`;
const texts = new Map([
  ["set.yaml", set],
  ["service.yaml", service],
]);

/** A position as an editor counts that has it before the `part` of a text. */
function positionOf(text: string, part: string, encoding: Encoding): Position {
  const lines = text.slice(0, text.indexOf(part)).split("\n");
  const before = lines.at(-1) ?? "";
  const character = {
    "utf-8": Buffer.byteLength(before),
    "utf-16": before.length,
    "utf-32": Array.from(before).length,
  }[encoding];
  return { line: lines.length - 1, character };
}

/** What an editor that counts in this way finds before a position on its line. */
function before(text: string, { line, character }: Position, encoding: Encoding): string {
  const whole = text.split("\n")[line] ?? "";
  switch (encoding) {
    case "utf-8":
      return Buffer.from(whole).subarray(0, character).toString();
    case "utf-16":
      return whole.slice(0, character);
    case "utf-32":
      return Array.from(whole).slice(0, character).join("");
  }
}

function isPosition(value: object): value is Position {
  return "line" in value && "character" in value;
}

/** An answer with, instead of each position, what stands before it; the URIs say in which text. */
function readable(answer: unknown, text: string, encoding: Encoding): unknown {
  if (Array.isArray(answer)) return answer.map((one) => readable(one, text, encoding));
  if (typeof answer !== "object" || answer === null) return answer;
  if (isPosition(answer)) return `${answer.line}: ${before(text, answer, encoding)}|`;
  const { uri, targetUri, textDocument: document } = answer as Record<string, unknown>;
  const about = [uri, targetUri, (document as { uri?: unknown } | undefined)?.uri].find(
    (one) => typeof one === "string",
  );
  const own = typeof about === "string" ? (texts.get(about.slice(uriOf("").length)) ?? text) : text;
  return Object.fromEntries(
    Object.entries(answer)
      .filter(([key]) => key !== "resultId" && key !== "data")
      .map(([key, value]) => [key, readable(value, texts.get(key.slice(uriOf("").length)) ?? own, encoding)]),
  );
}

const links = { linkSupport: true };
const capabilities = {
  textDocument: {
    definition: links,
    diagnostic: { relatedInformation: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    completion: { completionItem: { insertReplaceSupport: true } },
  },
  workspace: { workspaceEdit: { documentChanges: true } },
};

async function editor(t: TestContext, encoding: Encoding) {
  const general = { positionEncodings: [encoding] };
  const client = await connect(t, { capabilities: { ...capabilities, general }, folders: [""], disk: texts });
  assert.equal(client.initialized.capabilities.positionEncoding, encoding);
  await client.open("set.yaml", set);
  return client;
}

interface Question {
  readonly method: string;
  /** It is asked before this part of the set. */
  readonly at?: string;
  readonly params?: object;
  readonly file?: string;
}

const questions: readonly Question[] = [
  { method: "textDocument/diagnostic" },
  { method: "textDocument/hover", at: "serviceName: bd" },
  { method: "textDocument/completion", at: "d, selector" },
  { method: "textDocument/definition", at: "data, mountPath" },
  { method: "textDocument/references", at: "data, mountPath", params: { context: { includeDeclaration: true } } },
  { method: "textDocument/documentHighlight", at: "data, mountPath" },
  { method: "textDocument/prepareRename", at: "data, mountPath" },
  { method: "textDocument/rename", at: "app: db } }", params: { newName: "tier" } },
  { method: "textDocument/rename", at: "data, mountPath", params: { newName: "files" } },
  { method: "textDocument/documentSymbol" },
  { method: "workspace/symbol", params: { query: "db" } },
  {
    method: "ordinal/place",
    params: { index: 0, field: "spec.template.spec.containers[0].image", uri: uriOf("set.yaml") },
  },
  { method: "ordinal/sets" },
];

for (const question of questions) {
  const { method, at, params } = question;
  test(`${method}${at === undefined ? "" : ` before ${at}`} is the same however characters are counted`, async (t) => {
    const answers = [];
    for (const encoding of ["utf-8", "utf-16", "utf-32"] as const) {
      const client = await editor(t, encoding);
      const position = at === undefined ? {} : { position: positionOf(set, at, encoding) };
      const answer = await client.request<unknown>(method, { ...textDocument("set.yaml"), ...position, ...params });
      answers.push(readable(answer, set, encoding));
    }
    const [utf8, utf16, utf32] = answers;
    assert.ok(JSON.stringify(utf16).length > 2, "there is an answer");
    assert.deepEqual(utf8, utf16);
    assert.deepEqual(utf32, utf16);
  });
}

for (const encoding of ["utf-8", "utf-16", "utf-32"] as const) {
  test(`code actions for a range, and hints within one, in ${encoding}`, async (t) => {
    const client = await editor(t, encoding);
    const range = { start: positionOf(set, "bd, selector", encoding), end: positionOf(set, ", selector", encoding) };
    const params = { ...textDocument("set.yaml"), range, context: { diagnostics: [] } };
    const actions = readable(await client.request("textDocument/codeAction", params), set, encoding);
    const [prefix] = set.split("bd, selector");
    assert.match(JSON.stringify(actions), /Use Service db/);
    assert.ok(JSON.stringify(actions).includes(JSON.stringify(`0: ${prefix}|`).slice(1, -1)), JSON.stringify(actions));
    const hints = await client.request("textDocument/inlayHint", {
      ...params,
      range: { ...range, start: { line: 0, character: 0 } },
    });
    assert.match(JSON.stringify(readable(hints, set, encoding)), /replicas: 3\|/);
  });

  test(`what is typed goes where the editor has it, in ${encoding}`, async (t) => {
    const client = await editor(t, encoding);
    const changes = [
      { part: "bd, selector", until: ", selector", text: "é😀", now: set },
      { part: "é😀, selector", until: ", selector", text: "db", now: set.replace("bd, selector", "é😀, selector") },
    ];
    const contentChanges = changes.map(({ part, until, text, now }) => ({
      range: { start: positionOf(now, part, encoding), end: positionOf(now, until, encoding) },
      text,
    }));
    await client.notify("textDocument/didChange", {
      textDocument: { uri: uriOf("set.yaml"), version: 9 },
      contentChanges,
    });
    const found = await client.request<{ items: { code: string }[] }>(
      "textDocument/diagnostic",
      textDocument("set.yaml"),
    );
    assert.deepEqual(
      found.items.filter(({ code }) => /service|yaml|name/.test(code)),
      [],
    );
  });
}

const choices: readonly (readonly [
  offered: readonly string[] | undefined,
  name: string,
  chosen: string | undefined,
])[] = [
  [undefined, "Editor", undefined],
  [[], "Editor", "utf-16"],
  [["utf-7"], "Editor", "utf-16"],
  [["utf-8", "utf-32", "utf-16"], "Editor", "utf-8"],
  [["utf-7", "utf-32", "utf-16"], "Editor", "utf-32"],
  [["utf-16", "utf-8"], "Editor", "utf-16"],
  [["utf-8", "utf-16", "utf-32"], "Neovim", "utf-16"],
  [["utf-8"], "Neovim", "utf-8"],
];
for (const [offered, name, chosen] of choices) {
  test(`${name} offers ${offered?.join(", ") ?? "nothing"}: ${chosen}`, async (t) => {
    const general = offered === undefined ? {} : { general: { positionEncodings: [...offered] } };
    const client = await connect(t, { capabilities: general, clientInfo: { name } });
    assert.equal(client.initialized.capabilities.positionEncoding, chosen);
  });
}
