import { RE2JS, RE2JSException } from "re2js";

/**
 * Whether a text has a match of an expression of Go's `regexp`, which kustomize uses: RE2, so in time linear in the text.
 * `undefined` for what is no such expression.
 */
export function regularExpression(pattern: string): ((text: string) => boolean) | undefined {
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.test(text);
  } catch (error) {
    if (error instanceof RE2JSException) return undefined;
    throw error;
  }
}
