import { at, isObject, parseJson, withAt, type Json, type JsonObject } from "../engine/apply/json.js";
import { defaultConfig } from "../engine/config/config.js";
import { parseRelease, type Behaviour } from "../engine/kubernetes/versions.js";
import { readObjects } from "../engine/maintenance/objects.js";
import { readSetDumps, type SetDump } from "../engine/maintenance/set-dump.js";
import { becomeReady, nextVanishingClaim, removeClaim, removePod } from "../engine/rollout/cluster.js";
import { sync } from "../engine/rollout/controller.js";
import { endForegroundDeletion } from "../engine/rollout/deletion.js";
import { podsOf, slotsOf } from "../engine/rollout/slots.js";
import { claimName, podName } from "../engine/rollout/spec.js";
import { isFinished, isRunningAndReady, type ClusterState } from "../engine/rollout/state.js";
import type { Claim, Pod } from "../engine/rollout/slot.js";
import { isAwake } from "../engine/rollout/wake.js";
import { replayIn, World, type Replay } from "./apply-world.js";
import { compare, type Comparison, type Format } from "./format.js";

/** A case of dumps.jsonl: a set in the middle of something, what was done then, and all that followed. */
interface DumpCase {
  readonly id: string;
  readonly kubernetes: string;
  readonly category: string;
  readonly dump: string;
  readonly nextApply?: string;
  readonly applyAnswer?: { readonly exit: number };
  readonly nextCommand?: readonly string[];
  readonly kubeletRule?: KubeletRule;
  readonly form: "list" | "rounds";
  readonly then: readonly (string | readonly string[])[];
  readonly rounds?: readonly (readonly string[])[];
  readonly claimEvents?: readonly (readonly string[])[];
  readonly end: {
    readonly pods: readonly (readonly string[])[];
    readonly pvcs: readonly (readonly string[])[];
    readonly status: Readonly<Record<string, unknown>> | null;
    readonly set?: string;
  };
  readonly revisionsAtEnd?: readonly (readonly [string, number, string])[];
}

/** What the recorder's kubelets leave out. */
interface KubeletRule {
  readonly neverReadyPods?: readonly string[];
  readonly neverReadyImages?: readonly string[];
  readonly neverVanish?: "all" | readonly string[];
}

/** Recordings of what the real controller did from a dump on. */
export function dumpFormat(): Format {
  const replays = new Map<string, Replay>();
  return (line) => {
    if (typeof line.dump !== "string" || !Array.isArray(line.then)) return undefined;
    const recorded = line as unknown as DumpCase;
    const replay = () => {
      const cluster = replays.get(recorded.kubernetes) ?? replayFor(recorded.kubernetes);
      replays.set(recorded.kubernetes, cluster);
      return replayDump(recorded, cluster);
    };
    return { id: recorded.id, category: recorded.category, replay, omits: notCompared };
  };
}

const notCompared = "not compared: what kubectl prints, but for its exit code";

function replayFor(version: string): Replay {
  const release = parseRelease(version);
  if (release === undefined) throw new Error(`unknown Kubernetes version ${version}`);
  return replayIn({ ...defaultConfig, kubernetesVersion: release });
}

const name = "web";

function replayDump(recorded: DumpCase, replay: Replay): readonly Comparison[] {
  const dump = readStart(recorded.dump, replay.behaviour);
  const run = new Run(dump, recorded.kubeletRule ?? {}, replay);
  const comparisons: Comparison[] = [];
  if (recorded.nextApply !== undefined) {
    const exit = run.command("kubectl apply -f set.yaml", recorded.nextApply);
    if (recorded.applyAnswer !== undefined) comparisons.push(compare("exit of apply", recorded.applyAnswer.exit, exit));
  }
  for (const command of recorded.nextCommand ?? []) run.command(command);
  run.toTheEnd();
  const isOrdered = recorded.form === "list" && !run.movedTwo;
  const rounds = recorded.form === "rounds" ? recorded.then : (recorded.rounds ?? []);
  return [
    ...comparisons,
    isOrdered
      ? compare(
          "events",
          recorded.then,
          run.events.map(({ text }) => text),
        )
      : compare("rounds", rounds, run.rounds()),
    ...(recorded.claimEvents === undefined
      ? []
      : [
          compare(
            "claim events",
            recorded.claimEvents.map(sorted),
            run.claimRounds.filter((round) => round.length > 0).map(sorted),
          ),
        ]),
    compare("pods", recorded.end.pods, run.podRows()),
    compare("claims", recorded.end.pvcs, run.claimRows()),
    compare("status", recorded.end.status, run.status()),
    compare("set", recorded.end.set ?? "present", run.setCondition()),
    ...(recorded.revisionsAtEnd === undefined
      ? []
      : [compare("revisions", recorded.revisionsAtEnd, run.revisionRows())]),
  ];
}

