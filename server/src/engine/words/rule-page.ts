import type { CoreRule } from "../lint/core-rules.js";

/** Where the pages of the rules are published; a diagnostic's code links there. */
export function rulePageUrl(rule: string): string {
  return `https://github.com/ordinal-dev/ordinal/blob/main/docs/rules/${rule}.md`;
}

/** The page of a rule as Markdown: `docs/rules/<id>.md`, and what `ordinal explain` prints. */
export function rulePage(rule: CoreRule): string {
  const messages = Object.values(rule.messages).map(
    ({ severity, text }) => `| ${severity} | ${text.replace(/\{(\w+)\}/g, "*$1*")} |`,
  );
  const examples = rule.examples.flatMap(({ title, bad, good, kubernetesVersion }) => [
    `### ${title}${kubernetesVersion === undefined ? "" : ` (Kubernetes ${kubernetesVersion})`}`,
    `Flagged:\n\n${fence(bad)}`,
    `Not flagged:\n\n${fence(good)}`,
  ]);
  return [
    `# ${rule.id}`,
    `Flags ${rule.flags}.`,
    `| severity | message |\n| --- | --- |\n${messages.join("\n")}`,
    ...(rule.recommended === false
      ? [
          `Strict only: it runs where the setting \`ordinal.profile\` is \`strict\`, or where \`ordinal.rules\` gives it a severity.`,
        ]
      : []),
    `## Why\n\n${rule.why}`,
    `## Examples`,
    ...examples,
    `## When not to use it\n\n${rule.whenNotToUse}`,
    `Silence it for one line with \`# ordinal-disable-next-line ${rule.id} -- reason\`, for a YAML document with
\`# ordinal-disable ${rule.id}\`, or everywhere with the setting \`"ordinal.rules": { "${rule.id}": "off" }\`.`,
    `## Sources\n\n${rule.sources.map((source) => `- ${source}`).join("\n")}`,
    `Since Ordinal ${rule.since}.`,
    "",
  ]
    .join("\n\n")
    .replace(/\n+$/, "\n");
}

function fence(yaml: string): string {
  return `\`\`\`yaml\n${yaml}\`\`\``;
}
