// Stands between an editor and the language server and writes down what passes: one message on each line, as
// `{"from":"client","message":{...}}`. Arguments: the file to write to, then the server's command.
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";

const [file, program, ...args] = process.argv.slice(2);
const server = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
copy(process.stdin, server.stdin, "client");
copy(server.stdout, process.stdout, "server");
server.on("exit", (code) => process.exit(code ?? 1));
process.stdout.on("error", () => server.kill());
server.stdin.on("error", () => {});

function copy(from, to, name) {
  let rest = Buffer.alloc(0);
  from.on("data", (data) => {
    to.write(data);
    rest = Buffer.concat([rest, data]);
    for (;;) {
      const header = rest.indexOf("\r\n\r\n");
      if (header < 0) return;
      const length = Number(/Content-Length: *(\d+)/i.exec(rest.subarray(0, header).toString())?.[1]);
      const end = header + 4 + length;
      if (rest.length < end) return;
      const message = JSON.parse(rest.subarray(header + 4, end).toString());
      appendFileSync(file, `${JSON.stringify({ from: name, message })}\n`);
      rest = rest.subarray(end);
    }
  });
  from.on("end", () => to.end());
}
