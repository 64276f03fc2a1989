import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * The licences of all packages whose code is in bundles, and of the data that was copied by hand, as one text. Throws
 * where a package has no licence text: it may not be shipped then.
 * @param {string} root of the repository
 * @param {readonly import("esbuild").Metafile[]} metafiles of the bundles, with paths relative to `root`
 * @returns {string}
 */
export function notices(root, metafiles) {
  const folders = new Set(metafiles.flatMap((metafile) => packageFolders(root, metafile)));
  const packages = [...folders].map(notice).toSorted((a, b) => (a.title < b.title ? -1 : 1));
  const data = copiedData.map(({ title, files }) => ({
    title,
    text: files.map((file) => textOf(root, file)).join("\n\n"),
  }));
  return [...packages, ...data].reduce(
    (text, one) => `${text}\n${line}\n${one.title}\n${line}\n\n${one.text}\n`,
    heading,
  );
}

/** What was copied into our sources instead of being bundled. */
const copiedData = [
  {
    title: "Kubernetes API documentation (Apache-2.0)",
    files: ["docs/NOTICE-kubernetes.md", "docs/LICENSE-kubernetes.txt"],
  },
];

const heading = "Ordinal (see LICENSE) contains code and data of others. These are their licences.\n";
const line = "-".repeat(80);

/**
 * The folders of the packages that something is taken from: `node_modules/a`, `node_modules/@b/c`; also of those whose
 * code is built into the files of another one, as that file's source map tells.
 */
function packageFolders(root, { outputs }) {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [path.join(root, file)] : [])),
  );
  const builtIn = (file) =>
    packageFolder.test(file) && existsSync(`${file}.map`)
      ? JSON.parse(textOf("", `${file}.map`)).sources.flatMap((source) => packageFolder.exec(source)?.[1] ?? [])
      : [];
  return files.flatMap((file) => [
    ...(packageFolder.exec(file)?.slice(0, 1) ?? []),
    ...builtIn(file).map((name) => path.join(root, "node_modules", name)),
  ]);
}

const packageFolder = /^.*\bnode_modules\/((?:@[^/]+\/)?[^/]+)/;

function notice(folder) {
  const { name, version, license } = JSON.parse(textOf(folder, "package.json"));
  const texts = readdirSync(folder).filter((file) => /^(?:licen[cs]e|copying|notice)\b/i.test(file));
  if (!texts.some((file) => /^(?:licen[cs]e|copying)\b/i.test(file))) {
    throw new Error(`${name} ${version} is bundled, but has no licence text in ${folder}`);
  }
  return { title: `${name} ${version} (${license})`, text: texts.map((file) => textOf(folder, file)).join("\n\n") };
}

function textOf(folder, file) {
  return readFileSync(path.join(folder, file), "utf8").replaceAll("\r\n", "\n").trim();
}
