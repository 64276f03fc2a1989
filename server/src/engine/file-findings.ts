import type { Config } from "./config/config.js";
import { isConfigFile } from "./config/config-file.js";
import type { ResourceKey } from "./kubernetes/object.js";
import type { Release } from "./kubernetes/versions.js";
import type { createComposedBuilds } from "./builds/composed.js";
import { changedIn, type createChangedObjects } from "./builds/changed-objects.js";
import { buildNames } from "./builds/told-once.js";
import { hasDirective } from "./kustomize/patched-parts.js";
import { changesOf, type FileChange } from "./lint/apply-fix.js";
import { acrossReleases, createVariants } from "./lint/across-releases.js";
import { createBuiltCheck } from "./lint/check-built.js";
import {
  configFindings,
  DocumentCheck,
  laterValuesFindings,
  partFindings,
  templateSyntaxFindings,
  type OfFile,
} from "./lint/check-document.js";
import { partProblems } from "./lint/check-parts.js";
import { coreRules, internalError, unusedSuppression, yamlSyntax } from "./lint/core-rules.js";
import { fixAll, type AllFixes } from "./lint/fix-all.js";
import { failureMessage, failureOnText } from "./lint/internal-error.js";
import type { DocumentFinding } from "./lint/finding.js";
import type { Rule } from "./lint/rule.js";
import { changedFindings, upgradeChanges, upgradeStart, upgradeSteps } from "./lint/upgrade.js";
import type { Severity } from "./config/severity.js";
import { silences, type Silence } from "./lint/silence.js";
import type { TextEdit } from "./text/edit.js";
import { shift, touches, type Span } from "./text/span.js";
import { sentences } from "./words/message.js";
import { printable } from "./text/printable.js";
import { rulePageUrl } from "./words/rule-page.js";
import type { Plays } from "./plays.js";
import type { Configs } from "./workspace/config-layers.js";
import { formerDocument } from "./builds/former-document.js";
import { fileAt, segments } from "./workspace/directory.js";
import { documentsIn, laterValuesIn, templateProblemsIn } from "./workspace/documents-in.js";
import { attempt, type Failure } from "./workspace/failure.js";
import { memoize } from "./workspace/memo.js";
import type { createScopes } from "./workspace/scope.js";
import { createSights } from "./workspace/sight.js";
import { isJson, type ParsedChunk, type SourceDocument, type SourceFile } from "./workspace/source-file.js";
import { isComplete, withText, type Snapshot } from "./workspace/workspace.js";
import { formatPath } from "./yaml/path.js";

/** What can be asked about what is wrong with files. Spans are in UTF-16 offsets of the file. */
export interface FileFindings {
  /** What is wrong with a file, in the order of its text; nothing for a file that is not known. */
  findings(uri: string): readonly FileFinding[];
  /**
   * Does the work of `findings` piece by piece, for who has to stop in between: a base that hundreds of overlays read
   * is judged in each of them. What is done stays done, for later states of the workspace too.
   */
  prepare(uri: string): Iterable<unknown>;
  /**
   * What an upgrade of the cluster from the file's release to a later one changes for the file: what is found there and
   * not here, what is found no more, and what takes or loses effect.
   */
  upgrade(uri: string, to: Release): Upgrade;
  /** The fixes of the findings that touch a stretch of the file. */
  fixes(uri: string, span: Span): readonly FileFix[];
  /**
   * All that may be mended in a file without asking: safe fixes that concern no other file and are the only safe one of
   * their finding, again and again until none is left.
   */
  fixAll(uri: string): AllFixes;
  /**
   * The comments that would silence the findings that touch a stretch of the file, for their line or their document.
   */
  silences(uri: string, span: Span): readonly FileSilence[];
}

/** A finding as a reader meets it: a sentence and a place in a file. */
export interface FileFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly text: string;
  readonly span: Span;
  /** What it is about; `undefined` for findings about the text itself. */
  readonly resource: ResourceKey | undefined;
  /** As `spec.updateStrategy.type`; empty for findings about the text itself. */
  readonly path: string;
  readonly related: readonly { readonly uri: string; readonly span: Span; readonly text: string }[];
  readonly fixable: boolean;
  /** How it can be done all the same: lines of shell, ready to copy. */
  readonly runbook?: readonly string[];
  /** Of `internal-error`: what failed, for a log. */
  readonly failure?: Failure;
}

