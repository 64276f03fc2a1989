import { mayBeTemplate } from "./helm/chart.js";
import { isConfigFile } from "./config/config-file.js";
import type { Config } from "./config/config.js";
import { completions, configCompletions, type Cause } from "./features/completion.js";
import type { Completions } from "./features/completion/item.js";
import { configHover } from "./features/config-page.js";
import { hover, type BuiltView, type DefaultsView, type Hover } from "./features/hover.js";
import { previewLens, type PreviewLens } from "./features/lenses.js";
import { symbols, type DocumentSymbol } from "./features/symbols.js";
import { writeFields, type WrittenFields } from "./features/write-fields.js";
import type { ResourceKey } from "./k8s/resource.js";
import { readByDefaults } from "./helm/template.js";
import type { StatefulSet } from "./k8s/statefulset.js";
import { createBuilds } from "./kustomize/builds.js";
import { originOf } from "./kustomize/composed-place.js";
import { changesOf, type FileChange } from "./lint/apply-fix.js";
import { createBuiltCheck } from "./lint/check-built.js";
import { configFindings, createDocumentCheck, type DocumentFinding } from "./lint/check-document.js";
import { coreRules, unusedSuppression } from "./lint/core-rules.js";
import { fixAll, type AllFixes } from "./lint/fix-all.js";
import type { Severity } from "./lint/severity.js";
import { silences, type Silence } from "./lint/silence.js";
import type { FieldEdit } from "./rollout/field-edit.js";
import { readWrittenSpec } from "./rollout/read.js";
import { allRules } from "./rules/all.js";
import { rules } from "./rules/registry.js";
import type { TextEdit } from "./text/edit.js";
import type { LineIndex } from "./text/lines.js";
import { shift, touches, type Span } from "./text/span.js";
import { sentences } from "./words/message.js";
import { printable } from "./words/printable.js";
import { createChartDefaults } from "./workspace/chart-defaults.js";
import { chartDirectory } from "./workspace/chart-scope.js";
import { createConfigs } from "./workspace/config-layers.js";
import { fileAt, fileName, filesBelow, segments } from "./workspace/directory.js";
import type { DocumentId } from "./workspace/summary.js";
import { createScopes, type Unit } from "./workspace/scope.js";
import { createSights } from "./workspace/sight.js";
import { ignored, isJson, resourceSpan, type SourceDocument } from "./workspace/source-file.js";
import { chainsawTests, expectedFiles } from "./workspace/test-asserts.js";
import { withText, type Snapshot } from "./workspace/workspace.js";
import { pathAt } from "./yaml/locate.js";
import { formatPath } from "./yaml/path.js";

/** Everything that can be asked of the workspace as it was when this was made. Spans are in UTF-16 offsets of the file. */
export interface Analysis {
  /** The configuration of a file: of the settings, as the configuration files in and above its directory change it. */
  configOf(uri: string): Config;
  /** All files that are known, in no particular order. */
  uris(): Iterable<string>;
  /** How a file's offsets become lines; `undefined` for a file that is not known. */
  lines(uri: string): LineIndex | undefined;
  /** What is wrong with a file, in the order of its text; nothing for a file that is not known. */
  findings(uri: string): readonly FileFinding[];
  /** The fixes of the findings that touch a stretch of the file. */
  fixes(uri: string, span: Span): readonly FileFix[];
  /**
   * All that may be mended in a file without asking: safe fixes that concern no other file and are the only safe one of
   * their finding, again and again until none is left.
   */
  fixAll(uri: string): AllFixes;
  /** The comments that would silence the findings that touch a stretch of the file, for their line or their document. */
  silences(uri: string, span: Span): readonly FileSilence[];
  hover(uri: string, offset: number): Hover | undefined;
  /** What may be written at an offset; `undefined` where there is nothing to offer. */
  completions(uri: string, offset: number, cause: Cause): Completions | undefined;
  symbols(uri: string): readonly DocumentSymbol[];
  lenses(uri: string): readonly PreviewLens[];
  /** The StatefulSets of a file, in its order. */
  statefulSets(uri: string): readonly PlacedStatefulSet[];
  /** The StatefulSet of `statefulSets` and its field whose key or value holds an offset, as `spec.replicas`. */
  fieldAt(uri: string, offset: number): { readonly index: number; readonly field: string } | undefined;
  /** How to give fields of one of the file's `statefulSets` other values; `undefined` if there is no such set. */
  writeFields(uri: string, index: number, edits: readonly FieldEdit[]): WrittenFields | undefined;
  /** How many documents and StatefulSets a file holds; empty documents do not count. */
  count(uri: string): { readonly documents: number; readonly statefulSets: number };
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
}

