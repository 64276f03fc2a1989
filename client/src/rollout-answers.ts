import {
  Disposable,
  Location,
  Range,
  type Position,
  TextEdit,
  Uri,
  workspace,
  WorkspaceEdit,
  type TextDocument,
} from "vscode";
import { DidChangeTextDocumentNotification, State, type BaseLanguageClient } from "vscode-languageclient";
import type { FieldEdit } from "../../server/src/engine/rollout/field-edit.js";
import {
  buildsRequest,
  builtPlaceRequest,
  builtRequest,
  editRequest,
  fieldRequest,
  placeRequest,
  rolloutRequest,
  type BuildsParams,
  type BuildsResult,
  type BuiltParams,
  type BuiltPlaceParams,
  type BuiltPlaceResult,
  type BuiltResult,
  type EditParams,
  type EditResult,
  type FieldParams,
  type FieldResult,
  type LineEdit,
  type PlaceParams,
  type PlaceResult,
  type RolloutParams,
  type RolloutResult,
} from "../../server/src/protocol/protocol.js";
import { buildOf, labelOf } from "./built.js";

/** What is known of the StatefulSets of a document or of a build. */
export interface RolloutAnswer extends Pick<RolloutResult, "release" | "featureGates" | "statefulSets"> {
  /** Why nothing can be said of a build at this moment. */
  readonly problem?: string | undefined;
}

/** What the language server says about the StatefulSets of a document, or of a build (see `built.ts`). */
export interface RolloutAnswers extends Disposable {
  /** About the document as it is now, which is opened if need be. */
  now(uri: Uri): Promise<RolloutAnswer>;
  /** About the file as it was last saved; `undefined` if there is no such file. */
  saved(uri: Uri): Promise<RolloutAnswer | undefined>;
  /** The builds that a file is a part of. */
  builds(uri: Uri): Promise<BuildsResult>;
  /** What a build makes of the files as they are saved. */
  built(uri: Uri): Promise<BuiltResult>;
  /** Where a field stands: see `PlaceParams` and `BuiltPlaceParams`. */
  place(uri: Uri, index: number, field: string): Promise<Location | undefined>;
  /** The field at a position: see `FieldParams`. */
  field(uri: Uri, position: Position): Promise<FieldResult>;
  /** Writes fields of a StatefulSet as one edit that the user can undo; resolves to the reason where it cannot. */
  write(uri: Uri, set: Pick<EditParams, "index" | "name">, edits: readonly FieldEdit[]): Promise<string | undefined>;
  /** Calls back with what `now` says, and again whenever that may have changed, until the result is disposed. */
  follow(uri: Uri, listener: Listener): Disposable;
}

type Listener = (answer: RolloutAnswer) => void;

