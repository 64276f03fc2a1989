import { Console } from "node:console";
import process from "node:process";
import {
  createConnection,
  Message,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
  type Connection,
} from "vscode-languageserver/node";

/**
 * LSP over standard input and output. The process ends when either is closed, and, with a line on standard error, when
 * the input is no LSP: once the length of a message is not known, nothing that follows can be read.
 */
export function connectStdio(): Connection {
  // Standard output is for the protocol alone.
  globalThis.console = new Console(process.stderr);
  const reader = new StreamMessageReader(process.stdin);
  const writer = new StreamMessageWriter(process.stdout);
  let isShutDown = false;
  const end = () => process.exit(isShutDown ? 0 : 1);

  process.stdin.once("data", (first: Buffer) => {
    const line = /^[^\n]*\n/.exec(first.toString("latin1"))?.[0];
    if (line !== undefined && !header.test(line)) tell(`this is no header of LSP: ${JSON.stringify(line)}`);
  });
  reader.onError((error) => {
    // Only the one message is lost.
    if (error instanceof SyntaxError) process.stderr.write(`${name}: a message is not JSON: ${error.message}\n`);
    else tell(error.message);
  });
  reader.onClose(end);
  process.stdin.on("end", end);
  writer.onError(end);
  return createConnection(ProposedFeatures.all, reader, writer, {
    messageStrategy: {
      handleMessage(message, next) {
        if (Message.isRequest(message) && message.method === "shutdown") isShutDown = true;
        return next(message);
      },
    },
  });
}

/** The first line of a message; a length of a gigabyte or more, or below nothing, would be waited for without end. */
const header = /^(?:Content-Length: *\d{1,9}|(?!Content-Length\b)[\w-]+:.*)\r\n$/i;

const name = "ordinal-language-server";

function tell(problem: string): never {
  process.stderr.write(`${name}: the standard input cannot be read as LSP: ${problem.replace(/\s+/g, " ")}\n`);
  process.exit(1);
}
