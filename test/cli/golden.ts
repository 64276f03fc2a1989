import { checkGolden as checkFile } from "../harness/golden.js";

/** Compares with a file in test/cli/golden; `UPDATE=1` writes it instead. */
export function checkGolden(name: string, actual: string): void {
  checkFile(`test/cli/golden/${name}`, actual);
}
