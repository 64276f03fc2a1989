/** A file as kubectl takes it apart, and what is said of the parts. Names of objects are single letters. */
export interface PartCase {
  readonly title: string;
  readonly text: string;
  /** The objects that kubectl reads, in order; `refused` where it refuses the file. */
  readonly kubectl: string;
  /** `line rule`, of all that is said. */
  readonly found: readonly string[];
  /** What a `.yaml` that a kustomization lists gives; the same as to kubectl where it is left out. */
  readonly kustomize?: { readonly kubectl: string; readonly found: readonly string[] };
}

const object = (name: string) => `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ${name}\n`;
const json = (name: string) => `{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"${name}"}}`;
const noted = (text: string) => `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"n":"${text}"}}`;
const a = object("a");
const b = object("b");

const syntax = (line: number) => [`${line} yaml-syntax`];
const noObject = (line: number) => [`${line} yaml-not-an-object`];
const ignored = (line: number) => [`${line} yaml-document-ignored`];

/** Each was run with the real tools; `test/node/render/parts.test.ts` does it again. */
export const partCases: readonly PartCase[] = [
  { title: "two objects", text: `${a}---\n${b}`, kubectl: "a b", found: [] },
  ...["--- # next\n", "---  \n", "---\t# next\n", "---# next\n", "---\n# none\n---\n", "---\n---\n", "...\n---\n"].map(
    (between) => ({
      title: `separated by ${JSON.stringify(between)}`,
      text: a + between + b,
      kubectl: "a b",
      found: [],
    }),
  ),
  ...["null", "~", "# a comment", ""].map((text) => ({
    title: `a document of ${JSON.stringify(text)}`,
    text: `${a}---\n${text}\n---\n${b}`,
    kubectl: "a b",
    found: [],
  })),
  ...["text", "3", "yes", '""', "- item", "note: text", "apiVersion: v1", "kind:\napiVersion: v1"].map((text) => ({
    title: `a document of ${JSON.stringify(text)}`,
    text: `${a}---\n${text}\n---\n${b}`,
    kubectl: "refused",
    found: noObject(6),
    kustomize: { kubectl: "refused", found: ["6 kustomization-fails"] },
  })),
  ...["{}", "[]"].map((text) => ({
    title: `a document of ${text}, which kustomize passes over`,
    text: `${a}---\n${text}\n---\n${b}`,
    kubectl: "refused",
    found: noObject(6),
    kustomize: { kubectl: "a b", found: [] },
  })),
  {
    title: "an empty object first",
    text: `{}\n---\n${b}`,
    kubectl: "refused",
    found: noObject(1),
    kustomize: { kubectl: "b", found: [] },
  },
  { title: "a broken document of no kind", text: `${a}---\nnote: [\n---\n${b}`, kubectl: "refused", found: syntax(6) },

  { title: "a directive", text: `%YAML 1.1\n---\n${a}`, kubectl: "refused", found: syntax(1) },
  {
    title: "a directive below a comment",
    text: `# ours\n%TAG ! tag:x,2000:\n---\n${a}`,
    kubectl: "refused",
    found: syntax(2),
  },
  { title: "a directive in the middle", text: `${a}---\n%YAML 1.1\n---\n${b}`, kubectl: "refused", found: syntax(6) },
  {
    title: "a directive after dots, which nothing reads",
    text: `${a}...\n%YAML 1.1\n---\n${b}`,
    kubectl: "a b",
    found: [],
  },

  ...["--- text\n", "--- !!map\n", "--- &anchor\n", "----\n", "---text\n"].map((line) => ({
    title: `the line ${JSON.stringify(line)}`,
    text: a + line + b,
    kubectl: "refused",
    found: syntax(5),
  })),
  { title: "an object on the marker's line", text: `${a}--- ${json("b")}\n`, kubectl: "refused", found: syntax(5) },
  {
    title: "an object on the first marker's line, which kustomize reads",
    text: `--- ${json("a")}\n---\n${b}`,
    kubectl: "refused",
    found: syntax(1),
    kustomize: { kubectl: "a b", found: [] },
  },

  { title: "a document after dots", text: `${a}...\n${b}`, kubectl: "a", found: ignored(6) },
  {
    title: "a document after dots and a comment",
    text: `${a}... # end\n# next\n${b}`,
    kubectl: "a",
    found: ignored(7),
  },
  { title: "what is no YAML after dots", text: `${a}...\n{{ [\n---\n${b}`, kubectl: "a b", found: [] },
  { title: "dots at the end", text: `${a}...\n# the end\n`, kubectl: "a", found: [] },
  { title: "dots with nothing before them", text: `...\n${a}`, kubectl: "refused", found: syntax(1) },
  { title: "a marker behind a lone carriage return", text: `${a}\r---\r${b}`, kubectl: "a", found: ignored(5) },
  { title: "a byte order mark where a document begins", text: `${a}---\n\uFEFF${b}`, kubectl: "a b", found: [] },

  ...["\n", "", " ", "\n\n"].map((between) => ({
    title: `JSON objects, ${JSON.stringify(between)} between them`,
    text: json("a") + between + json("b"),
    kubectl: "a b",
    found: [],
    kustomize: { kubectl: "a", found: ignored(between === "" || between === " " ? 1 : between === "\n" ? 2 : 3) },
  })),
  { title: "JSON objects and markers", text: `${json("a")}\n---\n${json("b")}\n`, kubectl: "a b", found: [] },
  { title: "JSON and YAML", text: `${json("a")}\n---\n${b}`, kubectl: "a b", found: [] },
  {
    title: "a second JSON object after a marker: it is YAML there",
    text: `${a}---\n${json("b")}\n${json("c")}\n`,
    kubectl: "a b",
    found: ignored(7),
  },
  {
    title: "a comma between JSON objects",
    text: `${json("a")},\n${json("b")}`,
    kubectl: "refused",
    found: syntax(1),
    kustomize: { kubectl: "a", found: ignored(1) },
  },
  {
    title: "a list behind a JSON object",
    text: `${json("a")}\n[]\n`,
    kubectl: "refused",
    found: noObject(2),
    kustomize: { kubectl: "a", found: [] },
  },

  ...["a\\/b", "\\uD83D\\uDE00"].map((text) => ({
    title: `${text} in JSON`,
    text: noted(text),
    kubectl: "a",
    found: [],
    kustomize: { kubectl: "refused", found: syntax(1) },
  })),
  ...["a\\/b", "\\uD83D\\uDE00", "\\ud83d", "\\q"].map((text) => ({
    title: `${text} in YAML`,
    text: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  n: "${text}"\n`,
    kubectl: "refused",
    found: syntax(5),
  })),
  {
    title: "the escapes that YAML has",
    text: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  n: "\\x41\\u0042\\U0001F600\\e\\N\\_\\'"\n`,
    kubectl: "a",
    found: [],
  },
];
