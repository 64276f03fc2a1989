import { parseDocument, stringify } from "yaml";
import { allRules } from "../../server/src/engine/api.js";
import type { Seeds } from "./project.js";

/** Where chance comes from. */
export interface Draw {
  /** A whole number from 0 to `count - 1`. */
  below(count: number): number;
  of<T>(items: readonly T[]): T;
  chance(percent: number): boolean;
}

/** The text with one to three changes, most of them as small as a keystroke. */
export function mutated(text: string, draw: Draw, seeds: Seeds): string {
  let now = text;
  for (let left = draw.chance(60) ? 1 : 2 + draw.below(2); left > 0; left -= 1) {
    const change = draw.chance(80) ? draw.of(small) : draw.of(large);
    now = change(now, draw, seeds);
  }
  return now.slice(0, draw.chance(1) ? rarelyLongest : longest);
}

type Change = (text: string, draw: Draw, seeds: Seeds) => string;

/** Longer texts cost more and show nothing new; those that are slow to read are made on purpose. */
const longest = 6000;
const rarelyLongest = 60_000;

const lineBreaks = /\r\n|[\n\r]/;

/** Changes the text's lines; they are joined with the line break that it has. */
function ofLines(change: (lines: string[], draw: Draw, seeds: Seeds) => void): Change {
  return (text, draw, seeds) => {
    const lines = text.split(lineBreaks);
    change(lines, draw, seeds);
    return lines.join(lineBreaks.exec(text)?.[0] ?? "\n");
  };
}

/** Changes one line. */
function ofLine(change: (line: string, draw: Draw, seeds: Seeds) => string): Change {
  return ofLines((lines, draw, seeds) => {
    const at = draw.below(lines.length);
    lines[at] = change(lines[at] ?? "", draw, seeds);
  });
}

