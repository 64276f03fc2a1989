import assert from "node:assert/strict";
import { test } from "node:test";
import { hostileManifest, unprintable } from "../harness/hostile.js";
import { connect, textDocument } from "./client.js";

const position = { line: 9, character: 18 };
const everything = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
const requests: readonly (readonly [string, object])[] = [
  ["textDocument/diagnostic", {}],
  ["textDocument/hover", { position }],
  ["textDocument/completion", { position }],
  ["textDocument/documentSymbol", {}],
  ["textDocument/codeLens", {}],
  ["textDocument/codeAction", { range: everything, context: { diagnostics: [] } }],
];
for (const nested of [true, false]) {
  for (const [method, params] of requests) {
    test(`${method} shows printable text (${nested ? "rich" : "poor"} client)`, async (t) => {
      const client = await connect(t, {
        capabilities: {
          textDocument: {
            diagnostic: { relatedInformation: nested },
            hover: { contentFormat: nested ? ["markdown"] : ["plaintext"] },
            documentSymbol: { hierarchicalDocumentSymbolSupport: nested },
            codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } },
            completion: { completionItem: { labelDetailsSupport: nested } },
          },
        },
        initializationOptions: { previewCommand: true },
      });
      await client.open("db.yaml", hostileManifest);
      const answer = await client.request(method, { ...textDocument("db.yaml"), ...params });
      const shown = [...textsIn(answer)];
      assert.ok(shown.length > 0, "nothing is shown");
      assert.deepEqual(
        shown.filter((text) => unprintable.test(text)),
        [],
      );
    });
  }
}

/** Every text of an answer but what is written to the manifest. */
function* textsIn(answer: unknown): Generator<string> {
  if (typeof answer === "string") yield answer;
  else if (typeof answer === "object" && answer !== null) {
    for (const [key, value] of Object.entries(answer)) if (key !== "newText") yield* textsIn(value);
  }
}
