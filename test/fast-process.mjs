// Runs compiled test files in this one process, and tells how many tests there were and what they cost: see `fast.mjs`.
import { pathToFileURL } from "node:url";

for (const file of process.argv.slice(2)) await import(pathToFileURL(`out/test/${file}`).href);

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  process.send({ cpu: (user + system) / 1000, tests: globalThis.testsRun });
});
