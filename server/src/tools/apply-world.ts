import { changesBetween, type Change } from "../engine/apply/changes.js";
import { at, isObject, parseJson, withAt, type Json, type JsonObject } from "../engine/apply/json.js";
import {
  clientSideApply,
  createSet,
  editSet,
  exported,
  patchSet,
  replaceSet,
  serverSideApplied,
  type KubectlOptions,
} from "../engine/apply/kubectl.js";
import { describeManager, lastAppliedAnnotation } from "../engine/apply/managers.js";
import { formatFieldPath } from "../engine/apply/typed.js";
import {
  generationOf,
  scale,
  type Answer,
  type ApiServer,
  type ServerError,
  type StoredSet,
} from "../engine/apply/server.js";
import type { Config } from "../engine/config/config.js";
import { behaviourOf, type Behaviour } from "../engine/kubernetes/versions.js";
import { checkRequest, readRequest } from "../engine/lint/check-request.js";
import { applySpec } from "../engine/rollout/apply.js";
import {
  becomeReady,
  becomeUnready,
  deleteClaim,
  deletePod,
  nextVanishingClaim,
  removeClaim,
  removePod,
} from "../engine/rollout/cluster.js";
import { sync } from "../engine/rollout/controller.js";
import { deleteSet, type Propagation } from "../engine/rollout/deletion.js";
import { readWrittenSpec } from "../engine/rollout/read.js";
import { podsOf } from "../engine/rollout/slots.js";
import { podName, type WrittenSpec } from "../engine/rollout/spec.js";
import { canonicalJson } from "../engine/kubernetes/canonical-json.js";
import { emptyCluster, isFinished, type ClusterState } from "../engine/rollout/state.js";
import type { Pod } from "../engine/rollout/slot.js";
import { rules } from "../engine/rules/registry.js";
import { formatPath, type Path } from "../engine/yaml/path.js";
import { split } from "../engine/yaml/split.js";
import type { RecordedStep } from "./apply-recording.js";
import { isRefusedByServer, type ServerError as Told } from "./validate.js";

/** The cluster of a recording, and what is read of texts: many recordings have the same. */
export interface Replay {
  readonly server: ApiServer;
  readonly behaviour: Behaviour;
  readonly manifestsIn: (text: string) => readonly JsonObject[];
  readonly specIn: (text: string) => WrittenSpec;
}

export function replayIn(config: Config): Replay {
  return {
    server: serverOf(config),
    behaviour: behaviourOf(config.kubernetesVersion, config.featureGates),
    manifestsIn: remembered(readManifests),
    specIn: remembered(writtenSpecIn),
  };
}

function remembered<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const value = known.get(text) ?? read(text);
    known.set(text, value);
    return value;
  };
}

/** What came of a command, in the words of a recording. */
export type Result = Readonly<Record<string, unknown>> & {
  readonly accepted?: boolean;
  readonly errors?: readonly Told[];
};

interface Output {
  readonly exit: number;
  readonly stdout?: string;
  readonly errors?: readonly ServerError[];
  /** Whether they are errors of validation, which name fields. */
  readonly named?: boolean;
}

const done: Output = { exit: 0 };

/** A cluster in the middle of something. */
export interface Start {
  readonly set: StoredSet | undefined;
  readonly state: ClusterState;
  /** By revision. */
  readonly templates: ReadonlyMap<string, Json>;
  readonly revisionOf: (template: Json) => string;
}

/** What came of a command. */
export interface Commanded {
  readonly exit: number;
  readonly errors: readonly ServerError[];
  readonly state: ClusterState;
}

function namingSet(line: string): string {
  return line.replace(/\b(?:statefulsets?|sts)[ /]web\b/, "sts/web");
}

/** One namespace with one set. */
export class World {
  private readonly behaviour: Behaviour;
  private readonly server: ApiServer;
  private readonly others = new Map<string, World>();
  private set: StoredSet | undefined;
  private state: ClusterState;
  /** Before the kubelet moved. */
  private first: ClusterState;
  private kubelet = true;
  private readonly neverReady = new Set<number>();
  private readonly files = new Map<string, JsonObject>();
  private readonly templates = new Map<string, Json>();
  private uids = 0;

  constructor(
    private readonly replay: Replay,
    private readonly name: string,
    private readonly start?: Start,
  ) {
    this.behaviour = replay.behaviour;
    this.server = replay.server;
    this.state = start?.state ?? emptyCluster(name, "default", { type: "replayed" });
    this.first = this.state;
    this.set = start?.set;
    for (const [revision, template] of start?.templates ?? []) this.templates.set(revision, template);
  }