/** What an upgrade of a cluster changes for a file. */
export interface Upgrade {
  /** See `upgradeStart`. */
  readonly from: Release;
  /** In the order of the text. */
  readonly changes: readonly UpgradeFinding[];
}

/** A finding about an upgrade; its rule is `upgrade` where it is no rule's. */
export interface UpgradeFinding extends FileFinding {
  /** An address where the change is written down. */
  readonly source: string;
}

/** A fix as text edits; `changes` may concern other files than the finding's. */
export interface FileFix {
  readonly title: string;
  readonly applicability: "safe" | "review";
  /** It is what was meant, whatever else could be done. */
  readonly isMeant: boolean;
  readonly finding: FileFinding;
  readonly changes: readonly FileChange[];
}

/** A comment that silences a finding's rule; `edit` is in offsets of the finding's file. */
export interface FileSilence extends Silence {
  readonly finding: FileFinding;
}

/** What the findings of all files share with whatever else is asked of a workspace. */
interface Shared {
  readonly rules: readonly Rule[];
  readonly scopes: ReturnType<typeof createScopes>;
  readonly buildsOf: ReturnType<typeof createComposedBuilds>;
  readonly configs: Configs;
  readonly changedObjects: ReturnType<typeof createChangedObjects>;
  readonly play: Plays;
}

/** Makes the function that judges the files of a snapshot. What is found about equal parts is found once. */
export function createFileFindings(shared: Shared): (snapshot: Snapshot) => FileFindings {
  const checks = new FileChecks(shared);
  return (snapshot) => findingsOf(snapshot, checks);
}

function findingsOf(snapshot: Snapshot, checks: FileChecks): FileFindings {
  const fileOf = (uri: string) => fileAt(snapshot.files, segments(uri));
  const foundAt = (uri: string, span: Span) =>
    checks.found(snapshot, uri).filter(({ finding, document }) => touches(shift(finding.span, document.start), span));
  return {
    findings: (uri) => checks.found(snapshot, uri).map((one) => toFileFinding(one, uri, fileOf)),
    prepare: (uri) => checks.prepare(snapshot, uri),
    upgrade: (uri, to) => checks.upgrade(snapshot, uri, to),
    fixes: (uri, span) =>
      foundAt(uri, span).flatMap((one) =>
        one.finding.fixes.flatMap((fix) => {
          const changes = changesOf(fix, { uri, document: one.number }, fileOf, (id) => formerDocument(id, snapshot));
          if (changes === undefined) return [];
          const { title, applicability, isMeant = false } = fix;
          return [{ title, applicability, isMeant, finding: toFileFinding(one, uri, fileOf), changes }];
        }),
      ),
    fixAll: (uri) =>
      fixAll(fileOf(uri)?.text ?? "", (text) => {
        const then = withText(snapshot, uri, text);
        return safeEdits(checks.found(then, uri), uri, then);
      }),
    silences: (uri, span) =>
      foundAt(uri, span)
        // What is said of the text itself cannot be silenced by the text, and nothing is in JSON, which has no
        // comments.
        .filter(({ finding }) => finding.resource !== undefined && !isJson(uri))
        .flatMap((one) => {
          const { finding, document } = one;
          return silences(document.chunk.text, finding.rule, finding.span).map(({ scope, edit }) => ({
            scope,
            edit: { ...edit, span: shift(edit.span, document.start) },
            finding: toFileFinding(one, uri, fileOf),
          }));
        }),
  };
}

