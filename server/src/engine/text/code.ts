/** A value or a field in a sentence: `` `5432` ``. A backtick in it becomes `'`, so that every mark has its partner. */
export function inCode(text: string | number): string {
  return `\`${withoutBackticks(String(text))}\``;
}

/** The text for a place that is already between backticks. */
export function withoutBackticks(text: string): string {
  return text.replaceAll("`", "'");
}

/** `` `a` ``, `` `a` or `b` ``, `` `a`, `b` or `c` ``: what a value may be; of many the first eight. */
export function alternatives(values: readonly (string | number)[]): string {
  const shown = values.length > mostChoices + 1 ? values.slice(0, mostChoices) : values;
  const rest = values.length - shown.length;
  const choices = [...shown.map(inCode), ...(rest === 0 ? [] : [`${rest} others`])];
  const [last = ""] = choices.slice(-1);
  return choices.length === 1 ? last : `${choices.slice(0, -1).join(", ")} or ${last}`;
}

const mostChoices = 8;
