import { Schema, type ScalarTag } from "yaml";

/**
 * What Kubernetes reads in a plain (unquoted, untagged) scalar. kubectl and the API server read YAML by
 * sigs.k8s.io/yaml, which is go-yaml v2: mostly YAML 1.1, but without sexagesimal numbers (`12:30:45` is a string),
 * with `0o10`, and with timestamps left as strings. Source: `resolve` in
 * https://github.com/kubernetes-sigs/yaml/blob/v1.4.0/goyaml.v2/resolve.go; held against the recordings of Kubernetes
 * 1.36.2 by test/engine/yaml/scalars.test.ts.
 */
export function plainScalar(text: string): string | number | boolean | null {
  const word = words.get(text);
  if (word !== undefined) return word;
  // The first character decides whether a number is tried at all: `_1` is a string, `1_` is 1.
  if (text.startsWith(".")) return fraction.test(text) ? finite(text) : text;
  if (!/^[-+0-9]/.test(text)) return text;

  const digits = text.replaceAll("_", "");
  const integer = integerValue(digits);
  if (integer !== undefined) return integer;
  return float.test(digits) ? finite(digits, text) : text;
}

/**
 * The library's schema for reading a document as Kubernetes does; merge keys stay plain strings here (see place.ts).
 */
export function kubernetesSchema(): Schema {
  return new Schema({
    schema: "failsafe",
    customTags: [plain, ...explicitTags],
    resolveKnownTags: false,
    merge: false,
  });
}

/** Its data is base64, which manifests do not have: the value is there but not ours to judge. */
export const binaryTag = "tag:yaml.org,2002:binary";

const words: ReadonlyMap<string, boolean | number | null> = new Map<string, boolean | number | null>([
  ...["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"].map((word) => [word, true] as const),
  ...["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"].map((word) => [word, false] as const),
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, NaN] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map((word) => [word, Infinity] as const),
  ...["-.inf", "-.Inf", "-.INF"].map((word) => [word, -Infinity] as const),
]);
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const fraction = /^\.[0-9]+(?:[eE][-+]?[0-9]+)?$/;

/** As Go's ParseInt with base 0; `undefined` for other text and for what does not fit 64 bits. */
function integerValue(text: string): number | undefined {
  const parts =
    /^([-+]?)(0[xX](?=[0-9a-fA-F]+$)|0[oO](?=[0-7]+$)|0[bB](?=[01]+$)|0(?=[0-7]+$)|(?=[0-9]+$)(?!0.))([0-9a-fA-F]+)$/.exec(
      text,
    );
  if (parts === null) return undefined;
  const [, sign = "", prefix = "", digits = ""] = parts;
  const magnitude = parseInt(digits, radix(prefix));
  const limit = sign === "-" ? 2 ** 63 : 2 ** 64;
  if (magnitude >= limit) return undefined;
  return sign === "-" ? 0 - magnitude : magnitude;
}

function radix(prefix: string): number {
  switch (prefix.toLowerCase()) {
    case "0x":
      return 16;
    case "0b":
      return 2;
    case "0o":
    case "0":
      return 8;
    default:
      return 10;
  }
}

/** The number, or the text itself where it is too large for one, as Go's ParseFloat refuses it. */
function finite(digits: string, text = digits): number | string {
  const number = Number(digits);
  return Number.isFinite(number) ? number : text;
}

const plain: ScalarTag = { tag: "tag:ordinal,plain", default: true, test: /(?:)/, resolve: plainScalar };

const explicitTags: readonly ScalarTag[] = [
  { tag: "tag:yaml.org,2002:timestamp", resolve: (text) => text },
  { tag: binaryTag, resolve: (text) => text },
  explicit("null", (value) => value === null),
  explicit("bool", (value) => typeof value === "boolean"),
  explicit("int", (value) => Number.isInteger(value)),
  explicit("float", (value) => typeof value === "number"),
];

/** `!!int "3"` is 3: an explicit tag reads quoted text too, and refuses what is not of its type. */
function explicit(name: string, accepts: (value: unknown) => boolean): ScalarTag {
  return {
    tag: `tag:yaml.org,2002:${name}`,
    resolve(text, onError) {
      const value = plainScalar(text);
      if (accepts(value)) return value;
      onError(`${JSON.stringify(text)} is no ${name}`);
      return text;
    },
  };
}
