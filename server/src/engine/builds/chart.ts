import type { Branch } from "../helm/blocks.js";
import { readByDefaults } from "../helm/by-defaults.js";
import type { Reading } from "../helm/template.js";
import type { Resource } from "../kubernetes/resources/resource.js";
import type { SourceText } from "../render/source.js";
import { memoize } from "../workspace/memo.js";
import type { Build, BuiltResource } from "./build.js";
import type { ChartDefaults } from "./chart-defaults.js";

/** What one reading of a chart's template makes in one case, without running helm: other values may add to it. */
export interface ChartBuild extends Build {
  /**
   * Whether a condition asks for the cluster's release, that of the case or of one before it: then what is wrong on
   * another one is not wrong here.
   */
  readonly isByRelease: boolean;
}

export interface ChartBuilds {
  /** With all branches at once, as it is written. */
  readonly written: ChartBuild;
  /** What is there whatever the values are, if the object is. */
  readonly always: ChartBuild;
  /** The case that what stands at an offset is there in: `always`, or that the innermost branch around it is taken. */
  at(offset: number): ChartBuild;
}

/** The builds of one reading of a template; `source` is the text that was read. */
export function chartBuilds({ written, certain, within, branchAt, base }: Reading, source: SourceText): ChartBuilds {
  const build = (label: string, resources: () => readonly Resource[], branch: Branch | undefined): ChartBuild => ({
    ...builtOf(label, resources, ({ span, exists: exact }) => ({ source, span, exact })),
    isByRelease: isByRelease(branch),
  });
  const always = build("whatever the values are", () => certain, base);
  const ofBranch = memoize((branch: Branch) => build(branch.condition, () => within(branch), branch));
  return {
    written: build("with all branches", () => written, undefined),
    always,
    at(offset) {
      const branch = branchAt(offset);
      return branch === undefined ? always : ofBranch(branch);
    },
  };
}

/** What a template makes with the default values of its chart, as far as that follows from them. */
export function defaultBuild(source: SourceText, { context, file, placeOf }: ChartDefaults): Build {
  return builtOf(
    "the chart's default values",
    () => readByDefaults(source.text, context),
    (place) => {
      const { span, exists: exact, origin } = place;
      if (file !== undefined && origin.document !== undefined) {
        const set = { source: file, span: place.keySpan, exact };
        return { ...set, filledFrom: set };
      }
      const written = source.text.slice(span.start, span.end);
      const paths = [...written.matchAll(/\.Values((?:\.\w+)+)/g)].map(([, path = ""]) => path.slice(1).split("."));
      const value = paths.map(placeOf).find((one) => one !== undefined);
      const filledFrom = file && value && { source: file, span: value.keySpan, exact: true };
      return { source, span, exact, ...(filledFrom === undefined ? {} : { filledFrom }) };
    },
  );
}

function builtOf(label: string, resources: () => readonly Resource[], origin: BuiltResource["origin"]): Build {
  return { label, isKnown: false, resources: () => resources().map((resource) => ({ resource, origin })) };
}

function isByRelease(branch: Branch | undefined): boolean {
  for (let one = branch; one !== undefined; one = one.parent) {
    const { branches } = one.block;
    const asked = branches.slice(0, branches.indexOf(one) + 1);
    if (asked.some(({ condition }) => /Capabilities|semver|kube-?version|apiVersion/i.test(condition))) return true;
  }
  return false;
}