/** In which order things happen to claims between two moves is chance. */
function sorted(round: readonly string[]): readonly string[] {
  return round.toSorted();
}

function readStart(text: string, behaviour: Behaviour): SetDump {
  const read = readObjects(text);
  if (read.type === "unreadable") throw new Error(`line ${read.line}: ${read.problem}`);
  const dumps = readSetDumps(read.objects, { behaviour, world: { type: "replayed" }, wanted: [name] });
  if (dumps.type === "invalid") throw new Error(dumps.problems.join("; "));
  const dump = dumps.dumps.find((one) => one.name === name);
  if (dump === undefined) throw new Error("no set in the dump");
  return dump;
}

interface Event {
  readonly side: "kubelet" | "controller";
  readonly text: string;
}

/** Plays on from a dump with the recorder's kubelets, and notes what happens. */
class Run {
  readonly events: Event[] = [];
  /** Claim events between two moves of the kubelet. */
  readonly claimRounds: string[][] = [[]];
  /** Whether one move was about more than one pod: then the order within it is chance. */
  movedTwo = false;
  private readonly world: World;
  private state: ClusterState;
  private isAwake: boolean;
  private readonly sizes: Map<number, string>;

  constructor(
    dump: SetDump,
    private readonly rule: KubeletRule,
    private readonly replay: Replay,
  ) {
    this.state = dump.state;
    const templates = new Map([...dump.templates].map(([revision, template]) => [revision, jsonOf(template)] as const));
    const object = jsonOf(dump.object);
    this.world = new World(replay, name, {
      set: isObject(object) ? { object: withAt(object, ["status"], undefined), managers: [] } : undefined,
      state: dump.state,
      templates,
      revisionOf: dump.revisionOf,
    });
    this.isAwake = isAwake(dump.state, replay.behaviour);
    this.sizes = sizesIn(dump);
  }

  /** One command of the user; returns kubectl's exit code. */
  command(line: string, yaml?: string): number {
    const before = this.state;
    const { exit, state } = this.world.command({ do: line, ...(yaml === undefined ? {} : { yaml }) }, before);
    this.take(state, "controller");
    // Of claims alone the controller hears nothing.
    const isHeard = state.set !== before.set || podKeys(state) !== podKeys(before) || line.includes(" annotate ");
    this.isAwake ||= isHeard && exit === 0;
    return exit;
  }

  toTheEnd(): void {
    for (let moves = 0; moves < 1000; moves++) {
      this.react();
      this.take({ ...this.state, clock: this.state.clock + this.stillness() }, "kubelet");
      const before = this.state;
      if (isDue(before, this.replay.behaviour)) {
        this.isAwake = true;
        this.react();
        if (this.state !== before) continue;
      }
      if (!this.moveKubelet()) return;
    }
    throw new Error("it does not come to rest");
  }

  /** How long the recorder waited for something to happen, in milliseconds. */
  private stillness(): number {
    const { set } = this.state;
    const minReady = set.type === "absent" ? 0 : set.spec.minReadySeconds;
    return minReady > 0 && minReady <= 60 ? minReady * 1000 + 1400 : 400;
  }

  /** The controller, the garbage collector and pvc-protection, until none of them does anything. */
  private react(): void {
    for (let count = 0; count < 1000; count++) {
      const error = this.isAwake ? this.controller() : undefined;
      this.isAwake = false;
      const before = this.state;
      for (let claim = nextVanishingClaim(this.state); claim !== undefined; claim = nextVanishingClaim(this.state)) {
        this.take(removeClaim(this.state, claim.ordinal, claim.template), "controller");
      }
      this.take(endForegroundDeletion(this.state), "controller");
      if (this.state === before || error === undefined) return;
      this.isAwake = true;
    }
    throw new Error("the claims do not come to rest");
  }

