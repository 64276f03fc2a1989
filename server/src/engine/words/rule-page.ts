import type { Option } from "../config/options.js";
import { severities } from "../config/severity.js";
import { unsilenceableRules, type CoreRule } from "../lint/core-rules.js";
import { playCommand, type ShownPlay } from "../maintenance/panel-play.js";
import { ruleTopics } from "../lint/topics.js";

/** Where the pages of the rules are published; a diagnostic's code links there. */
export function rulePageUrl(rule: string): string {
  return `https://github.com/ordinal-dev/ordinal/blob/main/docs/rules/${rule}.md`;
}

/** The page of a rule as Markdown: `docs/rules/<id>.md`, and what `ordinal explain` prints. */
export function rulePage(rule: CoreRule): string {
  const messages = Object.values(rule.messages).map(
    ({ severity, text }) => `| ${severity} | ${withPlaceholders(text).replaceAll("|", "\\|")} |`,
  );
  const examples = rule.examples.flatMap(({ title, before, bad, good, kubernetesVersion }) => [
    `### ${title}${kubernetesVersion === undefined ? "" : ` (Kubernetes ${kubernetesVersion})`}`,
    ...(before === undefined ? [] : [`Before:\n\n${fence(before)}`]),
    `Flagged:\n\n${fence(bad)}`,
    `Not flagged:\n\n${fence(good)}`,
  ]);
  return [
    `# ${rule.id}`,
    `Flags ${rule.flags}.`,
    `| severity | message |\n| --- | --- |\n${messages.join("\n")}`,
    ...(rule.recommended === false
      ? [
          `Strict only: it runs where \`profile\` is \`strict\` in \`.ordinal.yaml\` or in the settings, with
\`ordinal lint --profile strict\`, or where \`rules\` gives it a severity.`,
        ]
      : []),
    `## Why\n\n${rule.why}`,
    ...seeIt(rule),
    ...(examples.length === 0 ? [] : [`## Examples`, ...examples]),
    ...options(rule),
    `## When not to use it\n\n${rule.whenNotToUse}`,
    silencing(rule.id),
    `## Sources\n\n${rule.sources.map((source) => `- ${source}`).join("\n")}`,
    `Since Ordinal ${rule.since}.`,
    "",
  ]
    .join("\n\n")
    .trimEnd()
    .concat("\n");
}

/** `docs/rules/README.md`: every rule in a table of its topic, with the severities that its findings may have. */
export function rulesOverview(rules: readonly CoreRule[]): string {
  const tables = Object.entries(ruleTopics).map(([topic, heading]) => {
    const rows = rules.filter((rule) => rule.topic === topic).map(overviewRow);
    return `## ${heading}\n\n| Rule | Flags | Severity |\n| --- | --- | --- |\n${rows.join("\n")}`;
  });
  return `${["# Rules", overviewIntroduction, ...tables].join("\n\n")}\n`;
}

const overviewIntroduction = `Each page says why the rule exists, shows examples that are run as tests, and names its sources. \`ordinal explain
RULE\` prints it in the terminal. Rules marked *strict* run only in the \`strict\` profile.
[Configuration](../configuration.md) explains how to change a severity or disable a rule.`;

function overviewRow(rule: CoreRule): string {
  const used = new Set(Object.values(rule.messages).map(({ severity }) => severity));
  const shown = severities.filter((severity) => used.has(severity)).join(", ");
  const strict = rule.recommended === false ? " (*strict*)" : "";
  return `| [${rule.id}](${rule.id}.md) | ${rule.flags} | ${shown}${strict} |`;
}

/** `{name}` as a placeholder: `<name>` in code, which has no emphasis, and *name* elsewhere. */
function withPlaceholders(text: string): string {
  return text.replace(/`[^`]*`|\{\w+\}/g, (part) =>
    part.startsWith("`") ? part.replace(/\{(\w+)\}/g, "<$1>") : `*${part.slice(1, -1)}*`,
  );
}

/** How to see it happen. */
function seeIt({ plays: [play] = [] }: CoreRule): readonly string[] {
  if (play === undefined) return [];
  return [
    `## See it\n\nVS Code offers **${previewTitle(play)}** at the finding. In the terminal, with your files and numbers:`,
    `\`\`\`sh\n${playCommand(play, "FILES")}\n\`\`\``,
  ];
}

/** What the editor calls the offer to play it. */
export function previewTitle({ play }: Pick<ShownPlay, "play">): string {
  switch (play) {
    case "drain-node":
    case "drain-all":
    case "scale-down":
      return "Preview drain";
    case "lose-node":
      return "Preview the loss of a node";
    case "lose-zone":
      return "Preview the loss of a zone";
  }
}

function silencing(id: string): string {
  const byComment = `Disable it for one line with \`# ordinal-disable-next-line ${id} -- reason\`, for a YAML document with
\`# ordinal-disable ${id}\`, below a directory`;
  return `${unsilenceableRules.has(id) ? "Disable it below a directory" : byComment} with
\`rules: { ${id}: off }\` in \`.ordinal.yaml\`, or everywhere with the setting \`"ordinal.rules": { "${id}": "off" }\`.`;
}

function options({ id, options: declared = {} }: CoreRule): readonly string[] {
  const all = Object.entries(declared);
  if (all.length === 0) return [];
  const rows = all.map(([name, option]) => `| \`${name}\` | ${option.description} | ${defaultOf(option)} |`);
  const example = all.map(([name, option]) => `    ${name}: ${written(option)}\n`).join("");
  return [
    `## Options`,
    `| option | meaning | default |\n| --- | --- | --- |\n${rows.join("\n")}`,
    `In \`.ordinal.yaml\`, and in the setting \`ordinal.rules\` in the same way; with \`severity\` beside them, or else
with the severity that the rule has anyway:`,
    fence(`rules:\n  ${id}:\n${example}`),
  ];
}

function defaultOf(option: Option): string {
  switch (option.type) {
    case "integer":
      return `${option.default} (${option.minimum} or more)`;
    case "strings":
      return option.default.map((text) => `\`${text}\``).join(", ");
  }
}

/** The default as YAML on one line. */
function written(option: Option): string {
  switch (option.type) {
    case "integer":
      return String(option.default);
    case "strings":
      return `[${option.default.map((text) => (/^[\w./-]+$/.test(text) ? text : JSON.stringify(text))).join(", ")}]`;
  }
}

function fence(yaml: string): string {
  return `\`\`\`yaml\n${yaml}\`\`\``;
}
