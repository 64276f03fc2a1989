/**
 * Writes the registry of kinds, and everything that follows from the rules: the registry, a page for each rule with their
 * overview, and the settings of package.json with their table. With `--check` it writes nothing and fails if a file differs.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { featureGates as knownGates, formatRelease, gateOf } from "../engine/kubernetes/versions.js";
import { defaultConfig, loadRestrictors, profiles } from "../engine/config/config.js";
import type { Option } from "../engine/config/options.js";
import { coreRules, type CoreRule } from "../engine/lint/core-rules.js";
import { profileMeanings, ruleMeaning, settingMeanings, severityMeaning } from "../engine/config/setting-meanings.js";
import { hintKinds, hintMeanings } from "../engine/features/inlay/inlay-hints.js";
import { severities } from "../engine/config/severity.js";
import { programNames, type ProgramName } from "../protocol/protocol.js";
import { grouped } from "../engine/text/grouped.js";
import { kindRegistry, variableName } from "./kind-registry.js";
import { rulePage, rulePageUrl, rulesOverview } from "../engine/words/rule-page.js";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../../..");
const rulesFolder = "server/src/engine/rules";
const kindsFolder = "server/src/engine/kubernetes/kinds";
const pagesFolder = "docs/rules";
const schemaFile = "docs/ordinal.schema.json";
const settingsSchemaFile = "docs/ordinal-settings.schema.json";

const pathMeanings: Readonly<Record<ProgramName, string>> = {
  git: "The path of `git`, with which edits are compared. Without it, it is looked for on the PATH.",
  helm: "The path of `helm`, which renders charts. Without it, it is looked for on the PATH.",
  kubectl:
    "The path of `kubectl`, which builds kustomizations and asks the cluster. Without it, it is looked for on the PATH.",
  kustomize: "The path of `kustomize`. Without it, it is looked for on the PATH, and `kubectl` builds in its place.",
};

const ids = readdirSync(path.join(root, rulesFolder))
  .filter((file) => file.endsWith(".ts") && file !== "registry.ts" && file !== "all.ts")
  .map((file) => path.basename(file, ".ts"))
  .toSorted();
const rules: CoreRule[] = [...coreRules];
for (const id of ids) {
  const module = (await import(`../engine/rules/${id}.js`)) as { readonly default: CoreRule };
  if (module.default.id !== id) throw new Error(`${rulesFolder}/${id}.ts defines the rule ${module.default.id}`);
  rules.push(module.default);
}
rules.sort((a, b) => (a.id < b.id ? -1 : 1));

const kindIds = readdirSync(path.join(root, kindsFolder))
  .filter((file) => file.endsWith(".ts") && file !== "registry.ts")
  .map((file) => path.basename(file, ".ts"))
  .toSorted();

const files = new Map<string, string>([
  [`${kindsFolder}/registry.ts`, kindRegistry(kindIds)],
  [`${rulesFolder}/registry.ts`, registry()],
  ["docs/configuration.md", between(read("docs/configuration.md"), "settings", settingTable())],
  ["package.json", packageJson()],
  [schemaFile, await configSchema()],
  [settingsSchemaFile, await settingsSchema()],
  [`${pagesFolder}/README.md`, rulesOverview(rules)],
  ...rules.map((rule) => [`${pagesFolder}/${rule.id}.md`, rulePage(rule)] as const),
]);
const stalePages = readdirSync(path.join(root, pagesFolder), { withFileTypes: true })
  .map((entry) => `${pagesFolder}/${entry.name}`)
  .filter((page) => !files.has(page));
const stale = [...stalePages, ...[...files].filter(([file, text]) => read(file) !== text).map(([file]) => file)];

if (process.argv.includes("--check")) {
  if (stale.length > 0) {
    console.error(`not up to date: ${stale.join(", ")}\nrun: npm run generate`);
    process.exitCode = 1;
  }
} else {
  mkdirSync(path.join(root, pagesFolder), { recursive: true });
  for (const page of stalePages) rmSync(path.join(root, page));
  for (const [file, text] of files) if (stale.includes(file)) writeFileSync(path.join(root, file), text);
  console.log(stale.length === 0 ? "all up to date" : `written: ${stale.join(", ")}`);
}

function read(file: string): string {
  try {
    return readFileSync(path.join(root, file), "utf8");
  } catch {
    return "";
  }
}

function registry(): string {
  return [
    "// Written by `npm run generate` from the files of this folder.",
    `import type { Rule } from "../lint/rule.js";`,
    ...ids.map((id) => `import ${variableName(id)} from "./${id}.js";`),
    "",
    "/** Every rule about resources, by id. */",
    `export const rules: readonly Rule[] = [`,
    ...ids.map((id) => `  ${variableName(id)},`),
    "];",
    "",
  ].join("\n");
}