  private controller(): string | undefined {
    for (let count = 0; count < 1000; count++) {
      const result = sync(this.state, this.replay.behaviour);
      for (const change of result.changes) this.take(change.state, "controller");
      this.take(result.state, "controller");
      if (!result.wrote) return result.error;
    }
    throw new Error("the controller does not come to rest");
  }

  /** One move: all terminating pods vanish, or else all that can become ready do. */
  private moveKubelet(): boolean {
    const pods = [...podsOf(this.state.slots)].toSorted((a, b) =>
      podName({ name }, a.ordinal) < podName({ name }, b.ordinal) ? -1 : 1,
    );
    const gone = pods.filter((pod) => pod.terminating && this.vanishes(pod));
    const ready = pods.filter((pod) => this.becomesReady(pod));
    const moved = gone.length > 0 ? gone : ready;
    this.movedTwo ||= moved.length > 1;
    if (moved.length > 0) this.claimRounds.push([]);
    for (const { ordinal } of moved) {
      this.take(gone.length > 0 ? removePod(this.state, ordinal) : becomeReady(this.state, ordinal), "kubelet");
    }
    this.isAwake ||= moved.length > 0;
    return moved.length > 0;
  }

  private vanishes({ ordinal }: Pod): boolean {
    const { neverVanish = [] } = this.rule;
    return neverVanish !== "all" && !neverVanish.includes(podName({ name }, ordinal));
  }

  private becomesReady(pod: Pod): boolean {
    if (pod.terminating || isFinished(pod) || isRunningAndReady(pod)) return false;
    const { neverReadyPods = [], neverReadyImages = [] } = this.rule;
    const images = imagesOf(this.world.templateOf(pod.revision));
    return (
      !neverReadyPods.includes(podName({ name }, pod.ordinal)) &&
      !images.some((image) => neverReadyImages.includes(image))
    );
  }

  /** The next state, and what has happened up to it. */
  private take(state: ClusterState, side: Event["side"]): void {
    this.events.push(...podEvents(this.state, state).map((text) => ({ side, text })));
    this.claimRounds.at(-1)?.push(...claimEvents(this.state, state));
    this.state = state;
  }

  /** What one side did before the other moved. */
  rounds(): readonly (readonly string[])[] {
    const rounds: { side: Event["side"]; texts: string[] }[] = [];
    for (const { side, text } of this.events) {
      const last = rounds.at(-1);
      if (last?.side === side) last.texts.push(text);
      else rounds.push({ side, texts: [text] });
    }
    return rounds.map(({ texts }) => texts.toSorted());
  }

  podRows(): readonly (readonly string[])[] {
    return [...podsOf(this.state.slots)].map((pod) => [podName({ name }, pod.ordinal), pod.revision, conditionOf(pod)]);
  }

  claimRows(): readonly (readonly string[])[] {
    const rows = [...slotsOf(this.state.slots)].flatMap(({ ordinal, claims }) =>
      claims.map((claim) => [
        claimName({ name }, claim.template, ordinal),
        this.sizes.get(claim.uid) ?? sizeOfTemplate(this.world.object, claim.template),
        ownerText(claim, ordinal),
        ...(claim.terminating ? ["terminating"] : []),
      ]),
    );
    return rows.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  }

  status(): object | null {
    return this.state.set.type === "absent" ? null : this.state.set.status;
  }

  setCondition(): string {
    const { set } = this.state;
    if (set.type === "absent") return "absent";
    return set.deletion === "none" ? "present" : "terminating";
  }

