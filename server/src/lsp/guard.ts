import { ResponseError, type Connection } from "vscode-languageserver";
import type { Failure } from "../engine/api.js";

/** Keeps the server alive whatever a handler does: its error is logged with what it was asked, and it says nothing. */
export interface Guard {
  /** A handler that answers `empty` where `handler` fails. An answer that is itself an LSP error goes through. */
  answer<A extends readonly unknown[], R>(
    name: string,
    empty: R,
    handler: (...given: A) => R | Promise<R>,
  ): (...given: A) => Promise<R>;
  /** A handler of something that wants no answer. */
  listen<A extends readonly unknown[]>(
    name: string,
    handler: (...given: A) => void | Promise<void>,
  ): (...given: A) => void;
  /** Logs what failed without failing: once, whoever meets it how often. */
  failed(name: string, failure: Failure): void;
  /** For requests that no caller waits for. */
  background(name: string, work: Promise<unknown>): void;
}

export function createGuard(connection: Connection): Guard {
  const log = (name: string, given: unknown, error: unknown) => {
    const asked = typeof given === "object" ? ` ${JSON.stringify(given).slice(0, longestLogged)}` : "";
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    connection.console.error(`${name}${asked}: ${reason}`);
  };
  const logged = new WeakSet<Failure>();
  return {
    failed(name, failure) {
      if (logged.has(failure)) return;
      logged.add(failure);
      log(`${failure.part} (${name})`, undefined, failure.error);
    },
    answer:
      (name, empty, handler) =>
      async (...given) => {
        try {
          return await handler(...given);
        } catch (error) {
          if (error instanceof ResponseError) throw error;
          log(name, given[0], error);
          return empty;
        }
      },
    listen:
      (name, handler) =>
      (...given) => {
        try {
          handler(...given)?.catch((error: unknown) => log(name, given[0], error));
        } catch (error) {
          log(name, given[0], error);
        }
      },
    background: (name, work) => void work.catch((error: unknown) => log(name, undefined, error)),
  };
}

/** Of what was asked; a changed document's text may be long. */
const longestLogged = 500;
