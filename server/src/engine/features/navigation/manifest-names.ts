import { kindOf } from "../../kubernetes/resources/kinds.js";
import { groupOf } from "../../kubernetes/object.js";
import { otherKinds } from "../../kubernetes/other-references.js";
import type { Reference } from "../../kubernetes/references.js";
import type { Resource } from "../../kubernetes/resources/resource.js";
import { readSelector, selectorFor, type Selector } from "../../kubernetes/selection.js";
import { readLabelSelector } from "../../kubernetes/selectors.js";
import type { Span } from "../../text/span.js";
import { textOrSymbol, valueOr } from "../../yaml/field.js";
import type { Place } from "../../yaml/place.js";
import { atPlace, type Holder, type ObjectName, type Occurrence, type Sort } from "./occurrence.js";

/** `apps/StatefulSet`, whatever the version. */
export function kindName({ key: { apiVersion, kind } }: Pick<Resource, "key">): string {
  return `${groupOf(apiVersion)}/${kind}`;
}

/** All names that an object writes: its own, those of its parts, and those of others. `text` is that of the chunk. */
export function namesIn(resource: Resource, text: string): readonly Occurrence[] {
  const writer = new Writer(resource, text);
  return [
    ...writer.ownName(),
    ...writer.references(),
    ...writer.derivedClaims(),
    ...writer.dataKeys(),
    ...writer.podNames(),
    ...writer.labels(),
    ...writer.servicePorts(),
  ];
}

class Writer {
  readonly #resource: Resource;
  readonly #text: string;
  readonly #own: Holder;
  readonly #kind: string;
  /** Where the pod template is; `undefined` where the kind has none. */
  readonly #template: Place | undefined;
  readonly #references: readonly Reference[];

  constructor(resource: Resource, text: string) {
    this.#resource = resource;
    this.#text = text;
    this.#own = { type: "own", resource };
    this.#kind = kindName(resource);
    const { apiVersion, kind } = resource.key;
    const other = otherKinds[this.#kind];
    this.#references = kindOf(apiVersion, kind)?.references ?? other?.references ?? [];
    if (resource.kind === "StatefulSet" || resource.kind === "Workload") this.#template = resource.template.place;
    else if (other?.template !== undefined)
      this.#template = resource.place.at(...other.template.split(".").filter((step) => step !== ""));
  }

  /** A name that is all of a scalar; none where the scalar is no text, or will be another one. */
  *#name(
    place: Place,
    rest: { readonly sort: Sort; readonly role?: Occurrence["role"]; readonly holder?: Holder },
    textOf: (name: string) => string = (name) => name,
  ): Generator<Occurrence> {
    const name = textOrSymbol(place.string());
    if (name === undefined || name === "" || !place.exists) return;
    yield atPlace(
      this.#text,
      place,
      {
        text: textOf(name),
        role: "reference",
        field: this.#field(place),
        inside: this.#resource,
        holder: this.#own,
        ...rest,
      },
      name,
    );
  }

  #field(place: Place): string {
    return fieldOf(this.#resource, place);
  }

