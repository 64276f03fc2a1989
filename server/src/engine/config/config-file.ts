import type { TextEdit } from "../text/edit.js";
import type { Span } from "../text/span.js";
import { parse, type ParsedDocument } from "../yaml/parse.js";
import type { Place } from "../yaml/place.js";
import { equal } from "../yaml/plain.js";
import type { Config } from "./config.js";
import { readSettings, unknownKey, type ConfigProblem, type ConfigurableRule } from "./resolve.js";
import { alternatives, inCode } from "../text/code.js";

/** Whether a file is one in which a repository keeps what holds for all below its directory. */
export function isConfigFile(uri: string): boolean {
  return uri.slice(uri.lastIndexOf("/") + 1) === configFileName;
}

export const configFileName = ".ordinal.yaml";

/** What a document of a configuration file gives, and what is wrong with it; spans are of the document. */
export interface ConfigFile {
  readonly given: Partial<Config>;
  readonly problems: readonly ConfigFileProblem[];
  /** Where it says that the release is to be found out. */
  readonly autoSpan: Span | undefined;
}

export interface ConfigFileProblem {
  readonly text: string;
  readonly severity?: "info" | undefined;
  readonly span: Span;
  /** Writes what was probably meant. */
  readonly rewrite: TextEdit | undefined;
}

/** Reads one document of a configuration file. What cannot be used is a problem, and the rest counts. */
export function readConfigFile(text: string, rules: readonly ConfigurableRule[]): ConfigFile {
  const document = parse(text);
  const { root, problems: ofText } = document;
  if (ofText.some(({ fatal }) => fatal)) return { given: {}, problems: ofText.map(problem), autoSpan: undefined };
  if (root.kind !== "map") {
    const isEmpty = root.kind === "absent" || root.kind === "null";
    return {
      given: {},
      problems: isEmpty ? [] : [problem({ message: "This file must be a map of settings", span: root.span })],
      autoSpan: undefined,
    };
  }
  const { given, problems: ofSettings } = readSettings(settingsOf(root, document), rules);
  const problems = [...unknownKeys(root), ...ofSettings].map((one) => placed(one, document));
  return {
    given,
    problems: [...ofText.map(problem), ...problems].toSorted((a, b) => a.span.start - b.span.start),
    autoSpan: given.detectsRelease === true ? root.at("kubernetesVersion").span : undefined,
  };
}

/**
 * The keys that a configuration file may have. Options are among the rules, and who else validates is not the
 * repository's to say.
 */
export const configKeys = [
  "kubernetesVersion",
  "featureGates",
  "profile",
  "loadRestrictor",
  "externalServices",
  "rules",
] as const satisfies readonly (keyof Config)[];

function unknownKeys(root: Place): readonly ConfigProblem[] {
  return root
    .entries()
    .filter(([key]) => !configKeys.some((known) => known === key))
    .map(([key]) =>
      unknownKey([key], `Setting ${inCode(key)} does not exist`, configKeys, `. Use ${alternatives(configKeys)}`),
    );
}

function placed(one: ConfigProblem, { root, text, problems }: ParsedDocument): ConfigFileProblem {
  const { keySpan, span } = root.at(...one.path);
  if (one.on === "value") return { text: one.text, severity: one.severity, span, rewrite: undefined };
  const isTaken = one.near !== undefined && root.at(...one.path.slice(0, -1), one.near).exists;
  // The other one would stay.
  const isTwice = problems.some(({ path }) => path !== undefined && equal(path, one.path));
  if (one.near === undefined || isTaken || isTwice) return { text: one.text, span: keySpan, rewrite: undefined };
  const quote = /^["']/.test(text.slice(keySpan.start)) ? 1 : 0;
  const word = { start: keySpan.start + quote, end: keySpan.end - quote };
  return { text: one.text, span: keySpan, rewrite: { span: word, newText: one.near } };
}

function settingsOf(root: Place, document: ParsedDocument): Readonly<Record<string, unknown>> {
  return Object.fromEntries(configKeys.map((key) => [key, written(root.at(key), document)]));
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
  return { text: message, span, rewrite: undefined };
}