/** The settings of VS Code, one row each. Those of `.ordinal.yaml` have the same names without `ordinal.`. */
function settingTable(): string {
  const rows = Object.entries(settings()).map(([name, { default: value, markdownDescription }]) => {
    const meaning = markdownDescription.replaceAll(/`#(ordinal\.\w+)#`/g, "`$1`");
    return `| \`ordinal.${name}\` | \`${JSON.stringify(value)}\` | ${meaning} |`;
  });
  return ["| Setting | Default | Meaning |", "| --- | --- | --- |", ...rows].join("\n");
}

function between(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}: written by npm run generate -->`, `<!-- /${name} -->`];
  const start = text.indexOf(begin);
  const stop = text.indexOf(end);
  if (start < 0 || stop < start) throw new Error(`there is no ${begin} ... ${end}`);
  return `${text.slice(0, start + begin.length)}\n\n${content}\n\n${text.slice(stop)}`;
}

function packageJson(): string {
  const manifest = JSON.parse(read("package.json")) as { contributes: { configuration: unknown } };
  manifest.contributes.configuration = {
    title: "Ordinal",
    properties: Object.fromEntries(Object.entries(settings()).map(([name, setting]) => [`ordinal.${name}`, setting])),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** What `.ordinal.yaml` may hold. YAML reads 1.36 as a number and `off` as false; the file is read as it is written. */
async function configSchema(): Promise<string> {
  const { kubernetesVersion, featureGates, profile, loadRestrictor, externalServices, rules: settingOf } = settings();
  const severity = { enum: [...severities, "off", false] };
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Ordinal configuration",
    type: "object",
    additionalProperties: false,
    properties: {
      kubernetesVersion: { ...forAnyEditor(kubernetesVersion), type: ["string", "number"] },
      featureGates: forAnyEditor(featureGates),
      profile: forAnyEditor(profile),
      loadRestrictor: forAnyEditor(loadRestrictor),
      externalServices: forAnyEditor(externalServices),
      rules: {
        ...forAnyEditor(settingOf),
        properties: Object.fromEntries(
          rules.map((rule) => [
            rule.id,
            { ...ruleSetting(rule, severity, "description"), description: ruleMeaning(rule.flags) },
          ]),
        ),
      },
    },
  };
  return formatted(schemaFile, schema);
}

/** What other editors send: the settings, as maps in each other where their names have dots, and a few words of their own. */
async function settingsSchema(): Promise<string> {
  const all = Object.entries(settings()).map(([name, setting]) => {
    const [group = "", key] = name.split(".");
    return { group, key, schema: { ...forAnyEditor(setting), default: setting.default } };
  });
  const properties = [...grouped(all, ({ group }) => group)].map(([group, members]) => {
    const inner = members.flatMap(({ key, schema }) => (key === undefined ? [] : [[key, schema] as const]));
    const [only] = members;
    const map = { type: "object", additionalProperties: false, properties: Object.fromEntries(inner) };
    return [group, inner.length === 0 ? only?.schema : map] as const;
  });
  return formatted(settingsSchemaFile, {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Settings of ordinal-language-server",
    description:
      "What `initializationOptions` may hold, and the section `ordinal` of `workspace/configuration` and `workspace/didChangeConfiguration`.",
    type: "object",
    additionalProperties: false,
    properties: { ...initializationOptions(), ...Object.fromEntries(properties) },
  });
}

/** What only `initializationOptions` may hold; `server/src/lsp/client.ts` reads it. */
function initializationOptions() {
  return {
    trusted: {
      type: "boolean",
      default: false,
      description:
        "Whether git, kubectl, kustomize and helm may be run, as for a workspace that you trust. Without it no program is run. Only in `initializationOptions`.",
    },
    suggestCommand: {
      type: "string",
      description:
        "The name of your editor's command that shows completions, so that a chosen field offers its values at once. Only in `initializationOptions`.",
    },
  };
}

async function formatted(file: string, schema: object): Promise<string> {
  return format(JSON.stringify(schema), { ...(await resolveConfig(path.join(root, file))), parser: "json" });
}

/** Without the words that only VS Code knows. */
function forAnyEditor(setting: Readonly<Record<string, unknown>> & { readonly markdownDescription: string }) {
  const { markdownDescription, patternErrorMessage: _, enumDescriptions: __, default: ___, ...rest } = setting;
  return { ...rest, description: markdownDescription.replaceAll(/`#ordinal\.(\w+)#`/g, "`$1`") };
}