  /** What one command does before the controller sees it. */
  command(step: RecordedStep, state: ClusterState): Commanded {
    this.state = state;
    const output = this.act(namingSet(step.do), step, "");
    return { exit: output?.exit ?? 0, errors: output?.errors ?? [], state: this.state };
  }

  /** The template of a revision. */
  templateOf(revision: string): Json | undefined {
    return this.templates.get(revision);
  }

  /** The set as it is stored. */
  get object(): JsonObject | undefined {
    return this.set?.object;
  }

  perform(step: RecordedStep): Result {
    const [written = "", ...assignments] = step.do.split("   # ");
    const line = namingSet(written);
    const before: Before = { set: this.set, states: this.states() };
    for (const other of this.others.values()) other.first = other.state;
    const output = this.act(line, step, assignments.join(" "));
    const hasSet = this.set !== undefined || before.set !== undefined;
    this.controller();
    this.first = this.state;
    if (this.kubelet) this.kubelets();
    return {
      ...(output === undefined ? {} : { exit: output.exit, accepted: output.exit === 0 }),
      ...(output?.stdout === undefined ? {} : { stdout: output.stdout }),
      ...(output?.errors === undefined ? {} : { errors: output.errors, named: output.named === true }),
      ...(hasSet ? this.observed(before) : { set: "absent" }),
    };
  }

  /** Of all sets of the namespace. */
  private states(): ReadonlyMap<string, ClusterState> {
    return new Map([[this.name, this.state], ...[...this.others.values()].flatMap((other) => [...other.states()])]);
  }

  private firstStates(): ReadonlyMap<string, ClusterState> {
    return new Map([
      [this.name, this.first],
      ...[...this.others.values()].flatMap((other) => [...other.firstStates()]),
    ]);
  }

  private observed(before: Before): object {
    if (this.set === undefined) return { set: "absent" };
    const object = this.set.object;
    const isNew =
      before.set === undefined || at(before.set.object, "metadata", "uid") !== at(object, "metadata", "uid");
    const old = isNew ? undefined : before.set?.object;
    return {
      generation:
        old === undefined ? (before.set === undefined ? generationOf(object) : "new object") : growth(old, object),
      spec: specOf(object),
      ...(old === undefined
        ? {}
        : {
            revision: revisionChange(before.states, this.states()),
            templateChanges: rows(changesBetween(at(old, "spec", "template"), at(object, "spec", "template"))),
            claimTemplateChanges: rows(
              changesBetween(at(old, "spec", "volumeClaimTemplates"), at(object, "spec", "volumeClaimTemplates"), [
                "volumeClaimTemplates",
              ]),
            ),
          }),
      ...(before.set === undefined ? {} : podChanges(before.states, this.firstStates(), this.states())),
    };
  }

  private act(line: string, step: RecordedStep, assignment: string): Output | undefined {
    const words = line.split(" ");
    if (words[0] !== "kubectl" && words[0] !== "PUT") {
      this.happen(line);
      return undefined;
    }
    const put = /^PUT scale, replicas (\d+), fieldManager (\S+)/.exec(line);
    if (put !== null) return this.scaled(Number(put[1]), put[2] ?? "");
    const saved = /^kubectl get sts\/web -o yaml(?: --show-managed-fields)? > (\S+)/.exec(line);
    if (saved !== null) {
      if (this.set !== undefined) this.files.set(saved[1] ?? "", exported(this.set));
      return undefined;
    }
    if (words[0] !== "kubectl") throw new Error(`unknown request ${line}`);
    const manifests = this.manifests(step, assignment);
    if (words[1] === "delete" && words.includes("-f"))
      return this.change("", ["kubectl", "delete", "sts/web", ...words]);
    switch (words[1]) {
      case "apply":
        if (words[2] === "set-last-applied") return this.setLastApplied(words, manifests);
        if (words[2] === "view-last-applied") return this.set === undefined ? { exit: 1 } : done;
        return this.each(step, manifests, (manifest) => this.apply(words, manifest));
      case "create":
        return this.each(step, manifests, (manifest) => {
          if (this.set !== undefined) return { exit: 1 };
          return this.take(
            createSet(this.server, manifest, { ...this.options(words), saveConfig: words.includes("--save-config") }),
            "create",
          );
        });
      case "replace":
        return this.each(step, manifests, (manifest) => this.replace(words, manifest));
      case "diff":
        return this.each(step, manifests, (manifest) => this.diff(words, manifest));
      case "delete":
        return this.deleteObjects(words) ?? this.change(line, words);
      default:
        return this.change(line, words);
    }
  }

