import { LogTraceNotification, SetTraceNotification, type Connection, type TraceValue } from "vscode-languageserver";
import type { Guard } from "./guard.js";

/** Says what is done to a client that wants to read it: a line, and what it is about where it wants every detail. */
export type Trace = (message: string, details: () => unknown) => void;

/** Follows `$/setTrace`; unlike the library's tracer it makes no details that are not sent. */
export function createTrace(connection: Connection, guard: Guard, initial: TraceValue): Trace {
  let level = initial;
  connection.onNotification(SetTraceNotification.type, ({ value }) => {
    level = value;
  });
  return (message, details) => {
    if (level === "off") return;
    const verbose = level === "verbose" ? { verbose: JSON.stringify(details()) } : {};
    guard.background("$/logTrace", connection.sendNotification(LogTraceNotification.type, { message, ...verbose }));
  };
}
