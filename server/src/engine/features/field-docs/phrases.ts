import { counted } from "../../words/counted.js";
import { code } from "../../words/markdown.js";
import type { Field } from "../../yaml/field.js";
import type { PodNames } from "../../kubernetes/kinds/statefulset.js";
import type { KnownSet } from "./known-set.js";

/** A stretch of the pods by their indexes, the last one not included. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export function allOf(pods: PodNames): Stretch {
  return { from: 0, to: pods.count };
}

/** `db-0`, `db-1`, `db-2`; a long list is shortened to its ends: `db-0` ... `db-999`. */
export function podList(pods: PodNames, stretch: Stretch): string {
  return nameList(stretch, pods.name);
}

/** The same, the highest ordinal first, as pods are deleted. */
export function podListDown(pods: PodNames, { from, to }: Stretch): string {
  return nameList({ from: 0, to: to - from }, (step) => pods.name(to - 1 - step));
}

/** `data-db-0`, `data-db-1`; of several templates each in its turn. */
export function claimList(pods: PodNames, templates: readonly string[], stretch: Stretch): string {
  const shown = templates
    .slice(0, longestList)
    .map((template) => nameList(stretch, (index) => `${template}-${pods.name(index)}`));
  const more = templates.length - shown.length;
  return [...shown, ...(more > 0 ? [`those of ${counted(more, "more template")}`] : [])].join(", ");
}

/** `must be greater than or equal to 0`, and the field is an int32 (truth/validation.jsonl). */
export function refusedNumber(field: Field<number>): readonly string[] {
  const refused =
    field.state === "invalid" || (field.state === "present" && (field.value < 0 || field.value >= 2 ** 31));
  return refused ? ["The API server refuses this value: it takes a whole number from 0 to 2147483647."] : [];
}

/** Words of an enumeration are taken as they are written, capitals included (truth/validation.jsonl). */
export function refusedWord(field: Field<string>, words: readonly string[]): readonly string[] {
  const refused = field.state === "invalid" || (field.state === "present" && !words.includes(field.value));
  return refused ? [`The API server refuses this value: it takes ${words.map(code).join(", ")}.`] : [];
}

/** `gets` after one pod, `get` after several. */
export function verb({ from, to }: Stretch, plural: string): string {
  return to - from === 1 ? `${plural}s` : plural;
}

/** `db-0.db.prod.svc.cluster.local`; the namespace is a placeholder where it is left open. */
export function dnsList(pods: PodNames, service: string, namespace: string | undefined): string {
  return nameList(allOf(pods), (index) => dnsName(pods.name(index), service, namespace));
}

/** Not quoted; `pod` may be a placeholder too. */
export function dnsName(pod: string, service: string, namespace: string | undefined): string {
  return `${pod}.${service}.${namespace ?? "<namespace>"}.svc.cluster.local`;
}

/** Said once beside DNS names: kubelet's `clusterDomain` may be another. */
export const clusterDomainNote = "(`cluster.local` is the default cluster domain)";

/** What an OrderedReady set waits for at each pod: `is Ready`, `has been Ready for 30 seconds`. */
export function healthy({ minReadySeconds }: KnownSet): string {
  if (minReadySeconds === undefined) return "is Ready and Available";
  return minReadySeconds === 0 ? "is Ready" : `has been Ready for ${counted(minReadySeconds, "second")}`;
}

const longestList = 4;

function nameList({ from, to }: Stretch, name: (index: number) => string): string {
  if (to - from > longestList) return `${code(name(from))} ... ${code(name(to - 1))}`;
  return Array.from({ length: to - from }, (_, step) => code(name(from + step))).join(", ");
}