  /** Pods and claims, which may be there without a set. */
  private deleteObjects([, , kind = "", ...words]: readonly string[]): Output | undefined {
    const names = words.filter((word) => !word.startsWith("-"));
    if (/^pods?$/.test(kind)) {
      for (const ordinal of names.map(ordinalOf)) {
        this.state = words.includes("--force") ? removePod(this.state, ordinal) : deletePod(this.state, ordinal);
      }
      return done;
    }
    if (!/^(?:pvc|persistentvolumeclaims?)$/.test(kind)) return undefined;
    for (const name of names) {
      const [, stem = "", ordinal] = /^(.+)-(\d+)$/.exec(name) ?? [];
      if (!stem.endsWith(`-${this.name}`)) throw new Error(`not a claim of the set: ${name}`);
      this.state = deleteClaim(this.state, Number(ordinal), stem.slice(0, -this.name.length - 1));
    }
    return done;
  }

  /** What happens to the kubelet and the pods, in the words of a recording. */
  private happen(line: string): void {
    const ordinals = [...line.matchAll(/\bweb-(\d+)\b/g)].map(([, ordinal]) => Number(ordinal));
    const later = () => ({ ...this.state, clock: this.state.clock + 1 });
    if (line.startsWith("the kubelet stops")) this.kubelet = false;
    else if (line.startsWith("the kubelet")) this.kubelet = true;
    else if (/\bnever (?:becomes?|gets?) ready\b/i.test(line)) for (const one of ordinals) this.neverReady.add(one);
    else if (/\bready again\b/i.test(line)) {
      for (const one of ordinals) {
        this.neverReady.delete(one);
        this.state = becomeReady(later(), one);
      }
    } else if (/\bnot ready\b/i.test(line)) {
      for (const one of ordinals) {
        this.neverReady.add(one);
        this.state = becomeUnready(this.state, one);
      }
    } else throw new Error(`unknown event ${line}`);
  }

  /** Commands that name the set. */
  private change(line: string, words: readonly string[]): Output {
    const { set } = this;
    if (set === undefined) return { exit: 1 };
    const { state } = this;
    const output = this.changed(line, words, set);
    if (words.some((word) => word.startsWith("--dry-run"))) {
      this.set = set;
      this.state = state;
    }
    return output;
  }

  private changed(line: string, words: readonly string[], set: StoredSet): Output {
    const option = (name: string) => words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
    switch (words.slice(1, 3).join(" ")) {
      case "scale sts/web": {
        const expected = option("current-replicas");
        if (expected !== undefined && Number(expected) !== at(set.object, "spec", "replicas")) return { exit: 1 };
        const replicas = Number(option("replicas"));
        if (replicas < 0) return { exit: 1 };
        return this.scaled(replicas, "kubectl");
      }
      case "autoscale sts/web":
      case "rollout history":
      case "get sts/web":
        return done;
      // A set cannot be paused.
      case "rollout pause":
      case "rollout resume":
        return { exit: 1 };
      case "rollout restart":
        return this.edited(
          ["spec", "template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt"],
          `<time ${++this.uids}>`,
          "kubectl-rollout",
        );
      case "rollout undo":
        return this.undo(Number(option("to-revision") ?? 0));
      case "rollout status":
        return this.status(option("timeout") !== undefined || option("watch") !== "false");
      case "set image":
        return this.containers(words.slice(4), (container, image) => ({ ...container, image }));
      case "set env": {
        const named = words[words.indexOf("-c") + 1];
        const entries = words.slice(4).filter((word) => /^\w+(?:=|-$)/.test(word));
        const only = words.includes("-c") ? named : undefined;
        return this.take(editSet(this.server, set, withEnv(exported(set), only, entries), "kubectl-set"), "update");
      }
      case "set serviceaccount":
      case "set sa":
        return this.edited(["spec", "template", "spec", "serviceAccountName"], words[4] ?? "", "kubectl-set");
      case "set resources": {
        const only = words.includes("-c") ? words[words.indexOf("-c") + 1] : option("containers");
        const edited = withContainers(exported(set), (container) =>
          only !== undefined && container["name"] !== only
            ? container
            : withResources(container, { requests: option("requests"), limits: option("limits") }),
        );
        return this.take(editSet(this.server, set, edited, "kubectl-set"), "update");
      }
      case "annotate sts/web":
        return this.metadata("annotations", words.slice(3), "kubectl-annotate");
      case "label sts/web":
        return this.metadata("labels", words.slice(3), "kubectl-label");
      case "patch sts/web": {
        const patch = parseJson(line.slice(line.indexOf(" -p ") + 4).replace(/^'(.*)'$/s, "$1"));
        if (Array.isArray(patch)) {
          const patched = jsonPatched(exported(set), patch);
          if (patched === undefined) return { exit: 1 };
          return this.take(editSet(this.server, set, patched, "kubectl-patch"), "update");
        }
        if (!isObject(patch)) throw new Error(`not a patch: ${line}`);
        const type = option("type") === "merge" ? "merge" : "strategic";
        const verb = type === "strategic" ? "patch" : "update";
        return this.take(patchSet(this.server, set, patch, type, "kubectl-patch"), verb);
      }
      case "delete sts/web":
        this.remove(propagations[option("cascade") ?? "background"] ?? "Background");
        return done;
      default:
        throw new Error(`unknown command ${line}`);
    }
  }