  revisionRows(): readonly (readonly [string, number, string])[] {
    const owner = this.state.set.type === "absent" ? "orphan" : "owned";
    return this.state.revisions
      .map(({ revision, number }) => [revision, number, owner] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
  }
}

/** Whether time alone has brought the controller something to do: a pod has become available. */
function isDue(state: ClusterState, behaviour: Behaviour): boolean {
  return state.set.type === "present" && state.set.spec.minReadySeconds > 0 && isAwake(state, behaviour);
}

function podKeys(state: ClusterState): string {
  return [...podsOf(state.slots)].map(({ uid, terminating }) => `${uid} ${terminating}`).join();
}

function podEvents(before: ClusterState, after: ClusterState): readonly string[] {
  if (before.slots === after.slots) return [];
  const [old, now] = [before, after].map((state) => new Map([...podsOf(state.slots)].map((pod) => [pod.ordinal, pod])));
  const ordinals = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])];
  return ordinals.flatMap((ordinal) => {
    const [was, is] = [old?.get(ordinal), now?.get(ordinal)];
    const pod = podName({ name }, ordinal);
    const isSame = was?.uid === is?.uid;
    return [
      ...(was !== undefined && !was.terminating && (!isSame || is?.terminating === true) ? [`delete ${pod}`] : []),
      ...(was !== undefined && !isSame ? [`gone ${pod}`] : []),
      ...(is !== undefined && !isSame ? [`create ${pod} ${is.revision}`] : []),
      ...(is?.readySince !== undefined && was?.readySince === undefined ? [`ready ${pod}`] : []),
    ];
  });
}

function claimEvents(before: ClusterState, after: ClusterState): readonly string[] {
  if (before.slots === after.slots) return [];
  const [old, now] = [before, after].map(
    (state) =>
      new Map(
        [...slotsOf(state.slots)].flatMap(({ ordinal, claims }) =>
          claims.map((claim) => [claimName({ name }, claim.template, ordinal), { claim, ordinal }] as const),
        ),
      ),
  );
  const names = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])];
  return names.flatMap((one) => {
    const [was, is] = [old?.get(one), now?.get(one)];
    const isSame = was?.claim.uid === is?.claim.uid;
    const isDeleted = was !== undefined && !was.claim.terminating && (!isSame || is?.claim.terminating === true);
    const [oldOwner, owner] = [was, is].map((found) => found && ownerText(found.claim, found.ordinal));
    return [
      ...(isDeleted ? [`delete claim ${one}`] : []),
      ...(was !== undefined && !isSame ? [`gone claim ${one}`] : []),
      ...(is !== undefined && !isSame ? [`create claim ${one}`] : []),
      ...(was !== undefined && isSame && was.claim.owner !== is?.claim.owner && oldOwner !== owner
        ? [`owner claim ${one} ${owner === "" ? "none" : owner}`]
        : []),
    ];
  });
}

function ownerText({ owner }: Claim, ordinal: number): string {
  switch (owner.type) {
    case "none":
      return "";
    case "set":
      return `StatefulSet/${name}`;
    case "pod":
      return `Pod/${podName({ name }, ordinal)}`;
  }
}

function conditionOf(pod: Pod): string {
  if (pod.terminating) return "terminating";
  if (isFinished(pod)) return "failed";
  return isRunningAndReady(pod) ? "ready" : "notready";
}

/** What each claim of the dump asks for, by its number in the simulation. */
function sizesIn({ state, claims }: SetDump): Map<number, string> {
  const sizes = new Map<number, string>();
  for (const slot of slotsOf(state.slots)) {
    for (const { template, uid } of slot.claims) {
      const size = claims.get(claimName(state, template, slot.ordinal));
      if (size !== undefined) sizes.set(uid, size);
    }
  }
  return sizes;
}

function sizeOfTemplate(object: JsonObject | undefined, template: string): string {
  const templates = at(object, "spec", "volumeClaimTemplates");
  const found = Array.isArray(templates)
    ? templates.find((one: Json) => at(one, "metadata", "name") === template)
    : undefined;
  return textAt(found, "spec", "resources", "requests", "storage");
}

function imagesOf(template: Json | undefined): readonly string[] {
  const containers = at(template, "spec", "containers");
  return Array.isArray(containers) ? containers.map((one: Json) => textAt(one, "image")) : [];
}

function jsonOf(value: unknown): Json {
  return value === undefined ? null : parseJson(JSON.stringify(value));
}

function textAt(value: Json | undefined, ...path: readonly string[]): string {
  const text = at(value, ...path);
  return typeof text === "string" ? text : "";
}
