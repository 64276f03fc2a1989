import { Option } from "commander";
import { loadRestrictors } from "../../engine/api.js";

// Options that several commands have.

export function kubernetesVersion(): Option {
  return new Option(
    "--kubernetes-version <version>",
    "the release that the manifests are for, as 1.35 or 1.35.2; 1.34-1.37 for each of them; auto for what the repository says",
  );
}

export function askCluster(): Option {
  return new Option("--ask-cluster", "take the release that the cluster of kubectl's current context runs");
}

export function values(): Option {
  return new Option("--values <file>", "values for the charts that --render renders; may be given again").argParser(
    (file: string, former: readonly string[] | undefined) => [...(former ?? []), file],
  );
}

export function loadRestrictor(): Option {
  const option = new Option("--load-restrictor <restrictor>", "none lets --render read files outside a kustomization");
  return option.choices(loadRestrictors);
}

export function verbose(): Option {
  return new Option("--verbose", "show where in Ordinal an internal error happened");
}

export function color(): Option {
  return new Option("--color", "colour the output even if it is not a terminal");
}

export function noColor(): Option {
  return new Option("--no-color", "do not colour the output");
}
