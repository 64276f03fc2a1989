import type { Span } from "../text/span.js";

/**
 * The escapes of a text in double quotes that JSON and other readers of YAML have and go-yaml v2 refuses: `\/`, and halves
 * of surrogate pairs (`yaml_parser_scan_flow_scalar` in
 * https://github.com/kubernetes-sigs/yaml/blob/v1.4.0/goyaml.v2/scannerc.go).
 */
export function* escapesOnlyJsonHas(text: string): Generator<Span> {
  for (const { 0: escape, index } of text.matchAll(/\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^])/g)) {
    const isSurrogate = /^\\(?:u|U0000)[dD][89a-fA-F]/.test(escape);
    if (escape === "\\/" || isSurrogate) yield { start: index, end: index + escape.length };
  }
}
