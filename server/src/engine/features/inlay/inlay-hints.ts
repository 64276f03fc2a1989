import { buildNames } from "../../builds/told-once.js";
import {
  describeClaim,
  describeClaims,
  describePods,
  isPartial,
  podNames,
  type PodNames,
  type StatefulSet,
} from "../../kubernetes/kinds/statefulset.js";
import { behaviourOf } from "../../kubernetes/versions.js";
import { grouped } from "../../text/grouped.js";
import { printable } from "../../text/printable.js";
import { shift, touches, type Span } from "../../text/span.js";
import { autoscalersOf } from "../../workspace/autoscalers.js";
import { governingService } from "../../workspace/governing-service.js";
import { textOrSymbol, valueOr } from "../../yaml/field.js";
import type { Path } from "../../yaml/path.js";
import type { Place } from "../../yaml/place.js";
import type { BuiltView, Document } from "../document.js";
import { builtSet, builtSets, setsOf, type WrittenSet } from "../preview/sets.js";

/**
 * What is shown behind values without being written. `pods`: the names of pods and claims; `dnsNames`: those of the
 * pods; `defaults`: what holds where nothing is written; `overlays`: what kustomizations make of a value.
 */
export const hintKinds = ["pods", "dnsNames", "defaults", "overlays"] as const;
export type HintKind = (typeof hintKinds)[number];

/** What the setting of each kind is for. */
export const hintMeanings: Readonly<Record<HintKind, string>> = {
  pods: "Shows the names of pods and PersistentVolumeClaims behind `replicas` and claim templates.",
  dnsNames: "Shows the DNS name of a pod behind `serviceName`.",
  defaults: "Shows behind `spec` what Kubernetes fills in where nothing is written.",
  overlays: "Shows what kustomizations make of a value, such as `dev: 1, prod: 5` behind `replicas` of a base.",
};

export interface InlayHint {
  /** In the file, at the end of what it is about. */
  readonly offset: number;
  readonly text: string;
  /** A sentence. */
  readonly tooltip: string;
}

/** The hints of some kinds in a stretch of a file, in the order of the text. */
export function inlayHints(
  documents: readonly Document[],
  span: Span,
  kinds: ReadonlySet<HintKind>,
): readonly InlayHint[] {
  const shown = documents.filter(({ start, chunk }) => touches({ start, end: start + chunk.text.length }, span));
  return shown
    .flatMap((document) => [
      ...setsOf([document]).flatMap((set) => hintsOfSet(set, kinds)),
      ...(kinds.has("overlays") ? overlayHints(document) : []),
    ])
    .filter(({ offset }) => offset >= span.start && offset <= span.end)
    .toSorted((one, other) => one.offset - other.offset);
}

function hintsOfSet(written: WrittenSet, kinds: ReadonlySet<HintKind>): readonly InlayHint[] {
  const { statefulSet, document } = written;
  const built = builtSets(written).map((one) => one.statefulSet);
  const applied = built.length === 0 && document.chunk.state !== "template" ? statefulSet : undefined;
  const [first, ...others] = built;
  const same = first !== undefined && others.every((one) => namesOf(one) === namesOf(first)) ? first : undefined;
  const set = builtSet(written)?.statefulSet ?? same ?? applied;
  if (set === undefined || isPartial(set)) return [];
  const pods = autoscalersOf(set.key, document.scope()).length > 0 ? undefined : podNames(set);
  return [
    ...(kinds.has("pods") ? podHints(written, set, pods) : []),
    ...(kinds.has("dnsNames") && pods !== undefined ? dnsHints(written, set, pods) : []),
    ...(kinds.has("defaults") && applied !== undefined ? defaultHints(written) : []),
  ];
}

/** Equal for sets with the same pods, claims and Service. */
function namesOf(set: StatefulSet): string {
  const pods = podNames(set);
  return JSON.stringify([pods && describePods(pods), describeClaims(set), textOrSymbol(set.serviceName), set.key]);
}

function podHints(
  { statefulSet: { spec, claimTemplates }, document }: WrittenSet,
  set: StatefulSet,
  pods: PodNames | undefined,
): readonly InlayHint[] {
  if (pods === undefined) return [];
  const hints = behind(document, spec.at("replicas"), describePods(pods), "The names of the pods");
  const templates = claimTemplates.state === "present" ? claimTemplates.value : [];
  // A build may have others than the file.
  const builtTemplates = set.claimTemplates.state === "present" ? set.claimTemplates.value : [];
  if (templates.length !== builtTemplates.length) return hints;
  return [
    ...hints,
    ...builtTemplates.flatMap((template, index) => {
      const name = valueOr(template.name, undefined);
      const place = spec.at("volumeClaimTemplates", index, "metadata", "name");
      return name === undefined ? [] : behind(document, place, describeClaim(pods, name), "The names of the claims");
    }),
  ];
}

