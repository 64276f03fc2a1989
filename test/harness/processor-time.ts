import process from "node:process";

/** Milliseconds of this process's processor time that the work takes: a busy machine makes it no slower. */
export function processorTime(work: () => void): number {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}