  private options(words: readonly string[]): KubectlOptions {
    return {
      fieldManager: words.find((word) => word.startsWith("--field-manager="))?.slice("--field-manager=".length),
      forceConflicts: words.includes("--force-conflicts"),
      uid: `uid-${++this.uids}`,
    };
  }

  /** Each document by itself; failures are reported. Sets of other names live beside this one. */
  private each(step: RecordedStep, manifests: readonly JsonObject[], act: (manifest: JsonObject) => Output): Output {
    const outputs = manifests.map((manifest) => {
      const name = textAt(manifest, "metadata", "name");
      if (name === this.name) return act(manifest);
      const other = this.others.get(name) ?? new World(this.replay, name);
      this.others.set(name, other);
      const { exit, errors, named } = other.perform({ do: step.do, yaml: JSON.stringify(manifest) });
      return {
        exit: Number(exit),
        ...(errors && {
          errors: errors.map(({ field, type }) => ({ field: field ?? "", type, detail: "" })),
          named: named === true,
        }),
      };
    });
    return outputs.find(({ exit }) => exit !== 0) ?? outputs.at(-1) ?? done;
  }

  private manifests(step: RecordedStep, assignment: string): readonly JsonObject[] {
    const [, source, changes = ""] = /^set\.yaml = (kubectl get sts web -o yaml|\S+\.yaml)(.*)$/.exec(assignment) ?? [];
    if (source === undefined) return this.replay.manifestsIn(step.yaml ?? "");
    const saved = source.startsWith("kubectl") ? this.set && exported(this.set) : this.files.get(source);
    if (saved === undefined) throw new Error(`no manifest: ${assignment}`);
    if (changes.includes("--show-managed-fields"))
      return [withAt(saved, ["metadata", "managedFields"], [{ manager: "kubectl" }])];
    const removed = /without ([\w., ]+)/.exec(changes)?.[1]?.split(", ") ?? [];
    const without = removed.reduce((object, path) => withAt(object, path.split("."), undefined), saved);
    const changed = /changed: ([\w., ]+)/.exec(changes)?.[1]?.split(", ") ?? [];
    return [changed.reduce(withOther, without)];
  }

  private apply(words: readonly string[], manifest: JsonObject): Output {
    if (words.includes("--dry-run=client")) return done;
    const lenient = words.some((word) => ["--validate=ignore", "--validate=false", "--validate=warn"].includes(word));
    const server = lenient ? withoutStrictness(this.server) : this.server;
    const act = words.includes("--server-side") ? serverSideApplied : clientSideApply;
    const answer = act(server, this.set, manifest, this.options(words));
    if (words.includes("--dry-run=server")) return outputOf(answer, this.set === undefined ? "create" : "patch");
    const isRefused = answer.type === "refused" && (answer.reason === "invalid" || answer.reason === "conflict");
    if (isRefused && words.includes("--force") && this.set !== undefined) {
      this.remove("Background");
      return this.take(clientSideApply(server, undefined, manifest, this.options(words)), "create");
    }
    return this.take(answer, words.includes("--server-side") || this.set === undefined ? "update" : "patch");
  }

