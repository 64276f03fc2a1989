import process from "node:process";
import { run } from "./args.js";
import { processIo } from "../io.js";

void main();

async function main(): Promise<void> {
  // Not `process.exit`, which would cut off what is still being written to a pipe.
  process.exitCode = await run(process.argv.slice(2), processIo());
}