/** A fix as text edits; `changes` may concern other files than the finding's. */
export interface FileFix {
  readonly title: string;
  readonly applicability: "safe" | "review";
  readonly finding: FileFinding;
  readonly changes: readonly FileChange[];
}

/** A comment that silences a finding's rule; `edit` is in offsets of the finding's file. */
export interface FileSilence extends Silence {
  readonly finding: FileFinding;
}

export interface PlacedStatefulSet {
  readonly statefulSet: StatefulSet;
  /** As kustomizations build it, where all that read it build the same; `undefined` for one that stands for itself. */
  readonly built: BuiltStatefulSet | undefined;
  /** Its whole YAML document, or its item in a list of objects, in the file. */
  readonly span: Span;
  /** Why its document cannot be read, so that what is known of it is a guess; `undefined` where it can. */
  readonly syntaxError: string | undefined;
}

export interface BuiltStatefulSet {
  readonly statefulSet: StatefulSet;
  /** What a reader calls the kustomizations. */
  readonly builds: readonly string[];
}

/** Makes analyses that share what they compute about equal parts. One for each workspace. */
export function createAnalyses(): (snapshot: Snapshot) => Analysis {
  const scopes = createScopes();
  const sights = createSights();
  const buildsOf = createBuilds();
  const defaultsOf = createChartDefaults();
  const checkBuilt = createBuiltCheck(rules, scopes, sights);
  const check = createDocumentCheck(rules, checkBuilt);
  const sentence = sentences([...rules, ...coreRules]);
  const configs = createConfigs(allRules);
  const foundIn = (snapshot: Snapshot, uri: string): readonly Found[] => {
    const { files, index, layers, complete } = snapshot;
    const way = segments(uri);
    const config = configs.of(way, files, layers);
    const all = buildsOf(files);
    const builds = all.of(uri);
    // A build shows what the surroundings of its bases hold, wherever they are.
    const sight = builds.length > 0 ? [index] : sights(uri, index);
    const use = all.isPatch(uri) ? "patch" : builds.length > 0 ? "built" : "applied";
    return documentsIn(snapshot, uri).flatMap((document, number) => {
      const findings = isConfigFile(uri)
        ? configFindings(configs.read(document.chunk), config)
        : check(document.chunk, {
            config,
            complete,
            index,
            document: { uri, document: number },
            use,
            builds,
            sight,
            scope: () =>
              scopes({ uri, document: number }, { index, complete, externalServices: config.externalServices }),
          });
      return findings.map((finding) => ({ finding, document, number }));
    });
  };
  return (snapshot) => {
    const { files, index, layers, complete } = snapshot;
    const fileOf = (uri: string) => fileAt(files, segments(uri));
    const documentsOf = (uri: string) => documentsIn(snapshot, uri);
    const found = (uri: string) => foundIn(snapshot, uri);

    const toFileFinding = ({ finding, document }: Found): FileFinding => ({
      rule: finding.rule,
      severity: finding.severity,
      text: sentence(finding) + inBuilds(finding.builds ?? []),
      span: shift(finding.span, document.start),
      resource: finding.resource,
      path: formatPath(finding.path),
      related: finding.related.flatMap(({ document: { uri, document: number }, path, text }) => {
        const other = fileOf(uri)?.documents[number];
        if (other === undefined) return [];
        return [{ uri, text, span: shift(other.chunk.document.root.at(...path).span, other.start) }];
      }),
      fixable: finding.fixes.length > 0,
    });

    const scopeOf = (document: DocumentId, unit?: Unit) =>
      scopes(document, { index, complete, unit, externalServices: configOf(document.uri).externalServices });

    /** The resources that have something from a document, in each build that reads it. */
    const builtViews = (id: DocumentId): readonly BuiltView[] =>
      buildsOf(files)
        .of(id.uri)
        .flatMap((build) =>
          build.touchedBy(id).map(({ composed: { base, root }, resource }) => ({
            build: build.name,
            resource,
            base: base?.uri === id.uri && base.document === id.document ? { root } : undefined,
            scope: scopeOf(base ?? id, build.unit),
          })),
        );

    const setsOf = (uri: string) =>
      documentsOf(uri).flatMap((document, number) =>
        statefulSetsOf(document).map((statefulSet) => ({ statefulSet, document, number })),
      );

    const defaultsIn = ({ uri, document }: DocumentId): DefaultsView | undefined => {
      const chunk = documentsOf(uri)[document]?.chunk;
      const chart = chunk?.state === "template" ? chartDirectory(segments(uri), files) : undefined;
      if (chunk === undefined || chart === undefined) return undefined;
      const { context, file, placeOf } = defaultsOf(chart);
      return {
        resources: readByDefaults(chunk.text, context),
        linkTo(path) {
          const place = placeOf(path);
          if (file === undefined || place === undefined) return undefined;
          return {
            file: fileName(file.uri),
            target: `${file.uri}#L${file.lines.position(place.keySpan.start).line + 1}`,
          };
        },
      };
    };

    const builtSet = (id: DocumentId, { place }: StatefulSet): BuiltStatefulSet | undefined => {
      const byDefaults = defaultsIn(id)?.resources.find((resource) => resource.kind === "StatefulSet");
      if (byDefaults !== undefined) return { builds: ["the chart's default values"], statefulSet: byDefaults };
      const sets = builtViews(id).flatMap(({ build, resource, base }) => {
        const isSame = base === undefined || formatPath(base.root) === formatPath(place.path);
        return resource.kind === "StatefulSet" && isSame ? [{ build, statefulSet: resource }] : [];
      });
      const plays = new Set(sets.map(({ statefulSet }) => JSON.stringify(readWrittenSpec(statefulSet))));
      const [first] = sets;
      return first === undefined || plays.size > 1
        ? undefined
        : { statefulSet: first.statefulSet, builds: sets.map(({ build }) => build) };
    };

    const placedStatefulSets = (uri: string): readonly PlacedStatefulSet[] =>
      setsOf(uri).map(({ statefulSet, document, number }) => ({
        statefulSet,
        built: builtSet({ uri, document: number }, statefulSet),
        span: shift(resourceSpan(document.chunk, statefulSet), document.start),
        syntaxError: syntaxErrorOf(document),
      }));

    const configOf = (uri: string) => configs.of(segments(uri), files, layers);

    return {
      configOf,
      *uris() {
        for (const { uri } of filesBelow(files)) yield uri;
      },
      lines: (uri) => fileOf(uri)?.lines,
      findings: (uri) => found(uri).map(toFileFinding),
      fixes: (uri, span) =>
        found(uri)
          .filter(({ finding, document }) => touches(shift(finding.span, document.start), span))
          .flatMap((one) =>
            one.finding.fixes.flatMap((fix) => {
              const changes = changesOf(fix, { uri, document: one.number }, fileOf);
              if (changes === undefined) return [];
              const { title, applicability } = fix;
              return [{ title, applicability, finding: toFileFinding(one), changes }];
            }),
          ),
      fixAll: (uri) =>
        fixAll(fileOf(uri)?.text ?? "", (text) => {
          const then = withText(snapshot, uri, text);
          return safeEdits(foundIn(then, uri), uri, then);
        }),
      silences: (uri, span) =>
        found(uri)
          .filter(({ finding, document }) => touches(shift(finding.span, document.start), span))
          // What is said of the text itself cannot be silenced by the text, and nothing is in JSON, which has no comments.
          .filter(({ finding }) => finding.resource !== undefined && !isJson(uri))
          .flatMap((one) => {
            const { finding, document } = one;
            return silences(document.chunk.text, finding.rule, finding.span).map(({ scope, edit }) => ({
              scope,
              edit: { ...edit, span: shift(edit.span, document.start) },
              finding: toFileFinding(one),
            }));
          }),
      hover(uri, offset) {
        const number = documentsOf(uri).findLastIndex(({ start }) => start <= offset);
        const document = documentsOf(uri)[number];
        if (document === undefined) return undefined;
        if (isConfigFile(uri)) {
          if (configOf(uri).schemaValidation === "off") return undefined;
          const hit = configHover(document.chunk.text, offset - document.start, allRules);
          return hit && { ...hit, span: shift(hit.span, document.start) };
        }
        const scope = scopeOf({ uri, document: number });
        const built = builtViews({ uri, document: number });
        const defaults = defaultsIn({ uri, document: number });
        const hit = hover(document.chunk, offset - document.start, { config: configOf(uri), scope, built, defaults });
        return hit && { ...hit, span: shift(hit.span, document.start) };
      },
      completions(uri, offset, cause) {
        const number = documentsOf(uri).findLastIndex(({ start }) => start <= offset);
        const document = documentsOf(uri)[number];
        if (document === undefined) return undefined;
        const { chunk, start } = document;
        const config = configOf(uri);
        const found = isConfigFile(uri)
          ? configCompletions(chunk.text, offset - start, { cause, config, rules: allRules })
          : completions(chunk.text, offset - start, {
              cause,
              source: mayBeTemplate(uri) ? "chart template" : "manifest",
              scope: scopeOf({ uri, document: number }),
              config,
            });
        return found === undefined || found.items.length === 0
          ? undefined
          : { ...found, word: shift(found.word, start) };
      },
      symbols: (uri) => documentsOf(uri).flatMap(({ chunk, start }) => symbols(chunk, start)),
      lenses(uri) {
        const placed = placedStatefulSets(uri);
        return setsOf(uri).flatMap(({ statefulSet, document }, index) => {
          const built = placed[index]?.built;
          const lens = previewLens(statefulSet, built?.statefulSet ?? statefulSet, index);
          const by = isTemplate(document) && built !== undefined ? " by default" : "";
          return lens === undefined
            ? []
            : [{ ...lens, title: lens.title + by, span: shift(lens.span, document.start) }];
        });
      },
      statefulSets: placedStatefulSets,
      fieldAt(uri, offset) {
        const sets = setsOf(uri);
        const document = documentsOf(uri).findLast(({ start }) => start <= offset);
        if (document === undefined) return undefined;
        const { path, on } = pathAt(document.chunk.document, offset - document.start);
        const index = sets.findIndex(
          (set) => set.document === document && set.statefulSet.place.path.every((step, place) => path[place] === step),
        );
        const own = path.slice(sets[index]?.statefulSet.place.path.length);
        return on === "gap" || index < 0 || own.length === 0 ? undefined : { index, field: formatPath(own) };
      },
      writeFields(uri, index, edits) {
        const set = setsOf(uri)[index];
        if (set === undefined) return undefined;
        const { chunk, start } = set.document;
        const built = placedStatefulSets(uri)[index]?.built;
        const elsewhere = built && edits.find(({ field }) => !isWrittenIn(uri, built.statefulSet, field));
        if (built !== undefined && elsewhere !== undefined) {
          const reason = `${elsewhere.field} is set by ${built.builds.join(", ")}`;
          return { type: "refused", reason };
        }
        const written = writeFields(chunk, set.statefulSet, edits);
        if (written.type === "refused") return written;
        return { ...written, edits: written.edits.map((edit) => ({ ...edit, span: shift(edit.span, start) })) };
      },
      count: (uri) => ({
        documents: documentsOf(uri).filter(({ chunk }) => holdsContent(chunk.text)).length,
        statefulSets: documentsOf(uri).flatMap(statefulSetsOf).length,
      }),
    };
  };
}