  private setLastApplied(words: readonly string[], manifests: readonly JsonObject[]): Output {
    const [manifest] = manifests;
    const path = ["metadata", "annotations", lastAppliedAnnotation];
    if (this.set === undefined || manifest === undefined) return { exit: 1 };
    const hasAnnotation = at(this.set.object, ...path) !== undefined;
    if (!hasAnnotation && !words.includes("--create-annotation")) return { exit: 1 };
    return this.edited(path, JSON.stringify(manifest), "kubectl");
  }

  private replace(words: readonly string[], manifest: JsonObject): Output {
    if (!words.includes("--force"))
      return this.take(replaceSet(this.server, this.set, manifest, this.options(words)), "update");
    this.remove("Background");
    return this.take(createSet(this.server, manifest, this.options(words)), "create");
  }

  /** Exit code 0 without a difference, 1 with one, 2 for what is refused. An unknown field is only a warning. */
  private diff(words: readonly string[], manifest: JsonObject): Output {
    const act = words.includes("--server-side") ? serverSideApplied : clientSideApply;
    const answer = act(withoutStrictness(this.server), this.set, manifest, this.options(words));
    if (answer.type !== "stored") return { ...outputOf(answer, "update"), exit: 2 };
    const compared = [this.set, answer.set].map((set) => set && comparedByDiff(set));
    return { exit: changesBetween(compared[0], compared[1]).length > 0 ? 1 : 0 };
  }

  private scaled(replicas: number, manager: string): Output {
    if (this.set === undefined) return { exit: 1 };
    this.store(scale(this.set, replicas, manager));
    return done;
  }

  private edited(path: readonly string[], value: Json, manager: string): Output {
    if (this.set === undefined) return { exit: 1 };
    return this.take(editSet(this.server, this.set, withAt(exported(this.set), path, value), manager), "update");
  }

  private containers(pairs: readonly string[], change: (container: JsonObject, value: string) => JsonObject): Output {
    if (this.set === undefined) return { exit: 1 };
    const values = new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
    const edited = withContainers(exported(this.set), (container) => {
      const value = values.get(textAt(container, "name")) ?? values.get("*");
      return value === undefined ? container : change(container, value);
    });
    return this.take(editSet(this.server, this.set, edited, "kubectl-set"), "update");
  }

  private metadata(field: "annotations" | "labels", words: readonly string[], manager: string): Output {
    if (this.set === undefined) return { exit: 1 };
    const edited = words
      .filter((word) => !word.startsWith("--"))
      .reduce((object, word) => {
        const [key = "", value = ""] = word.split("=");
        const isRemoval = !word.includes("=") && word.endsWith("-");
        return withAt(object, ["metadata", field, isRemoval ? key.slice(0, -1) : key], isRemoval ? undefined : value);
      }, exported(this.set));
    return this.take(editSet(this.server, this.set, edited, manager), "update");
  }

  /** StatefulSetRollbacker.Rollback, k8s.io/kubectl pkg/polymorphichelpers/rollback.go, 1.36. */
  private undo(toRevision: number): Output {
    if (this.set === undefined || toRevision < 0) return { exit: 1 };
    const sorted = this.state.revisions.toSorted((a, b) => a.number - b.number);
    const wanted = toRevision === 0 ? sorted.at(-2) : sorted.find(({ number }) => number === toRevision);
    const template = wanted && this.templates.get(wanted.revision);
    if (template === undefined || (toRevision === 0 && sorted.length < 2)) return { exit: 1 };
    return this.edited(["spec", "template"], template, "kubectl");
  }

  /** StatefulSetStatusViewer.Status, k8s.io/kubectl pkg/polymorphichelpers/rollout_status.go, 1.36. */
  private status(waits: boolean): Output {
    if (this.state.set.type === "absent") return { exit: 1 };
    const { spec, status } = this.state.set;
    if (spec.strategy.type !== "RollingUpdate") return { exit: 1 };
    const going = (stdout: string): Output => ({ exit: waits ? 1 : 0, stdout });
    if (status.readyReplicas < spec.replicas) {
      return going(`Waiting for ${spec.replicas - status.readyReplicas} pods to be ready...`);
    }
    const { block } = spec.strategy;
    if (block !== undefined) {
      const wanted = spec.replicas - block.partition;
      if (status.updatedReplicas < wanted) {
        return going(
          `Waiting for partitioned roll out to finish: ${status.updatedReplicas} out of ${wanted} new pods have been updated...`,
        );
      }
      return {
        exit: 0,
        stdout: `partitioned roll out complete: ${status.updatedReplicas} new pods have been updated...`,
      };
    }
    if (status.updateRevision !== status.currentRevision) {
      return going(
        `waiting for statefulset rolling update to complete ${status.updatedReplicas} pods at revision <hash>...`,
      );
    }
    return {
      exit: 0,
      stdout: `statefulset rolling update complete ${status.currentReplicas} pods at revision <hash>...`,
    };
  }

