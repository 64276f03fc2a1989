import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { repo } from "../harness/repo.js";
import { checkGolden } from "./golden.js";
import { ordinal } from "./ordinal.js";

const cwd = repo();

for (const argv of [
  ["--help"],
  ["lint", "--help"],
  ["plan", "--help"],
  ["explain", "--help"],
  ["init", "--help"],
  ["completion", "--help"],
]) {
  test(`ordinal ${argv.join(" ")}`, async () => {
    const { code, stdout, stderr } = await ordinal(argv, { cwd });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.ok(stdout.split("\n").every((line) => line.length <= 100));
    checkGolden(`help-${argv.length === 1 ? "ordinal" : argv[0]}.txt`, stdout);
  });
}

test("ordinal help lint is the help of lint", async () => {
  assert.deepEqual(await ordinal(["help", "lint"], { cwd }), await ordinal(["lint", "--help"], { cwd }));
});

test("the version is that of the package", async () => {
  const { version }: { version: string } = JSON.parse(readFileSync(repo("package.json"), "utf8"));
  assert.deepEqual(await ordinal(["--version"], { cwd }), { code: 0, stdout: `${version}\n`, stderr: "" });
});

const wrong: readonly (readonly [readonly string[], RegExp])[] = [
  [[], /^Usage: ordinal/],
  [["lnit"], /^ordinal: unknown command 'lnit'\n\(Did you mean one of init, lint\?\)/],
  [["lint", "--fromat", "json"], /^ordinal: unknown option '--fromat'\n\(Did you mean --format\?\)/],
  [["lint", "--format", "xml"], /^ordinal: option '--format <format>' argument 'xml' is invalid/],
  [
    ["lint", "--kubernetes-version", "latest"],
    /^ordinal: --kubernetes-version: `"latest"` is not a Kubernetes version\. Use a release such as `1\.37` or `1\.35\.2`, a range such as `1\.34 - 1\.37`, or `auto`\n$/,
  ],
  [["plan"], /^ordinal: Name the manifest to play\n$/],
  [
    ["explain", "service-mising"],
    /^ordinal: Rule `service-mising` does not exist\. Did you mean `service-missing`\?\n$/,
  ],
  [["explain", "x"], /^ordinal: Rule `x` does not exist\. `ordinal explain` lists all rules\n$/],
];
for (const [argv, message] of wrong) {
  test(`a wrong command line: ordinal ${argv.join(" ")}`, async () => {
    const { code, stdout, stderr } = await ordinal(argv, { cwd });
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, message);
  });
}