  #object(kinds: readonly string[], name: string, namespace = this.#resource.key.namespace): ObjectName {
    return { kinds, name, namespace };
  }

  *ownName(): Generator<Occurrence> {
    const metadata = this.#resource.place.at("metadata");
    yield* this.#name(metadata.at("name"), { sort: "object", role: "definition" });
    const namespace = textOrSymbol(metadata.at("namespace").string());
    if (namespace === undefined) return;
    const object = { kinds: ["/Namespace"], name: namespace, namespace: undefined };
    yield* this.#name(metadata.at("namespace"), { sort: "object", holder: { type: "named", object } });
  }

  /** What the fields of its kind name, and the keys beside these names. */
  *references(): Generator<Occurrence> {
    for (const { path, to, kindKey } of this.#references) {
      const steps = path.split(".");
      const last = steps.at(-1) ?? "";
      for (const parent of placesAt(this.#resource.place, steps.slice(0, -1))) {
        const place = parent.at(last);
        const name = textOrSymbol(place.string());
        if (name === undefined || name === "") continue;
        const kind = kindKey === undefined ? undefined : parent.at(kindKey).value();
        const kinds = to.filter((one) => typeof kind !== "string" || one.endsWith(`/${kind}`));
        if (kinds.length === 0) continue;
        const namespace = valueOr(parent.at("namespace").string(), undefined);
        const object = this.#object(kinds, name, namespace ?? this.#resource.key.namespace);
        const holder = { type: "named", object } as const;
        yield* this.#name(place, { sort: "object", holder });
        if (to.includes("/ConfigMap") || to.includes("/Secret")) {
          for (const key of [
            parent.at("key"),
            ...parent
              .at("items")
              .items()
              .map((item) => item.at("key")),
          ])
            yield* this.#name(key, { sort: "key", holder });
        }
        if (to.includes("/Service")) yield* this.#name(parent.at("port", "name"), { sort: "servicePort", holder });
      }
    }
  }

  /** `data-db-0`: a claim that a StatefulSet makes of its template, wherever one is written or used. */
  *derivedClaims(): Generator<Occurrence> {
    const { place } = this.#resource;
    const named = this.#references
      .filter(({ to }) => to.includes("/PersistentVolumeClaim"))
      .flatMap(({ path }) => placesAt(place, path.split(".")));
    const own =
      this.#kind === "/PersistentVolumeClaim"
        ? [
            ["metadata", "name"],
            ["spec", "dataSource", "name"],
            ["spec", "dataSourceRef", "name"],
          ]
        : [];
    for (const one of [...named, ...own.map((path) => place.at(...path))]) yield* this.#claim(one);
  }

  *#claim(place: Place): Generator<Occurrence> {
    const name = valueOr(place.string(), undefined);
    const [, claim = ""] = /^(.*)-(?:0|[1-9]\d*)$/.exec(name ?? "") ?? [];
    if (name === undefined || claim === "") return;
    const whole = atPlace(
      this.#text,
      place,
      {
        sort: "object",
        text: name,
        role: "reference",
        field: this.#field(place),
        inside: this.#resource,
        holder: this.#own,
      },
      name,
    );
    if (whole.span.end - whole.span.start !== name.length) return;
    // Any dash may be the one between the two names: only one that makes sense leads anywhere.
    for (let dash = claim.indexOf("-"); dash > 0; dash = claim.indexOf("-", dash + 1)) {
      const [template, set] = [claim.slice(0, dash), claim.slice(dash + 1)];
      if (set === "") continue;
      const object = { ...this.#object(["apps/StatefulSet"], set), claimTemplate: template };
      const holder = { type: "named", object } as const;
      const { start, end } = whole.span;
      const ofTemplate = { start, end: start + dash };
      const ofSet = { start: start + dash + 1, end: start + claim.length };
      yield { ...whole, sort: "volume", text: template, span: ofTemplate, reach: ofTemplate, holder };
      yield { ...whole, text: set, span: ofSet, reach: { start: ofSet.start, end }, holder };
    }
  }

  *dataKeys(): Generator<Occurrence> {
    if (this.#kind !== "/ConfigMap" && this.#kind !== "/Secret") return;
    for (const map of ["data", "binaryData", "stringData"]) {
      for (const [key, place] of this.#resource.place.at(map).entries()) {
        const span = insideQuotes(this.#text, place.keySpan);
        yield {
          sort: "key",
          text: key,
          role: "definition",
          span,
          scalar: place.keySpan,
          reach: place.keySpan,
          field: `${map}.*`,
          inside: this.#resource,
          holder: this.#own,
        };
      }
    }
  }

  /** Within a pod template: its volumes and what mounts them, its containers and their ports. */
  *podNames(): Generator<Occurrence> {
    const pod = this.#template?.at("spec");
    if (pod === undefined) return;
    const claims = this.#resource.place.at("spec", "volumeClaimTemplates").items();
    const claimNames = new Set<string>();
    for (const claim of this.#kind === "apps/StatefulSet" ? claims : []) {
      const name = claim.at("metadata", "name");
      claimNames.add(textOrSymbol(name.string()) ?? "");
      yield* this.#name(name, { sort: "volume", role: "definition" });
    }
    for (const volume of pod.at("volumes").items()) {
      const name = volume.at("name");
      // The claim takes the place of a volume with its name (`updateStorage` of
      // pkg/controller/statefulset/stateful_set_utils.go, Kubernetes 1.36).
      const isReplaced = claimNames.has(textOrSymbol(name.string()) ?? "");
      yield* this.#name(name, { sort: "volume", role: isReplaced ? "reference" : "definition" });
    }
    const containers = ["initContainers", "containers", "ephemeralContainers"].flatMap((list) => pod.at(list).items());
    for (const container of containers) {
      yield* this.#name(container.at("name"), { sort: "container", role: "definition" });
      for (const mount of [...container.at("volumeMounts").items(), ...container.at("volumeDevices").items()])
        yield* this.#name(mount.at("name"), { sort: "volume" });
      for (const port of container.at("ports").items())
        yield* this.#name(port.at("name"), { sort: "containerPort", role: "definition" });
      for (const port of probePorts(container)) yield* this.#name(port, { sort: "containerPort" });
      for (const variable of container.at("env").items())
        yield* this.#name(variable.at("valueFrom", "resourceFieldRef", "containerName"), { sort: "container" });
    }
  }

  /** The labels of its pods, and what selects pods by theirs. */
  *labels(): Generator<Occurrence> {
    const { place, kind } = this.#resource;
    const template = this.#template;
    if (template !== undefined) {
      yield* this.#labelsOf(template.at("metadata", "labels"), "definition", this.#own);
      if (template !== place) yield* this.#selector(place.at("spec", "selector"), () => this.#own);
      const affinity = template.at("spec", "affinity");
      const required = "requiredDuringSchedulingIgnoredDuringExecution";
      const preferred = "preferredDuringSchedulingIgnoredDuringExecution";
      const terms = ["podAffinity", "podAntiAffinity"].flatMap((one) => [
        ...affinity.at(one, required).items(),
        ...affinity
          .at(one, preferred)
          .items()
          .map((term) => term.at("podAffinityTerm")),
      ]);
      const spread = template.at("spec", "topologySpreadConstraints").items();
      for (const term of [...terms, ...spread]) yield* this.#selector(term.at("labelSelector"), this.#selected);
    } else if (kind === "Service") {
      const map = place.at("spec", "selector");
      const labels = valueOr(map.stringMap(), undefined);
      if (labels !== undefined) yield* this.#labelsOf(map, "reference", this.#selected(selectorFor(labels)));
    } else if (kind === "PodDisruptionBudget") {
      yield* this.#selector(place.at("spec", "selector"), this.#selected);
    } else if (this.#kind === "networking.k8s.io/NetworkPolicy") {
      yield* this.#selector(place.at("spec", "podSelector"), this.#selected);
    }
  }

  readonly #selected = (selector: Selector): Holder => ({ type: "selected", resource: this.#resource, selector });

  *#selector(place: Place, holderOf: (selector: Selector) => Holder): Generator<Occurrence> {
    const selector = readSelector(readLabelSelector(place));
    if (selector === undefined) return;
    const holder = holderOf(selector);
    yield* this.#labelsOf(place.at("matchLabels"), "reference", holder);
    for (const expression of place.at("matchExpressions").items()) {
      const key = valueOr(expression.at("key").string(), undefined);
      if (key === undefined || expression.at("operator").value() !== "In") continue;
      for (const value of expression.at("values").items())
        yield* this.#name(value, { sort: "label", holder }, (text) => `${key}=${text}`);
    }
  }

  *#labelsOf(map: Place, role: Occurrence["role"], holder: Holder): Generator<Occurrence> {
    for (const [key, value] of map.entries()) {
      for (const found of this.#name(value, { sort: "label", role, holder }, (text) => `${key}=${text}`)) {
        const isBeside = value.keySpan.end <= value.span.start;
        yield { ...found, reach: isBeside ? { start: value.keySpan.start, end: value.span.end } : value.span };
      }
    }
  }

  /** The ports of a Service, and the ports of pods that they lead to. */
  *servicePorts(): Generator<Occurrence> {
    if (this.#resource.kind !== "Service") return;
    const labels = valueOr(this.#resource.selector, undefined);
    for (const port of this.#resource.place.at("spec", "ports").items()) {
      yield* this.#name(port.at("name"), { sort: "servicePort", role: "definition" });
      if (labels !== undefined && labels.size > 0)
        yield* this.#name(port.at("targetPort"), {
          sort: "containerPort",
          holder: this.#selected(selectorFor(labels)),
        });
    }
  }
}