  private take(answer: Answer, verb: Verb): Output {
    if (answer.type === "stored") this.store(answer.set);
    return outputOf(answer, verb);
  }

  private store(set: StoredSet): void {
    this.set = set;
    const template = at(set.object, "spec", "template") ?? {};
    const read = this.replay.specIn(JSON.stringify({ spec: set.object["spec"], metadata: { name: this.name } }));
    const spec = { ...read, revision: this.start?.revisionOf(template) ?? read.revision };
    this.templates.set(spec.revision, template);
    const applied = applySpec(this.state, spec, this.behaviour);
    if (applied.type === "rejected") {
      throw new Error(`the rollout refuses what was stored: ${applied.errors.map(({ field }) => field).join(", ")}`);
    }
    this.state = applied.state;
  }

  private remove(propagation: Propagation): void {
    this.state = deleteSet(this.state, propagation);
    if (this.state.set.type === "absent") this.set = undefined;
    // Where the pods are those of a dump, nothing happens in between.
    if (this.kubelet && this.start === undefined) this.kubelets();
  }

  private controller(): void {
    for (let count = 0; count < 1000; count++) {
      const result = sync(this.state, this.behaviour);
      this.state = result.state;
      if (!result.wrote) return;
    }
    throw new Error("the controller does not come to rest");
  }

  /** Every pod gets a node and is Ready at once, and one that terminates is gone at once. */
  private kubelets(): void {
    for (let count = 0; count < 1000; count++) {
      const pod = [...podsOf(this.state.slots)].find((one) => one.terminating || this.becomesReady(one));
      const claim = nextVanishingClaim(this.state);
      const later = { ...this.state, clock: this.state.clock + 1 };
      if (pod !== undefined)
        this.state = pod.terminating ? removePod(later, pod.ordinal) : becomeReady(later, pod.ordinal);
      else if (claim !== undefined) this.state = removeClaim(later, claim.ordinal, claim.template);
      else if (this.waitsForPods()) this.state = { ...later, clock: later.clock + 1000 };
      else return;
      this.controller();
    }
    throw new Error("the pods do not come to rest");
  }

  /** The recorder waited until all pods were Ready, for as long as that takes with a short minReadySeconds. */
  private waitsForPods(): boolean {
    const { set } = this.state;
    if (set.type === "absent" || set.spec.minReadySeconds === 0 || set.spec.minReadySeconds > 10) return false;
    const pods = [...podsOf(this.state.slots)];
    return pods.length < set.spec.replicas && pods.every(({ readySince }) => readySince !== undefined);
  }

  private becomesReady(pod: Pod): boolean {
    return pod.readySince === undefined && !isFinished(pod) && !this.neverReady.has(pod.ordinal);
  }
}

const propagations: Readonly<Record<string, Propagation>> = {
  background: "Background",
  foreground: "Foreground",
  orphan: "Orphan",
};

type Verb = "create" | "update" | "patch";

function outputOf(answer: Answer, verb: Verb): Output {
  switch (answer.type) {
    case "stored":
      return done;
    case "conflicts":
      return {
        exit: 1,
        errors: answer.conflicts.map(({ manager, path }) => ({
          field: formatFieldPath(path),
          type: "Conflict",
          detail: describeManager(manager),
        })),
      };
    case "refused":
      // An undecodable patch is reported as an error of the whole patch, any other request without a field.
      if (answer.reason === "undecodable") {
        return verb === "patch"
          ? { exit: 1, errors: [{ field: "patch", type: "Invalid value", detail: "" }], named: true }
          : { exit: 1 };
      }
      return { exit: 1, errors: answer.errors, named: answer.reason === "invalid" };
  }
}

const target = { apiVersion: "apps/v1", kind: "StatefulSet", namespace: "default" };