/** ` (in overlays/prod and overlays/staging)` */
function inBuilds(builds: readonly string[]): string {
  const [first, second, ...more] = builds.map(printable);
  if (first === undefined) return "";
  if (second === undefined) return ` (in ${first})`;
  return more.length === 0 ? ` (in ${first} and ${second})` : ` (in ${first} and ${more.length + 1} more)`;
}

/** Whether a field of a built set is what stands in the file, or what is missing there. */
function isWrittenIn(uri: string, { place }: StatefulSet, field: string): boolean {
  const origin = originOf(place.at(...field.split(".")));
  return origin === undefined || (origin.untouched && origin.source.document.uri === uri);
}

/**
 * The documents of a file; without a chart around it, what looks like a chart's template is none, and what a test expects is applied
 * by nobody.
 */
function documentsIn({ files, index }: Snapshot, uri: string): readonly SourceDocument[] {
  const way = segments(uri);
  const documents = fileAt(files, way)?.documents ?? [];
  const areExpected = isExpected(files, way);
  if (!areExpected && (!documents.some(isTemplate) || chartDirectory(way, index) !== undefined)) return documents;
  return documents.map((document) =>
    areExpected || isTemplate(document) ? { ...document, chunk: ignored(document.chunk) } : document,
  );
}

/** Whether a test in the same directory only looks whether the cluster has what the file says. */
function isExpected(files: Snapshot["files"], way: readonly string[]): boolean {
  return chainsawTests.some((name) => {
    const test = fileAt(files, [...way.slice(0, -1), name]);
    return test !== undefined && expectedFiles(test.text).has(way.at(-1) ?? "");
  });
}