function toFileFinding(
  { finding, document, text: words }: Found,
  own: string,
  fileOf: (uri: string) => SourceFile | undefined,
): FileFinding {
  return {
    rule: finding.rule,
    severity: finding.severity,
    text: [words, ...notesOn(finding).map((note) => `(${note})`)].join(" "),
    span: shift(finding.span, document.start),
    resource: finding.resource,
    path: formatPath(finding.path),
    related: finding.related.flatMap((related) => {
      const { text } = related;
      if (related.document === undefined) {
        return [{ uri: own, text, span: shift(finding.span, document.start) }];
      }
      const { uri, document: number } = related.document;
      const { path } = related;
      const other = fileOf(uri)?.documents[number];
      if (other === undefined) return [];
      return [{ uri, text, span: shift(other.chunk.document.root.at(...path).span, other.start) }];
    }),
    fixable: finding.fixes.length > 0,
    ...(finding.runbook === undefined ? {} : { runbook: finding.runbook }),
    ...(finding.failure === undefined ? {} : { failure: finding.failure }),
  };
}

/** A file that is checked, with what all of its documents are checked by. */
interface CheckedFile extends OfFile {
  readonly snapshot: Snapshot;
  readonly uri: string;
  readonly documents: readonly SourceDocument[];
}

/** Checks the files of a workspace, in one state of it after another. */
class FileChecks {
  readonly #shared: Shared;
  readonly #sights = createSights();
  readonly #variantsOf = createVariants();
  readonly #checkBuilt: ReturnType<typeof createBuiltCheck>;
  /** What is found for one release is kept while another one is checked. */
  readonly #checks: DocumentCheck[] = [];
  readonly #sentence: (finding: DocumentFinding) => string;
  readonly #rulesById: ReadonlyMap<string, Rule>;

  constructor(shared: Shared) {
    const { rules, scopes } = shared;
    this.#shared = shared;
    this.#checkBuilt = createBuiltCheck(rules, scopes, this.#sights);
    // A finding is the same object as long as it says the same.
    this.#sentence = memoize(sentences([...rules, ...coreRules]));
    this.#rulesById = new Map(rules.map((rule) => [rule.id, rule]));
  }

