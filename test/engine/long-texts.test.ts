import { describe, test } from "node:test";
import { podDnsNames, podReferences } from "../../server/src/engine/workspace/pod-dns.js";
import { assertLinear } from "../harness/linear.js";
import { analyse, root } from "../harness/workspace.js";
import { completionsIn, hoverIn, lensesIn, symbolsIn } from "../harness/features.js";

const units = [
  " ",
  "\t",
  "a",
  "{{",
  "{{ ",
  "{{/*",
  "}}",
  "#",
  " #",
  '"',
  '\\"',
  "'",
  "`",
  "[",
  "[]",
  "{",
  "{a: ",
  "- ",
  ": ",
  "&a ",
  "*a ",
  "!a ",
  "| ",
  "<a",
  "<%",
  "%a",
  "${a",
  "$(a)",
  "@a",
  "__a",
  "a-0.",
  "a-1-",
  "/templates/",
  "file: ",
];

/** A manifest in which a text stands at a place where much is asked of it. */
const places: Readonly<Record<string, (text: string) => string>> = {
  file: (text) => text,
  comment: (text) => `# ${text}\n${set("")}`,
  value: (text) => set(`      - ${text}`),
  quoted: (text) => set(`      - ${JSON.stringify(text)}`),
  block: (text) => set(`      - |\n        ${text}`),
  tag: (text) => set(`      - {{ ${text} }}`),
};

function set(args: string): string {
  return `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  template:
    spec:
      containers:
      - name: db
        args:
${args}
`;
}

describe("what is asked of a long line takes time linear in its length", () => {
  for (const [place, manifest] of Object.entries(places)) {
    for (const unit of units) {
      test(`${place}: ${JSON.stringify(unit)}`, () => {
        assertLinear((count) => {
          const text = manifest(unit.repeat(count));
          const analysis = analyse(text);
          const uri = `${root}main.yaml`;
          analysis.findings(uri);
          lensesIn(analysis, uri);
          symbolsIn(analysis, uri);
          const offset = text.length - 5;
          hoverIn(analysis, uri, offset);
          completionsIn(analysis, uri, offset, "user");
        }, 500);
      });
    }
  }
});

describe("the names of pods in a long text", () => {
  for (const unit of [...units, "a-0.a.", "a-0.a.a.svc", "-0", "$(POD", "${POD}."]) {
    test(JSON.stringify(unit), () => {
      assertLinear((count) => {
        podDnsNames(`${unit.repeat(count)}-`);
        podReferences(unit.repeat(count));
      }, 20_000);
    });
  }
});
