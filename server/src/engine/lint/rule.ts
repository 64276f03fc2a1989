import type { Config } from "../config/config.js";
import type { Options, OptionValues } from "../config/options.js";
import type { Refusal } from "../kubernetes/refusal.js";
import type { Kind, Resource, ResourceOf } from "../kubernetes/resources/resource.js";
import type { ShownPlay } from "../maintenance/panel-play.js";
import type { Simulation } from "../rollout/simulate.js";
import type { Scope } from "../workspace/scope.js";
import type { Pointed } from "../yaml/origin.js";
import type { Fix, Related } from "./finding.js";
import { refusalFixes } from "./refusal-fixes.js";
import type { Severity } from "../config/severity.js";
import type { RuleTopic } from "./topics.js";

/**
 * One rule, whole: what it flags, why, how it says so, the check, and examples that are run as tests. Its docs page,
 * its row in the README, its setting and `ordinal explain` are made from this.
 */
export interface Rule<K extends Kind = Kind, M extends string = string, O extends Options = Options> {
  /** Named for what it flags, so that "disable X" reads well. */
  readonly id: string;
  /** Completes "Flags ...": one line of Markdown. */
  readonly flags: string;
  /** Markdown for the page: what goes wrong, on which versions. */
  readonly why: string;
  /** Markdown for the page: when to switch it off. */
  readonly whenNotToUse: string;
  readonly sources: readonly string[];
  /** The version of Ordinal that brought the rule. */
  readonly since: string;
  /** Under which heading the overview lists it. */
  readonly topic: RuleTopic;
  /**
   * `document`: looks at its resource alone; `workspace`: also at `context.scope()`; `edit`: runs only on what differs
   * from the base that the files are compared with, and looks at `context.edit`.
   */
  readonly scope: "document" | "workspace" | "edit";
  /** The kinds of resources that it looks at. */
  readonly kinds: readonly K[];
  /**
   * Also runs on a patch or a fragment of a resource (see `isPartial`): the rule judges values that are there and never
   * misses one.
   */
  readonly onPartial?: true;
  /**
   * Matters of taste, and what half of all real StatefulSets lack: the rule is off unless the profile is `strict` or
   * the user has set its severity.
   */
  readonly recommended?: false;
  /**
   * Says what any editor with the schemas of Kubernetes, or with a parser of YAML, says too: silent where another one
   * does.
   */
  readonly structural?: "schema" | "yaml";
  /** What a user may choose beside the severity: thresholds and lists that differ from team to team. */
  readonly options?: O;
  /** Sentences without a trailing dot; `{name}` is replaced by the value of that name in `data`. */
  readonly messages: Readonly<Record<M, MessageTemplate>>;
  /** Reports on the resource it was given and on nothing else, so that the result can be cached with it. */
  check(resource: ResourceOf<K>, context: RuleContext<M, O>): void;
  readonly examples: readonly Example[];
  /** Plays of nodes of which one shows what goes wrong, where one does: the likeliest first. */
  readonly plays?: readonly ShownPlay[];
}

export interface MessageTemplate {
  readonly severity: Severity;
  readonly text: string;
  /** Says that something is nowhere, which is not said of a file whose surroundings are not known. */
  readonly absence?: true;
}

/**
 * `bad` gives exactly one finding, of this rule; `good` gives none of any rule. A rule that is not `recommended` is
 * switched on for its own examples. Several files: `# file: NAME` lines.
 */
export interface Example {
  readonly title: string;
  /** Of a rule about edits: what the files say at the base, both of `bad` and of `good`. */
  readonly before?: string;
  readonly bad: string;
  readonly good: string;
  /** The Kubernetes version that the example is about; the default one where it is left out. */
  readonly kubernetesVersion?: string;
}

export interface RuleContext<M extends string = string, O extends Options = Options> {
  readonly config: Config;
  /** The rule's own options, as the user has set them or else by default. */
  readonly options: OptionValues<O>;
  /**
   * What else is there. Rules of scope `document` may only ask about what templates write: other results of theirs
   * outlive it.
   */
  readonly scope: () => Scope;
  /** For rules of scope `edit`, always there: how the resource came to be what it is. */
  readonly edit: Edit | undefined;
  /**
   * What the API server refuses of this resource and this rule is to report; without what is merely missing, where the
   * resource is a patch or a fragment.
   */
  readonly refusals: () => readonly Refusal[];
  /** Says a refusal in the message that it names. */
  readonly reportRefusal: (refusal: Refusal, fixes: readonly Fix[], against?: readonly Pointed[]) => void;
  readonly report: Reporter<M>;
}

/**
 * Typed as a method is, as `check` is too: so rules with messages and options of their own are in one list of rules.
 */
type Reporter<M extends string> = { report(report: Report<M>): void }["report"];

export interface Report<M extends string = string> {
  readonly message: M;
  readonly data?: Readonly<Record<string, string | number>>;
  /** The value's text is underlined; for an absent field the nearest key above it. */
  readonly at: Pointed;
  /** What `at` does not fit. Where an overlay brings it and a base has `at`, the finding stands there. */
  readonly against?: readonly Pointed[];
  readonly related?: readonly Related[];
  readonly fixes?: readonly Fix[];
  /** How it can be done all the same: lines of shell, ready to copy. */
  readonly runbook?: readonly string[];
}

/** The change of a resource since the base. */
export interface Edit {
  /** What the base is called: `HEAD (1a2b3c4)` */
  readonly base: string;
  /** The same object as it was there, of the same kind. */
  readonly before: Resource;
  /**
   * What happens to a StatefulSet that is what it was at the base, healthy and up to date, when this is applied with
   * `kubectl apply`. `undefined` for other kinds, and where a tool will still write a part of it.
   */
  readonly play: () => Simulation | undefined;
}

/** Fixes the types: a report names one of the rule's own messages, and the check gets the rule's own options. */
export function defineRule<K extends Kind, const M extends string, O extends Options = Record<string, never>>(
  rule: Rule<K, M, O>,
): Rule<K, M, O> {
  return rule;
}

/** The check of a rule that says what the API server refuses, with what it would accept where that is known. */
export function reportRefusals(
  _: unknown,
  { refusals, reportRefusal }: Pick<RuleContext, "refusals" | "reportRefusal">,
): void {
  for (const refusal of refusals()) reportRefusal(refusal, refusalFixes(refusal));
}
