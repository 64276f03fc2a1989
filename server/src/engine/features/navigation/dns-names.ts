import type { Resource } from "../../kubernetes/resources/resource.js";
import type { Span } from "../../text/span.js";
import { valueOr } from "../../yaml/field.js";
import { pathAt } from "../../yaml/locate.js";
import type { ParsedDocument } from "../../yaml/parse.js";
import { fieldOf } from "./manifest-names.js";
import type { Occurrence } from "./occurrence.js";

/** A host in a text, in offsets of it: `db-0.db.prod.svc`, `db.prod.svc`, the `db` of `http://db:8080`. */
interface Host {
  readonly set: Part | undefined;
  /** Up to the end of the pod's name. */
  readonly podEnd: number;
  readonly service: Part;
  readonly namespace: Part | undefined;
}

interface Part {
  readonly text: string;
  readonly span: Span;
}

const label = "[a-z](?:[-a-z0-9]*[a-z0-9])?";
const variable = String.raw`\$(?:\w+|\{\w+\}|\(\w+\))`;
const before = String.raw`(?<![-.\w$]|[^/:]/)`;
/** `db-0.db`, `db-$(N).db.prod.svc`, `$(POD_NAME).db` */
const podHost = new RegExp(
  String.raw`${before}(?:(${label})-(?:\d+|${variable})|${variable})\.(${label})(?:\.(${label})(?=\.svc\b))?(?![-\w(])`,
  "dg",
);
/** `db.prod.svc` */
const serviceHost = new RegExp(String.raw`${before}(${label})\.(${label})(?=\.svc(?![-\w]))`, "dg");
/** `postgres://user@db:5432` */
const urlHost = new RegExp(String.raw`\b[a-z][-+.a-z]{0,20}://(?:[^\s/@"']*@)?(${label})(?![-\w.{$(])`, "dgi");
/** `ledger`, `ledger:5432`: the value of a variable that is about a host. */
const wholeHost = new RegExp(String.raw`^["']?(${label})(?::\d+)?["']?$`, "d");

/**
 * The Services and StatefulSets that the texts of some objects name by their DNS names. Whether there are such objects is
 * for the caller to see.
 */
export function dnsNames(resources: readonly Resource[], document: ParsedDocument): readonly Occurrence[] {
  // Escapes would hold on to the names behind them: `"\ndb-0.db"`.
  const text = document.text.replace(/\\[abefnrtv"\\]/g, "  ");
  const found = hostsIn(text).flatMap((host) => occurrencesOf(host, resources, document));
  return [...found, ...resources.flatMap((resource) => hostVariables(resource, document))];
}

function hostsIn(text: string): readonly Host[] {
  if (!/\.svc\b|:\/\/|[-$)}\w]\.[a-z]/.test(text)) return [];
  const pods = [...text.matchAll(podHost)].map((match) => hostOf(match, 1, 2, 3));
  const services = [...text.matchAll(serviceHost)].map((match) => hostOf(match, undefined, 1, 2));
  const urls = [...text.matchAll(urlHost)].map((match) => hostOf(match, undefined, 1, undefined));
  return [...pods, ...services, ...urls].filter((host) => host !== undefined);
}

function hostOf(match: RegExpMatchArray, set: number | undefined, service: number, namespace: number | undefined) {
  const part = (group: number | undefined): Part | undefined => {
    const at = group === undefined ? undefined : match.indices?.[group];
    return at && group !== undefined ? { text: match[group] ?? "", span: { start: at[0], end: at[1] } } : undefined;
  };
  const ofService = part(service);
  if (ofService === undefined) return undefined;
  return { set: part(set), podEnd: ofService.span.start - 1, service: ofService, namespace: part(namespace) };
}

function occurrencesOf(
  { set, podEnd, service, namespace }: Host,
  resources: readonly Resource[],
  document: ParsedDocument,
): readonly Occurrence[] {
  const { path, on } = pathAt(document, service.span.start);
  if (on !== "value") return [];
  const resource = resources.find(({ place }) => place.path.every((step, index) => path[index] === step));
  const place = document.root.at(...path);
  // The version of an image looks just like a pod: `vault-1.x`.
  if (resource === undefined || path.at(-1) === "image" || place.span.start > service.span.start) return [];
  const shared = {
    sort: "object",
    role: "reference",
    scalar: place.span,
    field: fieldOf(resource, place),
    inside: resource,
  } as const;
  const where = namespace?.text ?? resource.key.namespace;
  const named = (kind: string, part: Part, reach = part.span, more: { readonly serviceName?: string } = {}) => ({
    ...shared,
    text: part.text,
    span: part.span,
    reach,
    holder: {
      type: "named" as const,
      object: { kinds: [kind], namespace: kind === "/Namespace" ? undefined : where, name: part.text, ...more },
    },
  });
  return [
    named("/Service", service),
    ...(set === undefined
      ? []
      : [named("apps/StatefulSet", set, { start: set.span.start, end: podEnd }, { serviceName: service.text })]),
    ...(namespace === undefined ? [] : [named("/Namespace", namespace)]),
  ];
}

/** `DB_HOST: ledger`, in the variables of containers and the data of ConfigMaps. */
function hostVariables(resource: Resource, { text }: ParsedDocument): readonly Occurrence[] {
  const { place } = resource;
  const data =
    resource.key.kind === "ConfigMap" || resource.key.kind === "Secret"
      ? ["data", "stringData"].flatMap((map) => place.at(map).entries())
      : [];
  const pods = [["spec", "template", "spec"], ["spec"], ["spec", "jobTemplate", "spec", "template", "spec"]];
  const variables = pods
    .flatMap((path) => ["initContainers", "containers"].flatMap((list) => place.at(...path, list).items()))
    .flatMap((container) => container.at("env").items())
    .map((one) => [valueOr(one.at("name").string(), "") ?? "", one.at("value")] as const);
  return [...data, ...variables].flatMap(([name, value]) => {
    if (value.kind !== "scalar" || !/(?:HOST(?:NAME)?|ADDR(?:ESS)?|SERVER|SERVICE|ENDPOINT)$/i.test(name)) return [];
    const { span } = value;
    const match = wholeHost.exec(text.slice(span.start, span.end));
    const [start, end] = match?.indices?.[1] ?? [];
    const service = match?.[1];
    if (start === undefined || end === undefined || service === undefined) return [];
    const own = { start: span.start + start, end: span.start + end };
    return [
      {
        sort: "object",
        text: service,
        role: "reference",
        span: own,
        scalar: span,
        reach: span,
        field: fieldOf(resource, value),
        inside: resource,
        holder: {
          type: "named",
          object: { kinds: ["/Service"], namespace: resource.key.namespace, name: service },
        },
      } satisfies Occurrence,
    ];
  });
}