  /** What is wrong with a file, in the order of its text. */
  found(snapshot: Snapshot, uri: string): readonly Found[] {
    const file = this.#checkedFile(snapshot, uri);
    const { config, documents } = file;
    const ofFile = this.#variantsOf(config).map((variant) => ({ ...file, config: variant }));
    const ofPart = partsOf(file);
    const refused = templateProblemsIn(snapshot, uri);
    const laterValues = laterValuesIn(snapshot, uri);
    return documents.flatMap((document, number, { [number + 1]: next }) => {
      const { chunk, start } = document;
      const tell = (finding: DocumentFinding) => ({ finding, document, number, text: this.#sentence(finding) });
      const checked = attempt("Checking this document", () => {
        const joined = withPart(this.#ofDocument(file, ofFile, chunk, number), ofPart(chunk, number));
        if (joined.length === 0 && refused.length === 0 && laterValues === undefined) return [];
        const told = snapshot.lone ? joined.filter((finding) => !this.#isAbsence(finding)) : joined;
        const own = refused.flatMap(({ message, span }) =>
          span.start >= start && span.start < (next?.start ?? Infinity) ? [{ message, span: shift(span, -start) }] : [],
        );
        const values = laterValues?.at === start ? laterValuesFindings(chunk.text, laterValues, config) : [];
        return [...told, ...templateSyntaxFindings(own, config), ...values]
          .toSorted((a, b) => a.span.start - b.span.start)
          .map(tell);
      });
      return checked.type === "done" ? checked.value : failureOnText(checked.failure, config, chunk.text).map(tell);
    });
  }

  /** Makes and judges the builds of a file, one after another: see `FileFindings`. */
  *prepare(snapshot: Snapshot, uri: string): Generator<unknown, void> {
    let count = 0;
    for (const build of this.#shared.buildsOf(snapshot).making(uri)) {
      count += 1;
      yield build;
    }
    // Few are judged at once when they are asked for.
    if (count < 2) return;
    const { builds, documents, ...file } = this.#checkedFile(snapshot, uri);
    const variants = this.#variantsOf(file.config);
    for (const build of builds) {
      for (const [document, { chunk }] of documents.entries()) {
        if (chunk.state === "broken") continue;
        // What fails here fails again where it is asked for, and is reported there.
        attempt("Checking this document", () => {
          for (const config of variants) {
            this.#checkBuilt({ uri, document }, [build], { ...file, config, editOf: () => undefined });
          }
        });
        yield build;
      }
    }
  }

  /** What an upgrade of the cluster changes for a file: see `FileFindings`. */
  upgrade(snapshot: Snapshot, uri: string, to: Release): Upgrade {
    const config = this.#configOf(snapshot, uri);
    const steps = upgradeSteps(config, to);
    const [first, last] = [steps[0], steps.at(-1)];
    const changes =
      first === undefined || last === undefined || isConfigFile(uri)
        ? []
        : [
            ...documentsIn(snapshot, uri).flatMap((document) => changesIn(document, first, last)),
            ...this.#changedFindings(snapshot, uri, steps),
          ];
    return { from: upgradeStart(config, to), changes: changes.toSorted((a, b) => a.span.start - b.span.start) };
  }

  /** The findings that come and go with the releases of an upgrade. */
  #changedFindings(snapshot: Snapshot, uri: string, steps: readonly Config[]): readonly UpgradeFinding[] {
    const then = { ...snapshot, base: undefined };
    const found = steps.map((config) => this.found({ ...then, layers: { settings: config, flags: config } }, uri));
    return [...changedFindings(steps, found)].map(({ told: { finding, document }, text, severity }) => ({
      ...placedIn(document, finding),
      rule: finding.rule,
      severity,
      text,
      source: this.#source(finding.rule),
      resource: finding.resource,
    }));
  }

  /** Where what a rule says is written down. */
  #source(rule: string): string {
    const pages = this.#rulesById.get(rule)?.sources.map((source) => /https:\/\/\S+/.exec(source)?.[0]);
    return pages?.find((page) => page !== undefined) ?? rulePageUrl(rule);
  }

  #configOf({ files, layers }: Snapshot, uri: string): Config {
    return this.#shared.configs.of(segments(uri), files, layers);
  }

  #checkedFile(snapshot: Snapshot, uri: string): CheckedFile {
    const { index } = snapshot;
    const all = this.#shared.buildsOf(snapshot);
    const { isDraft } = all;
    const builds = all.of(uri);
    const documents = documentsIn(snapshot, uri);
    const isPatch = all.isPatch(uri) || (all.isLeftOut(uri) && documents.some(({ chunk }) => hasDirective(chunk.text)));
    return {
      snapshot,
      uri,
      documents,
      config: this.#configOf(snapshot, uri),
      index,
      complete: isComplete(snapshot) || (snapshot.lone && snapshot.unread.size === 0),
      isDraft,
      builds,
      // A build shows what the surroundings of its bases hold, wherever they are.
      sight: builds.length > 0 ? [index, isDraft] : [...this.#sights(uri, index), isDraft],
      use: isPatch ? "patch" : builds.length > 0 ? "built" : "applied",
      play: this.#shared.play,
    };
  }

  /** What is wrong with a document as it stands in its file and its builds, for each of the releases. */
  #ofDocument(
    file: CheckedFile,
    variants: readonly CheckedFile[],
    chunk: ParsedChunk,
    number: number,
  ): readonly DocumentFinding[] {
    const { rules, scopes, configs, changedObjects } = this.#shared;
    const { config, uri, snapshot, builds } = file;
    if (isConfigFile(uri))
      return configFindings(configs.read(chunk), config, () => configs.detect(segments(uri), snapshot.files, config));
    const document = { uri, document: number };
    const objects = changedObjects(snapshot);
    const changed = objects === undefined ? [] : changedIn(document, objects, builds);
    const found = variants.map((variant, place) => {
      const check = (this.#checks[place] ??= new DocumentCheck(rules, this.#checkBuilt));
      const { config: cluster } = variant;
      const { externalServices } = cluster;
      return check.findings(chunk, variant, {
        document,
        changed,
        scope: () => scopes(document, { ...file, externalServices, cluster }),
      });
    });
    return acrossReleases(
      variants.map((variant) => variant.config),
      found,
    );
  }

  #isAbsence({ rule, message }: DocumentFinding): boolean {
    return this.#rulesById.get(rule)?.messages[message.id]?.absence === true;
  }
}

