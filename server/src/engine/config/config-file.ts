import type { Span } from "../text/span.js";
import { parse, type ParsedDocument } from "../yaml/parse.js";
import type { Place } from "../yaml/place.js";
import type { Config } from "./config.js";
import { didYouMean, readSettings, type ConfigurableRule } from "./resolve.js";

/** Whether a file is one in which a repository keeps what holds for all below its directory. */
export function isConfigFile(uri: string): boolean {
  return uri.slice(uri.lastIndexOf("/") + 1) === configFileName;
}

export const configFileName = ".ordinal.yaml";

/** What a document of a configuration file gives, and what is wrong with it; spans are of the document. */
export interface ConfigFile {
  readonly given: Partial<Config>;
  readonly problems: readonly ConfigFileProblem[];
}

export interface ConfigFileProblem {
  readonly text: string;
  readonly span: Span;
}

/** Reads one document of a configuration file. What cannot be used is a problem, and the rest counts. */
export function readConfigFile(text: string, rules: readonly ConfigurableRule[]): ConfigFile {
  const document = parse(text);
  const { root, problems: ofText } = document;
  if (ofText.some(({ fatal }) => fatal)) return { given: {}, problems: ofText.map(problem) };
  if (root.kind !== "map") {
    const isEmpty = root.kind === "absent" || root.kind === "null";
    return { given: {}, problems: isEmpty ? [] : [{ text: "this is not a map of settings", span: root.span }] };
  }
  const { given, problems } = readSettings(settingsOf(root, document), rules);
  return {
    given,
    problems: [
      ...ofText.map(problem),
      ...unknownKeys(root),
      ...problems.map(({ path, on, text: sentence }) => {
        const { keySpan, span } = root.at(...path);
        return { text: sentence, span: on === "key" ? keySpan : span };
      }),
    ].toSorted((a, b) => a.span.start - b.span.start),
  };
}

/**
 * The keys that a configuration file may have; `Record` so that none is forgotten. Options are among the rules, and who
 * else validates is not the repository's to say.
 */
const keys: Readonly<Record<Exclude<keyof Config, "schemaValidation" | "options">, true>> = {
  kubernetesVersion: true,
  profile: true,
  externalServices: true,
  rules: true,
};

function* unknownKeys(root: Place): Generator<ConfigFileProblem> {
  const known = Object.keys(keys);
  for (const [key, place] of root.entries()) {
    if (known.includes(key)) continue;
    const hint = didYouMean(key, known) ?? `; there are ${known.join(", ")}`;
    yield { text: `there is no setting ${key}${hint}`, span: place.keySpan };
  }
}

function settingsOf(root: Place, document: ParsedDocument): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.keys(keys).map((key) => [key, written(root.at(key), document)]));
}

/**
 * A value as it is meant here: to YAML 1.1, in which Kubernetes reads, `off` is false, and a version 1.30 is the number
 * 1.3 in any YAML; here they are words.
 */
function written(place: Place, document: ParsedDocument): unknown {
  switch (place.kind) {
    case "map":
      return Object.fromEntries(place.entries().map(([key, value]) => [key, written(value, document)]));
    case "list":
      return place.items().map((item) => written(item, document));
    case "opaque":
    case "scalar": {
      const value = place.value();
      const isNumber = typeof value === "number" && place.path[0] !== "kubernetesVersion";
      return isNumber || typeof value === "string" ? value : document.text.slice(place.span.start, place.span.end);
    }
    case "null":
    case "absent":
      return place.value();
  }
}

function problem({ message, span }: { readonly message: string; readonly span: Span }): ConfigFileProblem {
  return { text: message, span };
}
