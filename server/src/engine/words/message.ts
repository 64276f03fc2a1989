import type { Message } from "../lint/finding.js";
import type { MessageTemplate } from "../lint/rule.js";
import { printable } from "../text/printable.js";
import { withoutBackticks } from "../text/code.js";

/** Makes the function that says a finding in a sentence. It throws for a rule that is not among `rules`. */
export function sentences(
  rules: readonly { readonly id: string; readonly messages: Readonly<Record<string, MessageTemplate>> }[],
): (finding: { readonly rule: string; readonly message: Message }) => string {
  const messagesOf = new Map(rules.map(({ id, messages }) => [id, messages]));
  return ({ rule, message }) => {
    const template = messagesOf.get(rule)?.[message.id];
    if (template === undefined) throw new Error(`rule ${rule} has no message ${message.id}`);
    return fill(template.text, message.data);
  };
}

/** Replaces each `{name}` by the value of that name. Between backticks it is code, and ends no code. */
function fill(template: string, data: Message["data"]): string {
  const filled = (part: string, shown: (text: string) => string) =>
    part.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = data[name];
      if (value === undefined) throw new Error(`no value for {${name}} in "${template}"`);
      return shown(printable(String(value)));
    });
  return template
    .split("`")
    .map((part, index) => filled(part, index % 2 === 1 ? withoutBackticks : (text) => text))
    .join("`");
}