/** Changes the value of one line with a key. */
function ofValue(change: (value: string, draw: Draw) => string): Change {
  return ofLines((lines, draw) => {
    const keyed = [...lines.keys()].filter((at) => /^[\s-]*[\w./"'-]+:\s*\S/.test(lines[at] ?? ""));
    if (keyed.length === 0) return;
    const at = draw.of(keyed);
    const [, key = "", value = ""] = /^([\s-]*[\w./"'-]+:\s*)(.*)$/.exec(lines[at] ?? "") ?? [];
    lines[at] = key + change(value, draw);
  });
}

const small: readonly Change[] = [
  // Lines go, come twice, move, change places.
  ofLines((lines, draw) => void lines.splice(draw.below(lines.length), 1 + draw.below(draw.chance(80) ? 2 : 8))),
  ofLines((lines, draw) => {
    const at = draw.below(lines.length);
    lines.splice(draw.below(lines.length + 1), 0, ...lines.slice(at, at + 1 + draw.below(6)));
  }),
  ofLines((lines, draw) => {
    const moved = lines.splice(draw.below(lines.length), 1 + draw.below(4));
    lines.splice(draw.below(lines.length + 1), 0, ...moved);
  }),
  // A line is half typed, or the key of a new one.
  ofLine((line, draw) => line.slice(0, draw.below(line.length + 1))),
  ofLine((line) => line.replace(":", "")),
  ofLine((line, draw) => line.replace(/[A-Za-z]{3,}/, (word) => misspelt(word, draw))),
  ofLine((line, draw) => (draw.chance(50) ? `  ${line}` : line.replace(/^ {1,2}/, ""))),
  ofLine((line, draw) =>
    line.replace(/^( *)/, (_, spaces: string) => (draw.chance(50) ? `\t${spaces}` : `${spaces}\t`)),
  ),
  ofLine((line, draw) => line + draw.of([" ", " # why", "  #", "\t", " \u00a0", ":", " &a", " | ", ",", "}"])),
  ofLines((lines, draw, seeds) => {
    const at = draw.below(lines.length + 1);
    const indentation = /^[ -]*/.exec(lines[at] ?? lines[at - 1] ?? "")?.[0].replaceAll("-", " ") ?? "";
    lines.splice(at, 0, (draw.chance(60) ? indentation : "") + draw.of(draw.chance(70) ? insertedLines : seeds.lines));
  }),
  ofValue((_, draw) => draw.of(values)),
  ofValue((_, draw) => draw.of(values)),
  ofValue((value, draw) =>
    draw.of([
      `"${value}"`,
      `'${value}'`,
      `&a ${value}`,
      `!!str ${value}`,
      `{{ ${value} }}`,
      `"{{ .Values.x }}"`,
      `${value} # {{ x }}`,
      `[${value}]`,
      `${value}-x`,
    ]),
  ),
  // Any characters anywhere.
  (text, draw) => {
    const at = draw.below(text.length + 1);
    return text.slice(0, at) + draw.of(pieces) + text.slice(at + draw.below(draw.chance(70) ? 1 : 4));
  },
  (text, draw) => {
    const at = draw.below(text.length + 1);
    return text.slice(0, at) + text.slice(at + 1 + draw.below(12));
  },
  // Silenced, or said to come from elsewhere.
  ofLines((lines, draw) => {
    const at = draw.below(lines.length);
    const rules = Array.from({ length: draw.below(3) }, () => draw.of(allRules).id).join(", ");
    const next = draw.chance(60) ? "-next-line" : "";
    lines.splice(at, 0, `${/^ */.exec(lines[at] ?? "")?.[0] ?? ""}# ordinal-disable${next} ${rules}`);
  }),
];

const large: readonly Change[] = [
  (text, draw) => text.replaceAll(/\r\n|[\n\r]/g, draw.of(["\r\n", "\r\n", "\r", "\n", "\u2028", "\u0085"])),
  (text) => `\uFEFF${text}`,
  (text, draw) => text.slice(0, draw.below(text.length + 1)),
  (text, draw) =>
    text.trimEnd() +
    draw.of(["", "\n\n\n", "\n...", "\n...\n", "\n---", "\n---\n", "\n---\n---\n", "  \n  ", "\n# end"]),
  // A licence at the top.
  (text, draw) =>
    Array.from({ length: 5 + draw.below(40) }, (_, line) => (line % 7 === 6 ? "" : "# All rights reserved.")).join(
      draw.chance(50) ? "\r\n" : "\n",
    ) + text,
  (text, draw, seeds) => text.trimEnd() + draw.of(separators) + draw.of(seeds.texts),
  (text, draw, seeds) => draw.of(seeds.texts).trimEnd() + draw.of(separators) + text,
  (text, draw) => {
    const documents = text.split(/^---.*\n/m);
    documents.splice(draw.below(documents.length + 1), draw.below(2), draw.of(documents));
    return documents.join(draw.of(separators).trimStart());
  },
  rewritten((value, draw) => `${JSON.stringify(value, null, draw.of([0, 2, 4]))}\n`),
  rewritten((value, draw) =>
    stringify(value, { indent: draw.of([2, 4]), collectionStyle: "flow", lineWidth: draw.of([0, 40]) }),
  ),
  rewritten((value, draw) =>
    stringify(value, {
      indent: draw.of([2, 4]),
      indentSeq: draw.chance(50),
      defaultStringType: draw.of(["PLAIN", "QUOTE_DOUBLE", "QUOTE_SINGLE", "BLOCK_LITERAL"]),
    }),
  ),
  rewritten((value) => stringify({ apiVersion: "v1", kind: "List", items: [value, value] })),
  // Documents become the items of a list.
  (text, draw) => {
    const between = draw.of(["", "", "# next\n", "\n"]);
    const items = text.split(/^---.*\n/m).map((one) => `- ${one.trimEnd().replaceAll("\n", "\n  ")}\n`);
    return `apiVersion: v1\nkind: List\nitems:\n${items.join(between)}${draw.of(["", "", "metadata: {}\n"])}`;
  },
  // A part is an anchor's, and stands elsewhere too.
  (text) =>
    text
      .replace(/\b(labels|matchLabels|selector):(?= *\n)/, "$1: &a")
      .replace(/\b(matchLabels|labels):\n +\S.*\n/, "$1: *a\n"),
  (text) => text.replace(/\b(spec|metadata):(?= *\n( +))/, "$1:\n$2<<: {a: b}"),
  // A template is made of it.
  (text, draw) =>
    text.replace(
      /(name|replicas|image|app): *\S+/,
      (_, key: string) =>
        `${key}: ${draw.of(["{{ .Values.a }}", '{{ include "x" . }}', "a-{{ .Release.Name }}", '"{{ .Values.a | quote }}"'])}`,
    ),
  ofLines((lines, draw) => {
    const at = draw.below(lines.length);
    lines.splice(at + 1 + draw.below(5), 0, draw.of(["{{- end }}", "{{ end }}", "{{- else }}"]));
    lines.splice(
      at,
      0,
      draw.of(["{{- if .Values.x }}", "{{ range .Values.y }}", "{{- with .Values.z }}", '{{- define "d" -}}']),
    );
  }),
  // Names meet by chance.
  (text, draw) => text.replaceAll(/\bname: [a-z][a-z0-9-]*$/gm, `name: ${draw.of(["db", "web", "data"])}`),
  (text, draw) => text.replaceAll(/\b(?:db|web|app)\b/g, draw.of(["db", "web", "x-db"])),
  ofLine(
    (line, draw) =>
      line +
      draw
        .of(["x", " ", "{", "[", "a: ", "- ", "*", '"', "# ", "$(", "{{ x }}"])
        .repeat(draw.chance(3) ? 2000 : draw.of([20, 100])),
  ),
  ofLines((lines, draw) => {
    const at = draw.below(lines.length);
    const copies = Array.from({ length: draw.chance(3) ? 100 : 12 }, () =>
      lines.slice(at, at + 1 + draw.below(3)),
    ).flat();
    lines.splice(at, 0, ...copies);
  }),
];

/** The first document written in another way, where it can be read at all. */
function rewritten(write: (value: unknown, draw: Draw) => string): Change {
  return (text, draw) => {
    try {
      const value: unknown = parseDocument(text.split(/^---/m).find((one) => one.trim() !== "") ?? "", {
        logLevel: "silent",
      }).toJS();
      return typeof value === "object" ? write(value, draw) : text;
    } catch {
      return text;
    }
  };
}

function misspelt(word: string, draw: Draw): string {
  const at = 1 + draw.below(word.length - 1);
  return draw.of([
    word.slice(0, at) + word.slice(at + 1),
    word.slice(0, at) + word.charAt(at - 1) + word.slice(at),
    word.charAt(0).toUpperCase() + word.slice(1),
    word.toUpperCase(),
  ]);
}

const separators = [
  "\n---\n",
  "\n---\n",
  "\n...\n---\n",
  "\n...\n",
  "\n--- # next\n",
  "\n---\r\n",
  "\n---\t\n",
  "\n--- ",
  "\n\n---\n\n",
];

const insertedLines = [
  "---",
  "...",
  "--- {}",
  "--- |",
  "%YAML 1.1",
  "%TAG ! tag:x,2000:",
  "{{ .Values.x }}",
  "{{- if .Values.x }}",
  "{{- end }}",
  "{{/* a comment */}}",
  "{{- toYaml .Values.y | nindent 4 }}",
  "# ordinal-external-service db",
  "# {{ x }}",
  "- ",
  "-",
  "? a",
  ": b",
  "<<: *a",
  "<<: {a: b}",
  "a: &a {b: c}",
  "b: *a",
  "*a : b",
  "key",
  "key:",
  "key: |",
  "key: >-",
  'key: "',
  "key: 'a",
  "key: [",
  "key: {",
  "]",
  "}",
  "\t",
  "  ",
  "null",
  "~",
  "[]",
  "{}",
  "<<<<<<< HEAD",
  "=======",
  ">>>>>>> x",
  "replicas: 3",
  "serviceName: db",
  "clusterIP: None",
  "kind: Service",
  "apiVersion: v1",
  "namespace: prod",
  "metadata:",
  "spec:",
  "status: {}",
  "items:",
  "$patch: delete",
  "$(VAR)",
  "${VAR}",
  "persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}",
  "podManagementPolicy: Parallel",
  "app: db",
] as const;

const values = [
  "",
  "null",
  "~",
  "true",
  "yes",
  "on",
  "0",
  "1",
  "-1",
  "3",
  "012",
  "0x1F",
  "1e3",
  "1.10",
  "1_000",
  "999999999999999999999",
  ".inf",
  ".nan",
  "2001-01-01",
  "{}",
  "[]",
  "[a, b]",
  "{a: b}",
  "[[[[]]]]",
  '""',
  "''",
  '"a\\nb"',
  '"\\u00e9"',
  '"\\/"',
  "'it''s'",
  "*a",
  "*nowhere",
  "&a x",
  "&a",
  "!!binary aGk=",
  "!!set {a}",
  "!local x",
  "|\n  text\n  more",
  ">-\n  folded\n\n  text",
  "|2\n   x",
  '"open',
  "'open",
  "[open",
  "{open",
  "a: b",
  "- a",
  "? a",
  "a # b",
  "a#b",
  "%x",
  "@x",
  "`x",
  "{{ .Values.x }}",
  "{{",
  "}}",
  "${X}",
  "$(X)",
  "<x>",
  "db",
  "web",
  "data",
  "None",
  "ClusterIP",
  "NodePort",
  "OnDelete",
  "Parallel",
  "Delete",
  "1Gi",
  "500m",
  "25%",
  "100%",
  "apps/v1",
  "v1",
  "StatefulSet",
  "Service",
  "statefulset",
  "ReadWriteMany",
  "😀",
  "العربية",
  "a\u202eb",
  "Ünïcödé",
  "a".repeat(300),
  "db-0.db",
  "db-9.db.default.svc.cluster.local",
] as const;

const pieces = [
  " ",
  "\n",
  "\r",
  "\r\n",
  "\t",
  ":",
  ": ",
  "-",
  "- ",
  "#",
  " #",
  '"',
  "'",
  "{",
  "}",
  "[",
  "]",
  ",",
  "|",
  ">",
  "&",
  "*",
  "!",
  "%",
  "@",
  "`",
  "?",
  "\\",
  "{{",
  "}}",
  "a",
  "0",
  "\uFEFF",
  "\u0000",
  "\u0007",
  "\u001b",
  "\u007f",
  "\u0085",
  "\u00a0",
  "\u200b",
  "\u2028",
  "\u2029",
  "\u202e",
  "\uffff",
  "😀",
  "é",
  "---",
  "\n---\n",
  "\n...\n",
  "<<:",
  "*a",
  "&a ",
] as const;
