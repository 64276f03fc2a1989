import type { Call } from "../call.js";
import {
  ErrorCodes,
  ProgressType,
  ResponseError,
  type CancellationToken,
  type Range,
  type RequestType,
  type ServerCapabilities,
  type TextDocumentIdentifier,
  type TextDocumentPositionParams,
} from "vscode-languageserver";
import {
  isMapping,
  type Analysis,
  type Document,
  type DocumentPosition,
  type LineIndex,
  type Span,
  type WorkspaceMaker,
} from "../../engine/api.js";
import type { Bases } from "../bases.js";
import type { Client } from "../client.js";
import type { Surroundings } from "../diagnostics.js";
import type { PullDiagnostics } from "../diagnostics-pull.js";
import type { Positions } from "../positions.js";
import type { Folders } from "../folders.js";
import type { Settings } from "../settings.js";
import { toRange, type Files } from "../to-lsp.js";
import { canonicalUri } from "../uri.js";
import type { Builds } from "./builds.js";

/** Something that an editor may ask for. `list.ts` holds all of them. */
export interface Feature {
  /** `textDocument/hover` */
  readonly method: string;
  /** What the answer to `initialize` says of it. */
  readonly capability: Capability;
  listen(server: Server): void;
}

/** For all clients, or by what a client can do; a method that has none of its own belongs to another feature's. */
type Capability = ServerCapabilities | ((client: Client) => ServerCapabilities);

/** What features are made of, for one editor. */
export interface Server extends Surroundings {
  readonly client: Client;
  readonly positions: Positions;
  readonly settings: Settings;
  readonly folders: Folders;
  readonly bases: Bases;
  readonly makeWorkspace: WorkspaceMaker;
  /** Absent where no programs can be run. */
  readonly builds: Builds | undefined;
  /** For an editor that asks for diagnostics. */
  readonly pull: PullDiagnostics | undefined;
  readonly files: (uri: string) => Files;
  /** Whether the client has asked for a shutdown. */
  readonly isOver: () => boolean;
  /** Whether programs may be run. */
  readonly isTrusted: () => boolean;
}

interface Definition<P, R, A> {
  readonly capability?: Capability;
  /** For what runs programs: the answer until the user trusts the workspace. */
  readonly untrusted?: R;
  /** The answer where there is nothing to say: the file is not known, or `run` threw. */
  readonly empty: (params: P) => R;
  readonly run: (asked: A, params: P, call: Call) => R | Promise<R>;
}

/** The client and a file that it asks about. */
export interface AskedFile {
  /** Canonical. */
  readonly uri: string;
  /** The URI as the client writes it. */
  readonly spelling: string;
  readonly analysis: Analysis;
  readonly lines: LineIndex;
  readonly documents: readonly Document[];
  readonly server: Server;
  readonly client: Client;
  readonly range: (span: Span) => Range;
}

export interface AskedPosition extends AskedFile {
  readonly at: DocumentPosition;
}

type AboutFile = { readonly textDocument: TextDocumentIdentifier } | TextDocumentIdentifier;

/** A request about anything. Whatever fails in it is caught, logged and answered with `empty`. */
export function request<P, R, E>(
  { method }: RequestType<P, R, E>,
  { capability = {}, untrusted, empty, run }: Definition<P, R, Server>,
): Feature {
  return {
    method,
    capability,
    listen(server) {
      server.connection.onRequest<unknown, void>(method, async (params: P, token: CancellationToken) => {
        if (server.isOver()) throw new ResponseError(ErrorCodes.InvalidRequest, "the server has been shut down");
        if (untrusted !== undefined && !server.isTrusted()) return untrusted;
        const call = { token, partial: partialOf(server, method, params) };
        const begin = server.runtime.now();
        const answer = await server.guard.answer(method, empty(params), (given: P) => run(server, given, call))(params);
        server.trace(`${method}: ${Math.round(server.runtime.now() - begin)} ms`, () => ({ params, answer }));
        return answer;
      });
    },
  };
}

function partialOf({ connection, guard }: Server, method: string, params: unknown): Call["partial"] {
  const token = isMapping(params) ? params["partialResultToken"] : undefined;
  if (typeof token !== "string" && typeof token !== "number") return undefined;
  return (part) => guard.background(method, connection.sendProgress(new ProgressType<object>(), token, part));
}

/** A request about a file that is known. */
export function inFile<P extends AboutFile, R, E>(
  type: RequestType<P, R, E>,
  { run, ...definition }: Definition<P, R, AskedFile>,
): Feature {
  return request(type, {
    ...definition,
    run(server, params, call) {
      const asked = askedFile(server, params);
      return asked === undefined ? definition.empty(params) : run(asked, params, call);
    },
  });
}

/** A request about a position in a file that is known. */
export function atPosition<P extends AboutFile & Pick<TextDocumentPositionParams, "position">, R, E>(
  type: RequestType<P, R, E>,
  { run, ...definition }: Definition<P, R, AskedPosition>,
): Feature {
  return inFile(type, {
    ...definition,
    run(asked, params, call) {
      const at = asked.analysis.documentAt(asked.uri, asked.lines.offset(params.position));
      return at === undefined ? definition.empty(params) : run({ ...asked, at }, params, call);
    },
  });
}

function askedFile(server: Server, params: AboutFile): AskedFile | undefined {
  const { uri: spelling } = "textDocument" in params ? params.textDocument : params;
  const uri = canonicalUri(spelling);
  const analysis = server.manifests.analysisOf(uri);
  const lines = server.positions.of(analysis, uri);
  if (lines === undefined) return undefined;
  return {
    uri,
    spelling,
    analysis,
    lines,
    documents: analysis.documents(uri),
    server,
    client: server.client,
    range: (span) => toRange(span, lines),
  };
}

/** What `initialize` says of all features. */
export function capabilitiesOf(features: readonly Feature[], client: Client): ServerCapabilities {
  const all = features.map(({ capability }) => (typeof capability === "function" ? capability(client) : capability));
  return Object.assign({}, ...all);
}