/** What is wrong with each document of a file as a part of it. */
function partsOf({ snapshot, uri, documents, use, config }: CheckedFile) {
  const file = fileAt(snapshot.files, segments(uri));
  const reader = use === "applied" ? "kubectl" : use === "patch" ? "kustomize-patch" : "kustomize";
  const parts = attempt("Checking how this file is separated", () =>
    file === undefined || isConfigFile(uri) ? [] : partProblems(file, documents, reader),
  );
  return ({ text }: ParsedChunk, number: number): readonly DocumentFinding[] => {
    if (parts.type === "failed") return number === 0 ? failureOnText(parts.failure, config, text) : [];
    const problems = parts.value.filter((problem) => problem.document === number);
    return partFindings(problems, config);
  };
}

/** What an upgrade changes for the resources of a document, whatever the rules. */
function changesIn(document: SourceDocument, from: Config, to: Config): readonly UpgradeFinding[] {
  return document.chunk.resources.flatMap((resource) =>
    [...upgradeChanges(resource, from, to)].map((change) => ({
      ...placedIn(document, change),
      rule: "upgrade",
      severity: "info",
      text: change.text,
      source: change.source,
      resource: resource.key,
    })),
  );
}

function placedIn({ start }: SourceDocument, { span, path }: Pick<DocumentFinding, "span" | "path">) {
  return { span: shift(span, start), path: formatPath(path), related: [], fixable: false };
}

/** The finding about a file of which Ordinal cannot even tell what its findings are. */
export function failedFile(failure: Failure): FileFinding {
  const rule = internalError.id;
  return {
    rule,
    severity: internalError.messages.failed.severity,
    text: sentences(coreRules)({ rule, message: failureMessage(failure) }),
    span: { start: 0, end: 0 },
    resource: undefined,
    path: "",
    related: [],
    fixable: false,
    failure,
  };
}

interface Found {
  readonly finding: DocumentFinding;
  /** What it says. */
  readonly text: string;
  readonly document: SourceDocument;
  readonly number: number;
}

/** A line that kubectl does not take for YAML makes nonsense of what the library says of the lines below it. */
function withPart(
  findings: readonly DocumentFinding[],
  ofPart: readonly DocumentFinding[],
): readonly DocumentFinding[] {
  if (ofPart.length === 0) return findings;
  const first = ofPart.find(({ rule }) => rule === yamlSyntax.id)?.span.start ?? Infinity;
  const others = findings.filter(({ rule, span }) => rule !== yamlSyntax.id || span.start < first);
  return [...others, ...ofPart].toSorted((a, b) => a.span.start - b.span.start);
}

/**
 * The edits of safe fixes, by fix; none where there are several to choose from. As long as files may be missing, no
 * comment is taken for needless: what it silences may be found once they are there.
 */
function* safeEdits(found: readonly Found[], uri: string, snapshot: Snapshot): Generator<readonly TextEdit[]> {
  const { files } = snapshot;
  for (const { finding, number } of found) {
    if (!isComplete(snapshot) && finding.rule === unusedSuppression.id) continue;
    const [fix, ...others] = finding.fixes.filter(({ applicability }) => applicability === "safe");
    if (fix === undefined || others.length > 0) continue;
    const changes = changesOf(fix, { uri, document: number }, (other) => fileAt(files, segments(other)));
    if (changes?.every((change) => change.uri === uri) === true) yield changes.flatMap(({ edits }) => edits);
  }
}

/** What a finding says beside its sentence: `in overlays/prod and overlays/staging`. */
function notesOn({ note, builds = [] }: DocumentFinding): readonly string[] {
  const where = builds.length === 0 ? [] : [`in ${buildNames(builds.map(printable))}`];
  return note === undefined ? where : [note, ...where];
}
