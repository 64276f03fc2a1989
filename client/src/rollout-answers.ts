import {
  Disposable,
  Range,
  type Position,
  TextEdit,
  workspace,
  WorkspaceEdit,
  type TextDocument,
  type Uri,
} from "vscode";
import { State, type BaseLanguageClient } from "vscode-languageclient";
import type { FieldEdit } from "../../server/src/engine/rollout/field-edit.js";
import {
  editRequest,
  fieldRequest,
  placeRequest,
  rolloutRequest,
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

/** What the language server says about the StatefulSets of a document. */
export interface RolloutAnswers extends Disposable {
  /** About the document as it is now, which is opened if need be. */
  now(uri: Uri): Promise<RolloutResult>;
  /** About the file as it was last saved; `undefined` if there is no such file. */
  saved(uri: Uri): Promise<RolloutResult | undefined>;
  /** Where a field stands: see `PlaceParams`. */
  place(uri: Uri, index: number, field: string): Promise<Range | undefined>;
  /** The field at a position: see `FieldParams`. */
  field(uri: Uri, position: Position): Promise<FieldResult>;
  /** Writes fields of a StatefulSet as one edit that the user can undo; resolves to the reason where it cannot. */
  write(uri: Uri, set: Pick<EditParams, "index" | "name">, edits: readonly FieldEdit[]): Promise<string | undefined>;
  /** Calls back with what `now` says, and again whenever that may have changed, until the result is disposed. */
  follow(uri: Uri, listener: Listener): Disposable;
}

type Listener = (result: RolloutResult) => void;

/** Asks the server as often as documents change, but never twice at a time about one document. */
export function createRolloutAnswers(client: BaseLanguageClient): RolloutAnswers {
  const followed = new Map<string, Followed>();
  const asProtocolUri = (uri: Uri): string => client.code2ProtocolConverter.asUri(uri);

  const ask = (params: RolloutParams): Promise<RolloutResult> => client.sendRequest(rolloutRequest, params);

  const now = async (uri: Uri): Promise<RolloutResult> => {
    while (true) {
      const document = await workspace.openTextDocument(uri);
      // The client tells the server of a change in a listener of its own, which may run after ours.
      await nextTurn();
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
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) refreshDocument(document);
    }),
    workspace.onDidSaveTextDocument(refreshDocument),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("ordinal")) refreshAll();
    }),
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) refreshAll();
    }),
  );

  return {
    now,
    async saved(uri) {
      const text = await readText(uri);
      return text === undefined ? undefined : ask({ uri: asProtocolUri(uri), text });
    },
    async place(uri, index, field) {
      const params: PlaceParams = { uri: asProtocolUri(uri), index, field };
      const result = await client.sendRequest<PlaceResult>(placeRequest, params);
      return result === null ? undefined : toRange(result);
    },
    async field(uri, { line, character }) {
      // As in `now`.
      await nextTurn();
      const params: FieldParams = { uri: asProtocolUri(uri), position: { line, character } };
      return client.sendRequest<FieldResult>(fieldRequest, params);
    },
    async write(uri, { index, name }, edits) {
      const document = await workspace.openTextDocument(uri);
      // As in `now`.
      await nextTurn();
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

async function readText(uri: Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