/** The API server with the validation that lint does. */
function serverOf(config: Config): ApiServer {
  const findings = remembered((text) => checkRequest(text, target, rules, config));
  return {
    cluster: config,
    refusals: (object, stage) =>
      findings(JSON.stringify(object))
        .filter((finding) => isRefusedByServer(finding) && decodeRules.has(finding.rule) === (stage === "decode"))
        .map(({ rule, path }) => ({ field: formatPath(path), type: "Invalid value", detail: rule })),
  };
}

/** What is refused before it is a StatefulSet. */
const decodeRules: ReadonlySet<string> = new Set(["schema-type", "schema-unknown-field", "quantity-invalid"]);

function withoutStrictness(server: ApiServer): ApiServer {
  return {
    ...server,
    refusals: (object, stage) =>
      server.refusals(object, stage).filter(({ detail }) => detail !== "schema-unknown-field"),
  };
}

function readManifests(text: string): readonly JsonObject[] {
  return split(text).flatMap((chunk) => {
    const value = readRequest(chunk.text, target).place.value();
    return isObject(value) ? [value] : [];
  });
}

function textAt(object: JsonObject, ...path: readonly string[]): string {
  const value = at(object, ...path);
  return typeof value === "string" ? value : "";
}

function writtenSpecIn(text: string): WrittenSpec {
  const resource = readRequest(text, target);
  if (resource.kind !== "StatefulSet") throw new Error("not a StatefulSet");
  const template = resource.place.at("spec", "template").value();
  return { ...readWrittenSpec(resource).spec, revision: canonicalJson(isObject(template) ? template : {}) };
}

function withContainers(object: JsonObject, change: (container: JsonObject) => JsonObject): JsonObject {
  return ["containers", "initContainers"].reduce((changed, list) => {
    const containers = at(changed, "spec", "template", "spec", list);
    if (!Array.isArray(containers)) return changed;
    const items = containers.map((container: Json) => (isObject(container) ? change(container) : container));
    return withAt(changed, ["spec", "template", "spec", list], items);
  }, object);
}

function withResources(
  container: JsonObject,
  given: Readonly<Record<"requests" | "limits", string | undefined>>,
): JsonObject {
  return (["requests", "limits"] as const).reduce((changed, key) => {
    const pairs = (given[key] ?? "").split(",").filter((pair) => pair.includes("="));
    return pairs.reduce((one, pair) => {
      const [name = "", amount = ""] = pair.split("=");
      return withAt(one, ["resources", key, name], amount);
    }, changed);
  }, container);
}

/** RFC 6902, as far as `kubectl patch --type=json` is recorded; `undefined` where an operation fails. */
function jsonPatched(object: JsonObject, operations: readonly unknown[]): JsonObject | undefined {
  let value: Json | undefined = object;
  for (const operation of operations) {
    if (!isObject(operation) || value === undefined) return undefined;
    const path = textAt(operation, "path")
      .split("/")
      .slice(1)
      .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    value = operated(value, path, textAt(operation, "op"), operation["value"]);
  }
  return isObject(value) ? value : undefined;
}

function operated(
  target: Json | undefined,
  [step, ...rest]: readonly string[],
  op: string,
  given: Json | undefined,
): Json | undefined {
  if (step === undefined)
    return op === "test"
      ? canonicalJson(target ?? null) === canonicalJson(given ?? null)
        ? target
        : undefined
      : given;
  const isLast = rest.length === 0;
  if (Array.isArray(target)) {
    const list: readonly Json[] = target;
    const index = step === "-" ? list.length : Number(step);
    if (isLast && op === "add") return given === undefined ? undefined : list.toSpliced(index, 0, given);
    if (list[index] === undefined) return undefined;
    if (isLast && op === "remove") return list.toSpliced(index, 1);
    const inner = operated(list[index], rest, op, given);
    return inner === undefined ? undefined : list.with(index, inner);
  }
  if (!isObject(target) || (target[step] === undefined && !(isLast && op === "add"))) return undefined;
  if (isLast && op === "remove") return withAt(target, [step], undefined);
  const inner = operated(target[step], rest, op, given);
  return inner === undefined ? undefined : { ...target, [step]: inner };
}

