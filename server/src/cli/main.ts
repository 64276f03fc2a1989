import process from "node:process";
import { run } from "./args.js";
import { exitCodes } from "./exit.js";
import { processIo } from "./io.js";

void main();

async function main(): Promise<void> {
  try {
    // Not `process.exit`, which would cut off what is still being written to a pipe.
    process.exitCode = await run(process.argv.slice(2), processIo());
  } catch (error) {
    console.error("ordinal has a defect; please report what follows, with the command and the file:\n", error);
    process.exitCode = exitCodes.trouble;
  }
}