/** The settings, by their names below `ordinal.` and in `.ordinal.yaml`. */
function settings() {
  return {
    kubernetesVersion: {
      type: "string",
      default: formatRelease(defaultConfig.kubernetesVersion),
      pattern: String.raw`^(auto|v?1\.\d+(\.\d+)?|v?1\.\d+ *(-|\.\.) *v?1\.\d+)$`,
      patternErrorMessage: "A release such as 1.37 or 1.35.2, a range such as 1.34 - 1.37, or auto",
      markdownDescription: settingMeanings.kubernetesVersion,
    },
    featureGates: {
      type: "object",
      default: {},
      markdownDescription: settingMeanings.featureGates,
      additionalProperties: false,
      properties: Object.fromEntries(
        knownGates.map((gate) => [gate, { type: "boolean", markdownDescription: gateOf(gate).about }]),
      ),
    },
    profile: {
      type: "string",
      default: defaultConfig.profile,
      enum: [...profiles],
      enumDescriptions: profiles.map((profile) => profileMeanings[profile]),
      markdownDescription: settingMeanings.profile.replace("`rules`", "`#ordinal.rules#`"),
    },
    ...editorSettings(),
    loadRestrictor: {
      type: "string",
      default: defaultConfig.loadRestrictor,
      enum: [...loadRestrictors],
      markdownDescription: settingMeanings.loadRestrictor,
    },
    externalServices: {
      type: "array",
      items: { type: "string" },
      default: [...defaultConfig.externalServices],
      markdownDescription: settingMeanings.externalServices,
    },
    rules: {
      type: "object",
      default: {},
      markdownDescription: settingMeanings.rules,
      additionalProperties: false,
      properties: Object.fromEntries(
        rules.map((rule) => [
          rule.id,
          {
            ...ruleSetting(rule, { enum: [...severities, "off"] }, "markdownDescription"),
            markdownDescription: `${ruleMeaning(rule.flags)} [More](${rulePageUrl(rule.id)})`,
          },
        ]),
      ),
    },
  };
}

/** Those of an editor alone: `.ordinal.yaml` does not have them. */
function editorSettings() {
  return {
    base: {
      type: "string",
      default: "HEAD",
      markdownDescription:
        "What the files are compared with, to judge your edits: `HEAD`, the last commit of git (outside of git, the saved file); any other branch, tag or revision; `merge-base`, where the branch parted from the main one; `saved`, the file on the disk; `file:` and the path of another file, whose sets of the same kind and name count; or `off`. Git is only run in a trusted workspace. `.ordinal.yaml` does not have this setting: the base is yours, not the repository's.",
    },
    ...Object.fromEntries(
      hintKinds.map((kind) => [
        `inlayHints.${kind}`,
        { type: "boolean", default: kind !== "defaults", markdownDescription: hintMeanings[kind] },
      ]),
    ),
    ...Object.fromEntries(
      programNames.map((name) => [
        `paths.${name}`,
        // A workspace must not choose what is run.
        { type: "string", default: "", scope: "machine", markdownDescription: pathMeanings[name] },
      ]),
    ),
    schemaValidation: {
      type: "string",
      default: "auto",
      enum: ["auto", "on", "off"],
      enumDescriptions: [
        "On, unless the YAML extension of Red Hat is there and says the same.",
        "Always.",
        "Never; other rules, our own hovers and completion of names stay.",
      ],
      markdownDescription:
        "Whether to say what a schema says: unknown fields and wrong types (unless `#ordinal.rules#` says otherwise), the API's words on a field, names of fields in completion.",
    },
  };
}

/** What a rule may be set to: a severity, or a map of its options. VS Code takes no `$ref` in settings. */
function ruleSetting({ options = {} }: CoreRule, severity: object, describedBy: string): object {
  const all = Object.entries(options);
  // A map with nothing but a severity is read too; there is no need to offer it.
  if (all.length === 0) return severity;
  const properties = all.map(([name, option]) => [
    name,
    { ...optionSchema(option), default: option.default, [describedBy]: option.description },
  ]);
  const map = {
    type: "object",
    additionalProperties: false,
    properties: {
      severity: { ...severity, [describedBy]: severityMeaning },
      ...Object.fromEntries(properties),
    },
  };
  return { anyOf: [severity, map] };
}

function optionSchema(option: Option): object {
  switch (option.type) {
    case "integer":
      return { type: "integer", minimum: option.minimum };
    case "strings":
      return { type: "array", items: { type: "string" } };
  }
}