function withEnv(object: JsonObject, only: string | undefined, entries: readonly string[]): JsonObject {
  return withContainers(object, (container) => {
    if (only !== undefined && container["name"] !== only) return container;
    const given = Array.isArray(container["env"]) ? container["env"] : [];
    const env = [...given];
    for (const entry of entries) {
      const [name = "", value = ""] = entry.split("=");
      const isRemoval = !entry.includes("=");
      const index = env.findIndex((one) => isObject(one) && one["name"] === (isRemoval ? name.slice(0, -1) : name));
      if (!isRemoval) env.splice(index < 0 ? env.length : index, 1, { name, value });
      else if (index >= 0) env.splice(index, 1);
    }
    return { ...container, env };
  });
}

/** Another value than the one that is there. */
function withOther(object: JsonObject, field: string): JsonObject {
  return field === "generation"
    ? withAt(object, ["metadata", "generation"], 99)
    : withAt(object, field.split("."), { replicas: 99 });
}

/** What `kubectl diff` shows, without the annotation and the generation. */
function comparedByDiff({ object }: StoredSet): JsonObject {
  const { "kubectl.kubernetes.io/last-applied-configuration": _, ...annotations } = (at(
    object,
    "metadata",
    "annotations",
  ) ?? {}) as JsonObject;
  return { labels: at(object, "metadata", "labels") ?? {}, annotations, spec: at(object, "spec") ?? {} };
}

function specOf(object: JsonObject): JsonObject {
  const spec = at(object, "spec");
  const shown: Record<string, Json> = {};
  for (const key of shownFields) {
    const value = at(spec, key);
    if (value !== undefined) shown[key] = value;
  }
  return shown;
}

const shownFields = [
  "serviceName",
  "replicas",
  "podManagementPolicy",
  "updateStrategy",
  "minReadySeconds",
  "ordinals",
  "persistentVolumeClaimRetentionPolicy",
  "revisionHistoryLimit",
] as const;

function growth(before: JsonObject, after: JsonObject): string {
  const by = generationOf(after) - generationOf(before);
  return by === 0 ? "same" : `+${by}`;
}

function revisionChange(before: States, after: States): string {
  const changes = [...after].flatMap(([name, { set }]) => {
    const old = before.get(name);
    const now = set.type === "absent" ? "" : set.status.updateRevision;
    if (now === (old === undefined || old.set.type === "absent" ? "" : old.set.status.updateRevision)) return [];
    return old?.revisions.some(({ revision }) => revision === now) === true ? ["reused"] : ["new"];
  });
  return changes[0] ?? "none";
}

/** By the name of the set. */
type States = ReadonlyMap<string, ClusterState>;

interface Before {
  readonly set: StoredSet | undefined;
  readonly states: States;
}

/** At most 24, as they were recorded: with a dot before every key, in that order. Times are not told apart. */
function rows(changes: readonly Change[]): readonly unknown[] {
  const timeless = (value: Json | undefined) =>
    value === undefined ? "<absent>" : typeof value === "string" && value.startsWith("<time") ? "<time>" : value;
  return changes
    .map(({ path, before, after }) => [dotted(path), timeless(before), timeless(after)] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .filter(([, before, after]) => before !== after)
    .slice(0, 24);
}

function dotted(path: Path): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .replace(/^\./, "");
}

function podChanges(before: States, first: States, after: States): object {
  const [old, moved, now] = [before, first, after].map(
    (states) =>
      new Map(
        [...states.values()].flatMap((state) =>
          [...podsOf(state.slots)].map((pod) => [podName(state, pod.ordinal), pod] as const),
        ),
      ),
  );
  if (old === undefined || moved === undefined || now === undefined) return {};
  const names = (pods: ReadonlyMap<string, { uid: number }>, test: (name: string, uid: number) => boolean) =>
    [...pods].filter(([name, { uid }]) => test(name, uid)).map(([name]) => name);
  return {
    deletedFirst: names(old, (name, uid) => moved.get(name)?.uid !== uid || moved.get(name)?.terminating === true),
    createdFirst: names(
      moved,
      (name, uid) => old.get(name)?.uid !== uid && !(old.has(name) && old.get(name)?.uid === uid),
    ),
    restarted: names(now, (name, uid) => old.has(name) && old.get(name)?.uid !== uid),
    gone: names(old, (name) => !now.has(name)),
    added: names(now, (name) => !old.has(name)),
  };
}

function ordinalOf(pod: string): number {
  const ordinal = Number(/^web-(\d+)$/.exec(pod)?.[1] ?? NaN);
  if (Number.isNaN(ordinal)) throw new Error(`not a pod of the set: ${pod}`);
  return ordinal;
}
