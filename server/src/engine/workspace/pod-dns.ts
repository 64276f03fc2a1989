/** One pod's own DNS name, as a manifest's text uses it: `db-0.db`, `$(POD_NAME).db.prod.svc`. */
export interface PodDnsName {
  /** `db` of `db-0.db`; `undefined` where the pod's name is a variable. */
  readonly set: string | undefined;
  readonly service: string;
}

// `db-0`, `db-${i}`, `db-$i`, `db-$(N)`; for a whole name only a variable that says so: `$(POD_NAME)`, `${HOSTNAME}`.
const variable = (name: string) => String.raw`\$(?:${name}|\{${name}\}|\(${name}\))`;
const ordinal = String.raw`(?:\d+|${variable(String.raw`\w+`)})`;
const pod = variable(String.raw`\w*(?:POD|HOST|pod|host)\w*`);
const label = "[a-z](?:[-a-z0-9]*[a-z0-9])?";
const pattern = new RegExp(
  // A name is not the middle of a longer one nor of a path, but may follow `//`; the label after the dot is whole.
  String.raw`(?<![-.\w$]|[^/]/)(?:(${label})-${ordinal}|${pod})\.(${label})(?![-\w(/])`,
  "g",
);

// The version of an image looks just like one: `vault-1.x`.
const image = /\bimage:\s*(?:"[^"]*"|'[^']*'|[^\s,}]+)/g;

/**
 * The pod DNS names in a text, each once. A name counts only where its second label is a Service that governs the
 * set; that is for the caller to see, who knows which Services there are.
 */
export function podDnsNames(text: string): readonly PodDnsName[] {
  const names = new Map<string, PodDnsName>();
  for (const line of text.split("\n")) {
    if (!line.includes("-") && !line.includes("$")) continue;
    if (/^\s*#/.test(line)) continue;
    for (const [, set, service] of line.replace(image, "").matchAll(pattern)) {
      if (service !== undefined) names.set(`${set ?? ""}.${service}`, { set, service });
    }
  }
  return [...names.values()];
}

/** A pod's DNS name with a written ordinal: `db-2.db`, `db-2.db.prod.svc.cluster.local`. */
export interface PodReference {
  /** As far as the part that is read here: up to the Service, or to `.svc`. */
  readonly text: string;
  /** Where it begins, as often as it is there. */
  readonly indexes: readonly number[];
  readonly set: string;
  readonly ordinal: number;
  readonly service: string;
  /** Where the name goes on to `.svc`. */
  readonly namespace: string | undefined;
}

const reference = new RegExp(
  String.raw`(?<![-.\w$]|[^/]/)(${label})-(0|[1-9]\d*)\.(${label})(?:\.(${label})\.svc)?(?![-\w(/])`,
  "g",
);

/**
 * The single pods that a text names, each name once; whether there is such a set and Service is for the caller to see.
 */
export function podReferences(text: string): readonly PodReference[] {
  const references = new Map<string, PodReference & { readonly indexes: number[] }>();
  for (const { 0: whole, 1: set, 2: ordinal, 3: service, 4: namespace, index } of text.matchAll(reference)) {
    if (set === undefined || service === undefined) continue;
    const known = references.get(whole);
    if (known !== undefined) known.indexes.push(index);
    else references.set(whole, { text: whole, indexes: [index], set, ordinal: Number(ordinal), service, namespace });
  }
  return [...references.values()];
}