/** Asks the server as often as documents change, but never twice at a time about one document. */
export function createRolloutAnswers(client: BaseLanguageClient): RolloutAnswers {
  const followed = new Map<string, Followed>();
  const asProtocolUri = (uri: Uri): string => client.code2ProtocolConverter.asUri(uri);

  const ask = (params: RolloutParams): Promise<RolloutResult> => client.sendRequest(rolloutRequest, params);

  const built = async (uri: Uri): Promise<BuiltResult> => {
    const build = buildOf(uri);
    if (build === undefined) throw new Error(`${uri.toString()} is no build`);
    const params: BuiltParams = { build };
    return client.sendRequest<BuiltResult>(builtRequest, params);
  };

  const now = async (uri: Uri): Promise<RolloutAnswer> => {
    if (buildOf(uri) !== undefined) return built(uri);
    while (true) {
      // Without waiting where it is open, so that this question reaches the server before any other about the change.
      const document = openDocument(uri) ?? (await workspace.openTextDocument(uri));
      const { version } = document;
      const result = await ask({ uri: asProtocolUri(uri) });
      if (document.version === version) return result;
    }
  };

  const refresh = async (one: Followed): Promise<void> => {
    one.outdated = true;
    if (one.asking) return;
    one.asking = true;
    while (one.outdated && one.listeners.size > 0) {
      one.outdated = false;
      const result = await now(one.uri).catch(() => undefined);
      // No answer: the server is restarting, or the file is gone. The next change, or the server's start, asks again.
      if (result !== undefined && !one.outdated) for (const listener of one.listeners) listener(result);
    }
    one.asking = false;
  };

  const refreshAll = (): void => {
    for (const one of followed.values()) void refresh(one);
  };
  const refreshDocument = ({ uri }: TextDocument): void => {
    const one = followed.get(uri.toString());
    if (one !== undefined) void refresh(one);
  };

  const events = Disposable.from(
    // Not VS Code's own event: by this one the server has been told of the change, and has been asked nothing about it
    // yet.
    client
      .getFeature(DidChangeTextDocumentNotification.method)
      .onNotificationSent(({ textDocument }) => refreshDocument(textDocument)),
    workspace.onDidSaveTextDocument((document) => {
      refreshDocument(document);
      for (const one of followed.values()) if (buildOf(one.uri) !== undefined) void refresh(one);
    }),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("ordinal")) refreshAll();
    }),
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) refreshAll();
    }),
  );

  return {
    now,
    built,
    builds(uri) {
      const params: BuildsParams = { uri: asProtocolUri(uri) };
      return client.sendRequest<BuildsResult>(buildsRequest, params);
    },
    async saved(uri) {
      const text = await readText(uri);
      return text === undefined ? undefined : ask({ uri: asProtocolUri(uri), text });
    },
    async place(uri, index, field) {
      const build = buildOf(uri);
      if (build !== undefined) {
        const params: BuiltPlaceParams = { build, index, field };
        const found = await client.sendRequest<BuiltPlaceResult>(builtPlaceRequest, params);
        return found === null ? undefined : new Location(Uri.parse(found.uri, true), toRange(found));
      }
      const params: PlaceParams = { uri: asProtocolUri(uri), index, field };
      const result = await client.sendRequest<PlaceResult>(placeRequest, params);
      return result === null ? undefined : new Location(uri, toRange(result));
    },
    field(uri, { line, character }) {
      const params: FieldParams = { uri: asProtocolUri(uri), position: { line, character } };
      return client.sendRequest<FieldResult>(fieldRequest, params);
    },
    async write(uri, { index, name }, edits) {
      if (buildOf(uri) !== undefined) return `it is built from the files of ${labelOf(uri)}, which are to be changed`;
      const document = await workspace.openTextDocument(uri);
      const { version } = document;
      const params: EditParams = { uri: asProtocolUri(uri), index, name, edits };
      const result = await client.sendRequest<EditResult>(editRequest, params);
      if (result.type === "refused") return result.reason;
      if (document.version !== version) return "the manifest has changed in the meantime";
      const edit = new WorkspaceEdit();
      edit.set(
        uri,
        result.edits.map((one) => TextEdit.replace(toRange(one), one.text)),
      );
      return (await workspace.applyEdit(edit)) ? undefined : "the editor did not take the edit";
    },
    follow(uri, listener) {
      const key = uri.toString();
      const one = followed.get(key) ?? { uri, listeners: new Set(), asking: false, outdated: false };
      followed.set(key, one);
      one.listeners.add(listener);
      void refresh(one);
      return new Disposable(() => {
        one.listeners.delete(listener);
        if (one.listeners.size === 0) followed.delete(key);
      });
    },
    dispose: () => void events.dispose(),
  };
}

/** A document that somebody follows. */
interface Followed {
  readonly uri: Uri;
  readonly listeners: Set<Listener>;
  asking: boolean;
  /** Something has happened since the last question. */
  outdated: boolean;
}

function toRange({ start, end }: Pick<LineEdit, "start" | "end">): Range {
  return new Range(start.line, start.character, end.line, end.character);
}

function openDocument(uri: Uri): TextDocument | undefined {
  return workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}

async function readText(uri: Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}
