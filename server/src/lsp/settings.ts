import {
  DidChangeConfigurationNotification,
  MessageType,
  ShowMessageNotification,
  type Connection,
  type ShowMessageParams,
} from "vscode-languageserver";
import {
  allRules,
  defaultConfig,
  formatPath,
  isMapping,
  printable,
  readSettings,
  withSettings,
  type Config,
  type Release,
} from "../engine/api.js";
import { hintKinds, type HintKind } from "../engine/features/inlay/inlay-hints.js";
import { programNames } from "../protocol/protocol.js";
import type { Client } from "./client.js";
import type { Guard } from "./guard.js";
import type { ProgramPaths, Runtime } from "./runtime.js";

/** The user's settings, from wherever the editor keeps them. */
export interface Settings {
  /** The configuration before the editor has been asked. */
  readonly initial: Config;
  /** Asks the editor and follows what it says; `apply` is called with every configuration from then on. */
  follow(apply: (config: Config) => void): void;
  /** With what the files are compared: `HEAD` or another revision of git, `merge-base`, `saved` or `off`. */
  base(): string;
  /** Which inlay hints are shown. */
  hints(): ReadonlySet<HintKind>;
  /** Where programs are that are not taken from the PATH. */
  paths(): ProgramPaths;
  /** What the cluster said to the user's question. */
  setCluster(release: Release): void;
  /** Until the editor's first answer; for a second at most. */
  readonly settled: Promise<void>;
}

/**
 * Editors differ: some send settings once with `initialize`, some with every change, some only when asked. Whatever
 * comes later counts more, key by key; `null`, `{}` and nonsense count as nothing.
 */
export function createSettings(connection: Connection, client: Client, guard: Guard, runtime: Runtime): Settings {
  const show = problemShower(connection, guard);
  const sources = { initial: section(client.initializationOptions), sent: {}, asked: {} };
  // The client's word on what else runs in its editor.
  let others = otherValidators(sources.initial) ?? { schema: false, yaml: false };
  let clusterRelease: Release | undefined;
  let applyAgain = () => {};
  let questions = 0;
  let settle = () => {};
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const said = (): Readonly<Record<string, unknown>> => ({ ...sources.initial, ...sources.sent, ...sources.asked });
  // Unless the user says something: another validator in the same editor would say everything once more.
  const standard = (): Config => ({
    ...defaultConfig,
    clusterRelease,
    schemaValidation: others.schema ? "off" : "on",
    yamlErrors: others.yaml && said()["schemaValidation"] !== "on" ? "off" : "on",
  });
  const resolve = (): Config => {
    const { given, problems } = readSettings(said(), allRules);
    show(problems);
    return withSettings(standard(), given);
  };
  const getConfiguration = guard.answer("workspace/configuration", null, (name: string): Promise<unknown> =>
    connection.workspace.getConfiguration(name),
  );
  const ask = async (apply: (config: Config) => void) => {
    questions += 1;
    const question = questions;
    const answer = await getConfiguration("ordinal");
    if (question !== questions) return; // asked again meanwhile
    sources.asked = section(answer);
    apply(resolve());
  };
  const follow = async (apply: (config: Config) => void) => {
    if (client.registers.configuration) {
      const options = { section: "ordinal" };
      guard.background(
        "client/registerCapability",
        connection.client.register(DidChangeConfigurationNotification.type, options),
      );
    }
    if (client.configuration) await ask(apply);
    else apply(resolve());
  };

  return {
    // What is wrong with it will be said once the editor can show it.
    initial: withSettings(standard(), readSettings(sources.initial, allRules).given),
    settled,
    base: () => chosenBase(said()),
    hints: () => shownHints(said()),
    paths: () => givenPaths(said()),
    setCluster(release) {
      clusterRelease = release;
      applyAgain();
    },
    follow(apply) {
      applyAgain = () => apply(resolve());
      connection.onDidChangeConfiguration(
        guard.listen("workspace/didChangeConfiguration", async (params) => {
          const sent = section((params as { settings?: unknown } | null)?.settings);
          sources.sent = sent;
          others = otherValidators(sent) ?? others;
          if (client.configuration) await ask(apply);
          else apply(resolve());
        }),
      );
      guard.background("workspace/configuration", follow(apply).finally(settle));
      runtime.after(1000, settle);
    },
  };
}

/** Shows what is wrong with settings, each once. */
function problemShower(connection: Connection, guard: Guard) {
  const shown = new Set<string>();
  return (problems: ReturnType<typeof readSettings>["problems"]): void => {
    for (const { path, text, severity } of problems) {
      const message = printable(`Ordinal: setting ordinal.${formatPath(path)}: ${text}`);
      if (shown.has(message)) continue;
      shown.add(message);
      const params: ShowMessageParams = { type: severity === "info" ? MessageType.Info : MessageType.Warning, message };
      guard.background("window/showMessage", connection.sendNotification(ShowMessageNotification.type, params));
    }
  };
}

function chosenBase({ base }: { readonly [key: string]: unknown; readonly base?: unknown }): string {
  return typeof base === "string" && base.trim() !== "" ? base.trim() : "HEAD";
}

/**
 * What the client says of Red Hat's YAML extension in its editor: `yamlExtension`, whether it validates against the schemas
 * of Kubernetes, and `yamlParser`, whether it reports errors of YAML; `undefined` where it says nothing.
 */
function otherValidators(settings: Readonly<Record<string, unknown>>) {
  const { yamlExtension, yamlParser } = settings;
  if (typeof yamlExtension !== "boolean" && typeof yamlParser !== "boolean") return undefined;
  return { schema: yamlExtension === true, yaml: yamlExtension === true || yamlParser === true };
}

function givenPaths(settings: { readonly [key: string]: unknown; readonly paths?: unknown }): ProgramPaths {
  const given = isMapping(settings.paths) ? settings.paths : {};
  return Object.fromEntries(
    programNames.flatMap((name) => {
      const path = given[name];
      return typeof path === "string" && path.trim() !== "" ? [[name, path.trim()]] : [];
    }),
  );
}

/** All but the defaults, which many sets leave out on purpose, unless the user says otherwise. */
function shownHints(settings: {
  readonly [key: string]: unknown;
  readonly inlayHints?: unknown;
}): ReadonlySet<HintKind> {
  const given = isMapping(settings.inlayHints) ? settings.inlayHints : {};
  return new Set(
    hintKinds.filter((kind) => {
      const isShown = given[kind];
      return typeof isShown === "boolean" ? isShown : kind !== "defaults";
    }),
  );
}

/** The part of the settings that is ours, whether or not it comes with the name of its section around it. */
function section(settings: unknown): Readonly<Record<string, unknown>> {
  if (!isMapping(settings)) return {};
  const own = isMapping(settings["ordinal"]) ? settings["ordinal"] : settings;
  return Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null));
}
