import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import GithubSlugger from "github-slugger";
import type { Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { toString } from "mdast-util-to-string";
import { gfm } from "micromark-extension-gfm";
import { visit } from "unist-util-visit";
import { repo } from "../harness/repo.js";

const documents = execFileSync("git", ["ls-files", "*.md"], { cwd: repo("."), encoding: "utf8" })
  .trim()
  .split("\n")
  .filter((file) => !file.includes("/fixtures/") && existsSync(repo(file)));

/** The address of a file of this repository; rule pages name their sources in full. */
const published = "https://github.com/ordinal-dev/ordinal/blob/main/";

const scripts = (JSON.parse(readFileSync(repo("package.json"), "utf8")) as { scripts: Record<string, string> }).scripts;

const sources = new Set(
  ["server/src", "client/src"].flatMap((folder) =>
    readdirSync(repo(folder), { recursive: true, encoding: "utf8" }).map((file) => path.basename(file)),
  ),
);

const read = (document: string): Root =>
  fromMarkdown(readFileSync(repo(document), "utf8"), {
    extensions: [gfm()],
    mdastExtensions: [gfmFromMarkdown()],
  });

/** The fragments that lead to a heading of a document, as GitHub makes them. */
function anchors(document: string): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  const found = new Set<string>();
  visit(read(document), "heading", (heading) => void found.add(slugger.slug(toString(heading))));
  return found;
}

/** Where a relative link leads to nothing: a file that is not there, or a heading. */
function brokenLinks(document: string): readonly string[] {
  const broken: string[] = [];
  const check = (url: string) => {
    const isOurs = url.startsWith(published);
    if (!isOurs && /^[a-z]+:/.test(url)) return;
    const [target = "", fragment] = (isOurs ? url.slice(published.length) : url).split("#");
    const folder = isOurs ? "" : path.posix.dirname(document);
    const file = target === "" ? document : path.posix.join(folder, target);
    if (!existsSync(repo(file))) broken.push(url);
    else if (fragment !== undefined && !anchors(file).has(fragment)) broken.push(url);
  };
  const tree = read(document);
  visit(tree, ["link", "image", "definition"], (node) => {
    if ("url" in node) check(node.url);
  });
  return broken;
}

test("there are documents with links", () => {
  assert.ok(documents.length > 120);
  assert.ok(documents.includes("docs/rules/README.md"));
});

test("every link in every document leads somewhere", () => {
  assert.deepEqual(
    documents.flatMap((document) => brokenLinks(document).map((url) => `${document}: ${url}`)),
    [],
  );
});

test("every script that a document runs is in package.json", () => {
  const named = documents.flatMap((document) =>
    [...readFileSync(repo(document), "utf8").matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = ""]) => name),
  );
  assert.ok(named.length > 10);
  assert.deepEqual(
    named.filter((name) => scripts[name] === undefined),
    [],
  );
});

describe("the files that documents name are there", () => {
  for (const document of documents.filter((file) => /^(?:[A-Z]+|docs\/[\w-]+)\.md$/.test(file))) {
    test(document, () => {
      const text = readFileSync(repo(document), "utf8");
      const named = [...text.matchAll(/`((?:server|client|test|docs|syntaxes|examples)\/[\w./-]*\w)[/`]/g)].map(
        ([, file = ""]) => file,
      );
      const files = [...text.matchAll(/`([\w-]+\.tsx?)`/g)].map(([, file = ""]) => file);
      assert.deepEqual(
        [...named.filter((file) => !existsSync(repo(file))), ...files.filter((file) => !sources.has(file))],
        [],
      );
    });
  }
});
