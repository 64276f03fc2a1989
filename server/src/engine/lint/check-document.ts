import type { ConfigFile, ConfigFileProblem } from "../config/config-file.js";
import type { Config } from "../config/config.js";
import { isRendered } from "../helm/chart.js";
import type { TemplateProblem } from "../helm/syntax.js";
import type { LaterValues } from "../helm/values.js";
import type { ChangedObject } from "../builds/changed-objects.js";
import type { ComposedBuild } from "../builds/composed.js";
import { toldOnce } from "../builds/told-once.js";
import { patchedParts } from "../kustomize/patched-parts.js";
import { spanOf, type BuildFailure, type Remark } from "../kustomize/remark.js";
import { newerText } from "../config/resolve.js";
import type { Resource } from "../kubernetes/resources/resource.js";
import { formatRelease, newestRelease } from "../kubernetes/versions.js";
import type { Simulation } from "../rollout/simulate.js";
import { lineIndex } from "../text/lines.js";
import { shift, type Span } from "../text/span.js";
import type { DetectedReleases } from "../workspace/detected-releases.js";
import type { ListItem } from "../workspace/list-items.js";
import { noting, sameAnswers, type Questions } from "../workspace/questions.js";
import type { Scope } from "../workspace/scope.js";
import { sameSight, type Sight } from "../workspace/sight.js";
import type { ParsedChunk } from "../workspace/source-file.js";
import type { SummaryIndex, DocumentId } from "../workspace/summary.js";
import { parse, type ParsedDocument } from "../yaml/parse.js";
import type { Problem } from "../yaml/problem.js";
import type { createBuiltCheck } from "./check-built.js";
import type { PartProblem } from "./check-parts.js";
import {
  configInvalid,
  duplicateKey,
  gitConflictMarkers,
  helmTemplateSyntax,
  helmValuesDocuments,
  internalError,
  kustomizationFails,
  patchItemWithoutKey,
  unusedSuppression,
  yamlAliasBomb,
  yamlSyntax,
  type CoreRule,
} from "./core-rules.js";
import { templateFindings } from "./check-template.js";
import type { DocumentFinding, DocumentFix, Message } from "./finding.js";
import { asWritten, isSame, locate } from "./locate.js";
import type { Edit, Rule } from "./rule.js";
import { failureOnText, onePerFailure } from "./internal-error.js";
import { isOn, severityOf } from "./is-on.js";
import { runRules, runRulesOn } from "./run.js";
import { suppress, suppressions } from "./suppress.js";
import { judgeUnused } from "./unused-suppression.js";

/** What the findings of a document follow from beside its text. */
type Circumstances = OfFile & OfDocument;

/** What is the same for all documents of a file: it is put together once for all of them. */
export interface OfFile extends Omit<Causes, keyof OfDocument> {
  readonly index: SummaryIndex;
  readonly isDraft: (uri: string) => boolean;
  /** What happens when a change of a StatefulSet is applied. */
  readonly play: (changed: ChangedObject, config: Config) => Simulation | undefined;
}

export interface OfDocument extends Pick<Causes, "document" | "changed"> {
  readonly scope: () => Scope;
}

/** As long as these are the same, so are the findings; compared by identity. */
interface Causes {
  readonly config: Config;
  /** What of the index shows in `scope` and in the builds. */
  readonly sight: Sight;
  readonly complete: boolean;
  /** Equal texts of one file share a chunk. */
  readonly document: DocumentId;
  /**
   * `applied`: the document is applied as it stands. Else kustomizations build something of it, and that is judged:
   * `built` documents only so, a `patch` also as the part of a resource that it is.
   */
  readonly use: "applied" | "built" | "patch";
  readonly builds: readonly ComposedBuild[];
  /** What differs from the base, of what the document writes or of what is built of it. */
  readonly changed: readonly ChangedObject[];
}

/**
 * Finds what is wrong with documents. Results are kept with the chunk: those of document rules until the text or the
 * configuration changes, all until anything in scope does.
 */