function dnsHints({ statefulSet, document }: WrittenSet, set: StatefulSet, pods: PodNames): readonly InlayHint[] {
  const service = governingService(set, document.scope());
  if (service === undefined || pods.count === 0 || service.candidates.length === 0) return [];
  if (!service.candidates.every(({ headless }) => headless === true)) return [];
  const { namespace } = set.key;
  const name = `${pods.name(0)}.${service.name}${namespace === undefined ? "" : `.${namespace}.svc`}`;
  const text = pods.count === 1 ? name : `${name}, ...`;
  return behind(document, statefulSet.spec.at("serviceName"), text, "The DNS names of the pods");
}

/** What the API server fills in (pkg/apis/apps/v1/defaults.go, Kubernetes 1.36), as far as it decides about rollouts. */
function defaultHints({ statefulSet: set, document }: WrittenSet): readonly InlayHint[] {
  const { spec, updateStrategy, retention, claimTemplates, podManagementPolicy, replicas } = set;
  if (spec.isOpen) return [];
  const { kubernetesVersion, featureGates } = document.config;
  const hasRetention = behaviourOf(kubernetesVersion, featureGates).claimRetention;
  const hasClaims = (valueOr(claimTemplates, []) ?? []).length > 0;
  const defaults = [
    ...(replicas.state === "absent" ? ["replicas: 1"] : []),
    ...(podManagementPolicy.state === "absent" ? ["podManagementPolicy: OrderedReady"] : []),
    ...(updateStrategy.type.state === "absent" ? ["updateStrategy: RollingUpdate"] : []),
    ...(hasClaims && hasRetention && !retention.place.exists ? ["claims: Retain"] : []),
  ];
  if (defaults.length === 0) return [];
  const { keySpan } = spec;
  const colon = document.chunk.text.indexOf(":", keySpan.end);
  if (colon === -1) return [];
  return [
    {
      offset: document.start + colon + 1,
      text: defaults.join(", "),
      tooltip: "Not written here: what Kubernetes fills in",
    },
  ];
}

/** `dev: 1, prod: 5` behind each value of a spec that kustomizations change. */
function overlayHints(document: Document): readonly InlayHint[] {
  const views = document.builds().filter(({ base }) => base !== undefined);
  const byObject = grouped(views, ({ base }) => JSON.stringify(base?.root));
  return [...byObject.values()].flatMap((built) => {
    const [first] = built;
    const written = document.chunk.document.root.at(...(first?.base?.root ?? []), "spec");
    return leaves(written).flatMap((leaf) => {
      const path = leaf.path.slice(written.path.length);
      const text = changedIn(leaf, path, written, built);
      return text === undefined ? [] : behind(document, leaf, text, "What the kustomizations make of it");
    });
  });
}

function changedIn(leaf: Place, path: Path, written: Place, views: readonly BuiltView[]): string | undefined {
  const own = leaf.source ?? "";
  const byValue = new Map<string, string[]>();
  for (const { build, resource } of views) {
    const place = sameIn(resource.place.at("spec"), path, written);
    const value = place === undefined ? "removed" : (place.source ?? textOrSymbol(place.string()) ?? "?");
    byValue.set(value, [...(byValue.get(value) ?? []), build]);
  }
  const values = [...byValue.keys()];
  // The hash that kustomize puts behind the name of a generated ConfigMap says nothing to a reader.
  const isHash = (value: string) => value.startsWith(`${own}-`) && /^[0-9a-z]{10}$/.test(value.slice(own.length + 1));
  if (values.every((value) => value === own || isHash(value))) return undefined;
  return [...byValue].map(([value, builds]) => `${buildNames(builds.map(printable))}: ${printable(value)}`).join(", ");
}

/** The place of a built object that stands for one of the written: items of lists with names go by these. */
function sameIn(built: Place, path: Path, written: Place): Place | undefined {
  let place = built;
  let own = written;
  for (const step of path) {
    own = own.at(step);
    const name = typeof step === "number" ? own.at("name").value() : undefined;
    const next = name === undefined ? place.at(step) : place.items().find((item) => item.at("name").value() === name);
    if (next === undefined || !next.exists) return undefined;
    place = next;
  }
  return place;
}

/** The scalars of one line that are written below a place. */
function leaves(place: Place): readonly Place[] {
  switch (place.kind) {
    case "map":
      return place.entries().flatMap(([, child]) => leaves(child));
    case "list":
      return place.items().flatMap(leaves);
    case "scalar":
      return place.source?.includes("\n") === true ? [] : [place];
    default:
      return [];
  }
}

function behind({ start }: Document, place: Place, text: string, tooltip: string): readonly InlayHint[] {
  return place.exists ? [{ offset: shift(place.span, start).end, text: printable(text), tooltip }] : [];
}
