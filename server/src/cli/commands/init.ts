import { existsSync } from "node:fs";
import path from "node:path";
import { configFileName } from "../../engine/api.js";
import { exitCodes, type ExitCode } from "../exit.js";
import type { Io } from "../io.js";
import { writeText } from "../write.js";
import { configRecipe, githubRecipe, gitlabRecipe, preCommitRecipe } from "../recipes.js";

/** A file for what was found in a project. */
interface Recipe {
  /** From the root of the project. */
  readonly file: string;
  readonly text: string;
  /** Something that is there where the recipe is of use; `undefined`: always. */
  readonly sign: string | undefined;
  /** `write`: a file of our own. `show`: a part for a file that people have written. */
  readonly to: "write" | "show";
}

const recipes: readonly Recipe[] = [
  { file: configFileName, text: configRecipe, sign: undefined, to: "write" },
  { file: ".github/workflows/ordinal.yaml", text: githubRecipe, sign: ".github", to: "write" },
  { file: ".pre-commit-config.yaml", text: preCommitRecipe, sign: ".pre-commit-config.yaml", to: "show" },
  { file: ".gitlab-ci.yml", text: gitlabRecipe, sign: ".gitlab-ci.yml", to: "show" },
];

/** Writes a configuration and what CI needs into a directory. Nothing that is there is overwritten without `force`. */
export async function init(options: { readonly force?: boolean }, io: Io): Promise<ExitCode> {
  for (const { file, text, sign, to } of recipes) {
    const absolute = path.join(io.cwd, file);
    if (sign !== undefined && !existsSync(path.join(io.cwd, sign))) continue;
    if (to === "show") {
      io.stdout.write(`\nAdd to ${file}:\n\n${text}`);
    } else if (existsSync(absolute) && options.force !== true) {
      io.stdout.write(`Kept ${file}, which is there already (--force overwrites it)\n`);
    } else {
      await writeText(absolute, text, file);
      io.stdout.write(`Wrote ${file}\n`);
    }
  }
  return exitCodes.clean;
}