export class DocumentCheck {
  readonly #rules: readonly Rule[];
  readonly #checkBuilds: ReturnType<typeof createBuiltCheck>;
  readonly #documentRules: readonly Rule[];
  readonly #workspaceRules: readonly Rule[];
  readonly #editRules: readonly Rule[];
  readonly #ofDocumentRules = new WeakMap<
    ParsedChunk,
    { readonly config: Config; readonly use: Circumstances["use"]; readonly findings: readonly DocumentFinding[] }
  >();
  readonly #ofAllRules = new WeakMap<
    ParsedChunk,
    Causes & { readonly questions: Questions | undefined; readonly findings: readonly DocumentFinding[] }
  >();

  /** Of the items of lists, by their trees; spans are relative to the item. */
  readonly #ofItems = new WeakMap<ParsedDocument, OfItem>();

  constructor(rules: readonly Rule[], checkBuilds: ReturnType<typeof createBuiltCheck>) {
    this.#rules = rules;
    this.#checkBuilds = checkBuilds;
    this.#documentRules = rules.filter((rule) => rule.scope === "document");
    this.#workspaceRules = rules.filter((rule) => rule.scope === "workspace");
    this.#editRules = rules.filter((rule) => rule.scope === "edit");
  }

  /** What is wrong with a document, suppression comments applied, in the order of the text. */
  findings(chunk: ParsedChunk, file: OfFile, own: OfDocument): readonly DocumentFinding[] {
    const { config, sight, complete, use, builds } = file;
    const { document, changed, scope } = own;
    if (chunk.failure !== undefined) return failureOnText(chunk.failure, config, chunk.text);
    switch (chunk.state) {
      case "ignored": {
        // A kustomization, or a patch that is no part of a resource; or the default values of a chart.
        const findings =
          use === "applied" ? this.#ofEdits({ ...file, ...own }) : this.#ofBuilds(chunk, { ...file, ...own });
        return findings.length === 0 ? [] : withSuppressions(parse(chunk.text), findings, this.#rules, config);
      }
      case "broken":
        return fatalFindings(chunk.document, config);
      case "template":
      case "checked": {
        const known = this.#ofAllRules.get(chunk);
        if (known !== undefined && areSame(known, file, own)) {
          if (sameSight(known.sight, sight)) return known.findings;
          if (known.questions !== undefined && sameAnswers(known.questions, scope())) {
            this.#ofAllRules.set(chunk, { ...known, sight });
            return known.findings;
          }
        }
        const asked = noting(scope());
        const ofItems: Questions[] = [];
        const raw = this.#raw(chunk, { ...file, ...own, scope: () => asked.scope }, (item) => {
          const { findings, questions } = this.#ofItem(item, file, own);
          ofItems.push(questions);
          return shifted(findings, item.start);
        });
        const silenced = withSuppressions(chunk.document, raw, this.#rules, config);
        // What a comment silences may be in a part of a build that is not known.
        const isKnown = builds.every((build) => build.isKnown);
        const findings = isKnown ? silenced : silenced.filter(({ rule }) => rule !== unusedSuppression.id);
        // Builds and edits are asked about more than the scope tells.
        const questions = builds.length > 0 || changed.length > 0 ? undefined : [...asked.questions, ...ofItems.flat()];
        this.#ofAllRules.set(chunk, {
          config,
          sight,
          complete,
          document,
          use,
          builds,
          changed,
          questions,
          findings,
        });
        return findings;
      }
    }
  }

  /** What is found before any comment is looked at. */
  #raw(
    chunk: ParsedChunk,
    circumstances: Circumstances,
    ofItem: (item: ListItem) => readonly DocumentFinding[],
  ): readonly DocumentFinding[] {
    const { config, scope, use, document } = circumstances;
    if (chunk.template !== undefined) {
      return [
        ...duplicateKeyFindings(chunk.document, config, "helm"),
        ...(isRendered(document.uri) ? fatalFindings(chunk.document, config) : []),
        ...templateFindings(chunk.template, document.uri, this.#rules, config, scope).map((finding) =>
          locate(finding, asWritten),
        ),
        ...this.#ofEdits(circumstances),
      ];
    }
    const ofText = duplicateKeyFindings(chunk.document, config, scope().isOfChart ? "helm" : "kubectl");
    switch (use) {
      case "applied":
        return [...ofText, ...this.#asWritten(chunk, circumstances, ofItem), ...this.#ofEdits(circumstances)];
      case "built":
        return [...ofText, ...this.#ofBuilds(chunk, circumstances)];
      case "patch":
        return [
          ...ofText,
          ...distinct([...this.#ofDocument(chunk, circumstances), ...this.#ofBuilds(chunk, circumstances)]),
        ];
    }
  }

  #asWritten(
    chunk: ParsedChunk,
    circumstances: Circumstances,
    ofItem: (item: ListItem) => readonly DocumentFinding[],
  ): readonly DocumentFinding[] {
    const { config, scope } = circumstances;
    if (chunk.items !== undefined) return chunk.items.flatMap(ofItem);
    return [
      ...this.#ofDocument(chunk, circumstances),
      ...chunk.resources
        .flatMap((resource) => runRules(this.#workspaceRules, resource, config, scope))
        .map((finding) => locate(finding, asWritten)),
    ];
  }

  /** What all rules find in an item of a list that is applied as it stands. */
  #ofItem({ tree, start, name, resource }: ListItem, file: OfFile, { document, scope }: OfDocument): OfItem {
    const { config, sight, complete } = file;
    const last = this.#ofItems.get(tree);
    const known =
      last?.config === config && last.document.document === document.document && last.name === name ? last : undefined;
    if (known?.complete === complete) {
      if (sameSight(known.sight, sight)) return known;
      if (sameAnswers(known.questions, scope())) {
        const same = { ...known, sight };
        this.#ofItems.set(tree, same);
        return same;
      }
    }
    const object = resource();
    const asked = noting(scope());
    const run = (rules: readonly Rule[]) => {
      const found = object === undefined ? [] : runRules(rules, object, config, () => asked.scope);
      return shifted(
        found.map((finding) => locate(finding, asWritten)),
        -start,
      );
    };
    const ofDocumentRules = known?.ofDocumentRules ?? run(this.#documentRules);
    const findings = [...ofDocumentRules, ...run(this.#workspaceRules)];
    const found = { config, sight, complete, document, name, ofDocumentRules, findings, questions: asked.questions };
    this.#ofItems.set(tree, found);
    return found;
  }

  /** What rules find that look at the document alone. */
  #ofDocument(chunk: ParsedChunk, { config, scope, use }: Circumstances): readonly DocumentFinding[] {
    const known = this.#ofDocumentRules.get(chunk);
    if (known?.config === config && known.use === use) return known.findings;
    const rules = this.#documentRules;
    const found =
      use === "patch"
        ? patchedParts(chunk.document).flatMap((part) => runRulesOn(rules, part, "part", config, scope))
        : chunk.resources.flatMap((resource) => runRules(rules, resource, config, scope));
    const findings = found.map((finding) => locate(finding, asWritten));
    this.#ofDocumentRules.set(chunk, { config, use, findings });
    return findings;
  }

  /**
   * What is found in the changes of a document that stands for itself, or of what is made of a template and the default
   * values of its chart: in each of them what stands there.
   */
  #ofEdits(circumstances: Circumstances): readonly DocumentFinding[] {
    const { changed, config, scope, document } = circumstances;
    return changed.flatMap((object) => {
      const home = object.document ?? document;
      return runRules(this.#editRules, object.after, config, scope, editOf(object, circumstances))
        .filter(({ place }) => isSame(document, place.origin.document ?? home))
        .map((finding) => {
          const located = locate(finding, asWritten);
          const { path } = finding.place;
          const filledIn = { text: "the template fills it in here", document: home, path };
          return isSame(document, home) ? located : { ...located, related: [...located.related, filledIn] };
        });
    });
  }

  /** What is found in what kustomizations build of the document. */
  #ofBuilds({ text }: ParsedChunk, circumstances: Circumstances): readonly DocumentFinding[] {
    const { document, builds, config } = circumstances;
    const failures = builds.flatMap(({ failed }) =>
      failed?.uri === document.uri && document.document === 0 ? failureOnText(failed.failure, config, text) : [],
    );
    const ofBuilds = {
      ...circumstances,
      editOf: (built: Resource) => {
        const object = circumstances.changed.find(({ after }) => after === built);
        return object && editOf(object, circumstances);
      },
    };
    return [...failures, ...remarkFindings(circumstances), ...this.#checkBuilds(document, builds, ofBuilds)];
  }
}

/** What is found in an item of a list, and what it follows from. */
interface OfItem extends Pick<Causes, "config" | "sight" | "complete" | "document"> {
  readonly name: ListItem["name"];
  readonly ofDocumentRules: readonly DocumentFinding[];
  readonly findings: readonly DocumentFinding[];
  readonly questions: Questions;
}

function shifted(findings: readonly DocumentFinding[], by: number): readonly DocumentFinding[] {
  return by === 0 ? findings : findings.map((finding) => ({ ...finding, span: shift(finding.span, by) }));
}

function editOf(changed: ChangedObject, { config, play }: Circumstances): Edit {
  return { base: changed.base, before: changed.before, play: () => play(changed, config) };
}

/** Whether all is the same but for what is seen of other documents. */
function areSame(known: Causes, { config, complete, use, builds }: OfFile, { document, changed }: OfDocument): boolean {
  return (
    known.changed.length === changed.length &&
    known.changed.every(({ base, before, after }, place) => {
      const other = changed[place];
      return base === other?.base && before === other.before && after === other.after;
    }) &&
    known.config === config &&
    known.complete === complete &&
    known.document.document === document.document &&
    known.use === use &&
    known.builds.length === builds.length &&
    known.builds.every((build, place) => build === builds[place])
  );
}

/** What kustomize itself says of a document in its builds, once, with those that say it where not all do. */
function remarkFindings({ document, builds, config, complete }: Circumstances): readonly DocumentFinding[] {
  const found = builds.flatMap(({ label, remarks }) =>
    remarks
      .filter(({ spot: { source }, message }) => {
        const isHere = source.document.uri === document.uri && source.document.document === document.document;
        return isHere && (complete || !needsAllFiles.has(message.id));
      })
      .map((remark) => ({ build: label, finding: remark })),
  );
  const told = toldOnce<Remark & { readonly severity?: never }>(found, (remark) =>
    JSON.stringify([remark.message, spanOf(remark)]),
  );
  return told.flatMap(({ finding: remark, builds: names }) => {
    const { rule, id, data } = remark.message;
    const core = rule === "build" ? kustomizationFails : patchItemWithoutKey;
    const findings = findingOfText(core, config, { id, data }, spanOf(remark), []);
    return findings.map((finding) => ({ ...finding, builds: names.length === builds.length ? [] : names }));
  });
}

/** What is not known as long as files may not have been read. */
const needsAllFiles: ReadonlySet<string> = new Set(["fileMissing", "noKustomization"] satisfies BuildFailure[]);

/** What a patch says and what its builds say of it is the same where it is about the same text. */
function distinct(findings: readonly DocumentFinding[]): readonly DocumentFinding[] {
  const byKey = new Map<string, DocumentFinding>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.rule, finding.message.id, finding.span, finding.failure?.part]);
    if (!byKey.has(key)) byKey.set(key, finding);
  }
  return [...byKey.values()];
}

/** Why a document cannot be read: what follows the first fatal problem is often misread, so it alone is reported. */
export function fatalFindings(document: ParsedDocument, config: Config): readonly DocumentFinding[] {
  return document.problems
    .filter((problem) => problem.fatal)
    .slice(0, 1)
    .flatMap((problem) => {
      const { rule, message } = unreadable(problem);
      return findingOfText(rule, config, { id: message, data: { problem: problem.message } }, problem.span, []);
    });
}

function unreadable({ code }: Problem): { readonly rule: CoreRule; readonly message: string } {
  switch (code) {
    case "conflict-marker":
      return { rule: gitConflictMarkers, message: "conflict" };
    case "alias-bomb":
      return { rule: yamlAliasBomb, message: "bomb" };
    default:
      return { rule: { ...yamlSyntax, structural: "yaml" }, message: "syntax" };
  }
}

/** What is wrong with a document as a part of its file. */
export function partFindings(problems: readonly PartProblem[], config: Config): readonly DocumentFinding[] {
  return problems.flatMap(({ rule, message, span, fixes }) => findingOfText(rule, config, message, span, fixes));
}

/** That a document of a chart's values counts or not, by the version of Helm. */
export function laterValuesFindings(
  text: string,
  { outcome }: LaterValues,
  config: Config,
): readonly DocumentFinding[] {
  const [mark = ""] = /^(?:---|[^\r\n]*)/.exec(text) ?? [];
  return findingOfText(helmValuesDocuments, config, { id: outcome, data: {} }, { start: 0, end: mark.length }, []);
}

/** Why Helm cannot parse a template. */
export function templateSyntaxFindings(
  problems: readonly TemplateProblem[],
  config: Config,
): readonly DocumentFinding[] {
  return problems.flatMap(({ message, span }) =>
    findingOfText(helmTemplateSyntax, config, { id: "syntax", data: { problem: message } }, span, []),
  );
}

/** The keys that a document sets twice: known to its text alone, since reading it takes the last one. */
export function duplicateKeyFindings(
  document: ParsedDocument,
  config: Config,
  reader: "helm" | "kubectl",
): readonly DocumentFinding[] {
  const id = reader === "helm" ? "inTemplate" : "duplicate";
  return document.problems
    .filter(({ code }) => code === "duplicate-key")
    .flatMap(({ message, span, path = [] }) =>
      findingOfText(duplicateKey, config, { id, data: { problem: message } }, span, []).map((finding) => ({
        ...finding,
        path,
      })),
    );
}

/** What is wrong with a document of a configuration file. */
export function configFindings(
  { problems, autoSpan }: ConfigFile,
  config: Config,
  detect: () => DetectedReleases | undefined,
): readonly DocumentFinding[] {
  const detected: readonly ConfigFileProblem[] =
    autoSpan === undefined
      ? []
      : [{ text: detectedText(detect(), config), severity: "info", span: autoSpan, rewrite: undefined }];
  return [...detected, ...problems].flatMap(({ text, severity, span, rewrite }) => {
    const fixes: readonly DocumentFix[] =
      rewrite === undefined
        ? []
        : [{ title: `Write ${rewrite.newText}`, applicability: "review", edits: [{ op: "text", ...rewrite }] }];
    return findingOfText(
      configInvalid,
      config,
      { id: severity === "info" ? "noted" : "invalid", data: { problem: text } },
      span,
      fixes,
    );
  });
}

/** What the setting `auto` comes to. */
function detectedText(detected: DetectedReleases | undefined, { kubernetesVersion }: Config): string {
  if (detected === undefined)
    return `No kind configuration, CI file or chart names a Kubernetes release, so manifests are checked for ${formatRelease(kubernetesVersion)}`;
  const [first, ...others] = detected.releases.map(formatRelease);
  const last = others.at(-1);
  const named = `${detected.file} names Kubernetes ${first}${last === undefined ? "" : ` to ${last}`}`;
  const newest = detected.releases.at(-1);
  if (newest !== undefined && newest.minor > newestRelease.minor) return `${named}. ${newerText(newest)}`;
  return `${named}: manifests are checked for ${last === undefined ? "it" : "all of them"}`;
}

function withSuppressions(
  document: ParsedDocument,
  raw: readonly DocumentFinding[],
  rules: readonly Rule[],
  config: Config,
): readonly DocumentFinding[] {
  const silenceable = [...rules, duplicateKey, internalError, kustomizationFails, patchItemWithoutKey].map(
    ({ id }) => id,
  );
  const { kept, unused } = suppress(onePerFailure(raw), suppressions(document), lineIndex(document.text));
  // What a comment in a template silences may be found with other values, and what failed might have found it.
  if (document.masked !== undefined || raw.some(({ failure }) => failure !== undefined))
    return kept.toSorted((a, b) => a.span.start - b.span.start);
  const ofComments = unused.flatMap(({ suppression, rule }) => {
    const named = rules.find(({ id }) => id === rule);
    // What does not run now may find something where it does.
    if (named !== undefined && (!isOn(named, config) || named.scope === "edit")) return [];
    const { message, fixes } = judgeUnused(document.text, suppression, rule, silenceable);
    return findingOfText(unusedSuppression, config, message, suppression.span, fixes);
  });
  return [...kept, ...ofComments].toSorted((a, b) => a.span.start - b.span.start);
}

function findingOfText(
  rule: CoreRule,
  config: Config,
  message: Message,
  span: Span,
  fixes: readonly DocumentFix[],
): readonly DocumentFinding[] {
  const template = rule.messages[message.id];
  if (template === undefined) throw new Error(`${rule.id} has no message ${message.id}`);
  if (!isOn(rule, config)) return [];
  const severity = severityOf(rule, template.severity, config);
  return [{ rule: rule.id, severity, message, resource: undefined, path: [], span, related: [], fixes }];
}