/** `spec.ports[].name`: the field of an object at a place. */
export function fieldOf({ place: object }: Pick<Resource, "place">, { path }: Pick<Place, "path">): string {
  return path
    .slice(object.path.length)
    .map((step) => (typeof step === "number" ? "[]" : `.${step}`))
    .join("")
    .slice(1);
}

/** The places of a path of the API, `spec.volumes[].name` in steps, that are written. */
export function placesAt(root: Place, steps: readonly string[]): readonly Place[] {
  return steps.reduce<readonly Place[]>(
    (places, step) =>
      places.flatMap((place) => {
        const child = place.at(step.replace(/\[\]$/, ""));
        if (!child.exists) return [];
        return step.endsWith("[]") ? child.items() : [child];
      }),
    [root],
  );
}

function probePorts(container: Place): readonly Place[] {
  const probes = ["livenessProbe", "readinessProbe", "startupProbe"].map((probe) => container.at(probe));
  const hooks = ["postStart", "preStop"].map((hook) => container.at("lifecycle", hook));
  return [...probes, ...hooks].flatMap((action) => ["httpGet", "tcpSocket"].map((way) => action.at(way, "port")));
}

function insideQuotes(text: string, span: Span): Span {
  const isQuoted = /^["']/.test(text.slice(span.start, span.start + 1));
  return isQuoted ? { start: span.start + 1, end: span.end - 1 } : span;
}
