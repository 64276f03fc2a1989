import { configFileName, readConfigFile, type ConfigFile } from "../config/config-file.js";
import type { Config } from "../config/config.js";
import { targetOf, withSettings, type ConfigurableRule } from "../config/resolve.js";
import { createReleaseDetector, type DetectedReleases } from "./detected-releases.js";
import type { Directory } from "./directory.js";
import type { ParsedChunk, SourceFile } from "./source-file.js";

/** What holds where no configuration file says otherwise, and what holds whatever they say. */
export interface ConfigLayers {
  readonly settings: Config;
  readonly flags: Partial<Config>;
}

/** The configuration of each file. Equal circumstances give the same object. */
export interface Configs {
  /** `way` leads to a file; the nearest configuration file counts most, setting by setting and rule by rule. */
  of(way: readonly string[], files: Directory<SourceFile>, layers: ConfigLayers): Config;
  /** What the cluster or the workspace says of the release for a file. */
  detect(way: readonly string[], files: Directory<SourceFile>, config: Config): DetectedReleases | undefined;
  /** What a document of a configuration file says. */
  read(chunk: ParsedChunk): ConfigFile;
}

export function createConfigs(rules: readonly ConfigurableRule[]): Configs {
  const known = new WeakMap<ParsedChunk, ConfigFile>();
  const read = (chunk: ParsedChunk) => remembered(known, chunk, () => readConfigFile(chunk.text, rules));

  const withFiles = new WeakMap<Config, WeakMap<ParsedChunk, Config>>();
  const detectIn = createReleaseDetector();
  const detect: Configs["detect"] = (way, files, { clusterRelease }) =>
    clusterRelease === undefined ? detectIn(way, files) : { releases: [clusterRelease], file: "kubectl version" };
  const withDetected = new WeakMap<Config, Map<string, Config>>();
  const withFlags = new WeakMap<Config, WeakMap<Partial<Config>, Config>>();
  const withFile = (config: Config, { documents }: SourceFile): Config =>
    documents.reduce((above, { chunk }) => {
      const made = remembered(withFiles, above, () => new WeakMap<ParsedChunk, Config>());
      return remembered(made, chunk, () => withSettings(above, read(chunk).given));
    }, config);
  return {
    read,
    detect,
    of(way, files, { settings, flags }) {
      let config = settings;
      let directory: Directory<SourceFile> | undefined = files;
      for (const segment of way) {
        const file: SourceFile | undefined = directory?.files.get(configFileName);
        if (file !== undefined) config = withFile(config, file);
        directory = directory?.directories.get(segment);
      }
      const written = config;
      const made = remembered(withFlags, written, () => new WeakMap<Partial<Config>, Config>());
      const all = remembered(made, flags, () => withSettings(written, flags));
      const found = all.detectsRelease ? detect(way, files, all) : undefined;
      if (found === undefined) return all;
      const forReleases = remembered(withDetected, all, () => new Map<string, Config>());
      const key = JSON.stringify(found.releases);
      const known = forReleases.get(key) ?? { ...all, ...targetOf(found.releases) };
      forReleases.set(key, known);
      return known;
    },
  };
}

function remembered<K extends object, V>(map: WeakMap<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