function isTemplate({ chunk }: SourceDocument): boolean {
  return chunk.state === "template";
}

interface Found {
  readonly finding: DocumentFinding;
  readonly document: SourceDocument;
  readonly number: number;
}

/**
 * The edits of safe fixes, by fix; none where there are several to choose from. As long as files may be missing, no
 * comment is taken for needless: what it silences may be found once they are there.
 */
function* safeEdits(
  found: readonly Found[],
  uri: string,
  { files, complete }: Snapshot,
): Generator<readonly TextEdit[]> {
  for (const { finding, number } of found) {
    if (!complete && finding.rule === unusedSuppression.id) continue;
    const [fix, ...others] = finding.fixes.filter(({ applicability }) => applicability === "safe");
    if (fix === undefined || others.length > 0) continue;
    const changes = changesOf(fix, { uri, document: number }, (other) => fileAt(files, segments(other)));
    if (changes?.every((change) => change.uri === uri) === true) yield changes.flatMap(({ edits }) => edits);
  }
}

function statefulSetsOf({ chunk }: SourceDocument): readonly StatefulSet[] {
  return chunk.resources.filter((resource) => resource.kind === "StatefulSet");
}

/** Whatever the rules about it are set to. Of a template, nobody reads the text as it stands. */
function syntaxErrorOf({ chunk: { document, template } }: SourceDocument): string | undefined {
  return template === undefined ? document.problems.find(({ fatal }) => fatal)?.message : undefined;
}

/** Whether a line of the text is neither blank, nor a comment, nor a marker. */
function holdsContent(text: string): boolean {
  return /^(?!---\s*$|\.\.\.\s*$|\s*#|\s*$)./m.test(text);
}
