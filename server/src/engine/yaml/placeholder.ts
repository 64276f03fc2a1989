import type { Path } from "./path.js";

/**
 * Whether a tool will replace a part of a scalar before Kubernetes reads it: `{{ .Values.x }}` of Go and Jinja
 * templates, `${X}` and `$X` of envsubst and Flux, `${{X}}` of OpenShift, `$(X)` of Kustomize, `@X@`, `<X>`, `%%X%%`,
 * `__X__`, `((X))` and `#{X}#` of scripts and pipelines, `<%= x %>` of ERB, `?{gpg:x}` of Kapitan; or a person: `...`,
 * alone.
 */
export function holdsPlaceholder(path: Path, text: string): boolean {
  if (text !== "..." && !/[{$@<_(%]/.test(text)) return false;
  const braces = text.indexOf("{{");
  if (braces !== -1 && text.includes("}}", braces)) return true;
  if (/@[A-Za-z_][\w.-]*@/.test(text) || isExpanded(text)) return true;
  // To a shell all the others mean something.
  if (path.some((step) => step === "command" || step === "args")) return false;
  const erb = text.indexOf("<%");
  return (
    placeholders.some((placeholder) => placeholder.test(text)) ||
    underlined(text) ||
    (erb !== -1 && text.includes("%>", erb))
  );
}

/** `${X}`; a script's own `${i}`, which it sets itself, is only text. */
function isExpanded(text: string): boolean {
  const loops = text.matchAll(/\bfor\s+(\w+)\s+in\s/g);
  const assignments = text.matchAll(/(?:^|[\s;(])(\w+)=/g);
  const own = new Set([...loops, ...assignments].map(([, name]) => name));
  const lastEnd = text.lastIndexOf("}");
  return [...text.matchAll(/\$\{(\w+)/g)].some(({ index, 1: name }) => index < lastEnd && !own.has(name));
}

const placeholders: readonly RegExp[] = [
  /\$[A-Za-z_]\w*/,
  /\$\([A-Za-z_][\w.-]*\)/,
  /(?:^|[-./:@= ])<[A-Za-z][\w .,:()/-]*>/,
  /%%\w+%%/,
  /\(\([ \t]*[A-Za-z][\w./-]*[ \t]*\)\)/,
  /#\{[\w.-]+\}/,
  /\?\{[a-z][a-z0-9]*:[^{}\n]+\}/,
  /^\.\.\.$/,
];

/** `__X__` */
function underlined(text: string): boolean {
  return text.split(/\W/).some((word) => /^__[A-Za-z0-9]+(?:_[A-Za-z0-9]+)*__$/.test(word));
}

/**
 * Whether a whole document is input for a tool, so that what it says as YAML need not mean anything: `{{` outside of
 * `${{X}}`, lines of control (`{% if x %}`, `<% if x %>`, `<#if x>`), the comments of ytt (`#@ if x:`), or a value that
 * YAML takes for a comment (`name: #{X}#`).
 */
export function isTemplate(text: string): boolean {
  return partOfMark.test(text) && templateMark.test(text);
}

/** In each of the marks, and found in a fifth of the time. */
const partOfMark = /\{[{%]|<[%#/]|#[@{]/;

const templateMark =
  /(?<!\$)\{\{|\$\{\{(?!\w+\}\})|^[ \t]*(?:\{%|<%|<\/?#[a-z])|(?:^|[ \t])#@(?: |[a-z]+[/(])|:[ \t]+#\{[\w.-]+\}#?[ \t]*\r?$/m;

/**
 * Whether a text that is no YAML is some tool's: with a value that begins as no plain scalar can (`@X@`, `%X%`,
 * `{X}-db`), or with a line that is nothing but a placeholder.
 */
export function isUnreadableTemplate(text: string): boolean {
  return unreadable.test(text);
}

const unreadable =
  /(?:^|[ \t[{,])(?:@[A-Za-z_][\w.-]*@|%%?[A-Za-z_]\w*%)|[:-][ \t]+\{[A-Za-z_]\w*\}[\w./:{-]|^[ \t]*(?:- )?(?:<[A-Za-z][^<>\n]*>|__\w+__|\$\{\w[^}\n]*\}|\$\w+)[ \t]*\r?$/m;

/**
 * Whether a text has a word in capitals that asks to be replaced, where Kubernetes takes no capitals, so that the value
 * could never be meant: `NAME`, `FROM_OVERLAY`, `RELEASE-NAME-db`. Other capitals are a mistake. So is an underscore,
 * but for a text that says what belongs there: `service_name`, or `target_port` as the `targetPort`.
 */
export function isBlankOfForm(path: Path, text: string): boolean {
  const key = path.at(-1);
  if (typeof key !== "string" || !lowerCaseKeys.has(key)) return false;
  const parent = path.findLast((step, index) => typeof step === "string" && index < path.length - 1);
  return !freeMaps.has(parent ?? "") && (asksToBeReplaced(text) || saysWhatItIs(key, text));
}

function saysWhatItIs(key: string, text: string): boolean {
  const inSnakeCase = key.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
  return /^[a-z][a-z0-9_]*_(?:name|namespace|address)$/.test(text) || (text === inSnakeCase && text !== key);
}

/**
 * Whether a text has such a word, or says it in small letters: `replace_port`. It says nothing about what its place may
 * hold.
 */
export function asksToBeReplaced(text: string): boolean {
  if (/(?:^|[^A-Za-z0-9])replace_[a-z]/.test(text)) return true;
  return text.split(/[^A-Za-z0-9]+/).some((word) => blanks.has(word) || /^X{3,}$/.test(word));
}

const blanks: ReadonlySet<string> = new Set(
  `APP BUCKET CHANGE CHANGED CHANGEME CHANGEIT CLASS COUNT DOMAIN FILL FIXME HERE HOSTNAME IMAGE INSERT NAME NAMESPACE OVERLAY
   PLACEHOLDER RELEASE REPLACE REPLACED REPLACEME REPLICAS SIZE STORAGECLASS TAG TBD TODO VALUE VERSION YOUR`.split(
    /\s+/,
  ),
);

/** Fields whose values are DNS names of some sort (apimachinery pkg/util/validation, Kubernetes 1.36). */
const lowerCaseKeys: ReadonlySet<string> = new Set([
  "claimName",
  "externalName",
  "hostname",
  "name",
  "namespace",
  "priorityClassName",
  "secretName",
  "serviceAccountName",
  "serviceName",
  "storageClassName",
  "subdomain",
  "targetPort",
]);

/** Where a key of that name is something else: the name of a variable or header, a label. */
const freeMaps: ReadonlySet<string | number> = new Set([
  "annotations",
  "data",
  "env",
  "httpHeaders",
  "labels",
  "matchLabels",
  "nodeSelector",
  "selector",
  "stringData",
]);
