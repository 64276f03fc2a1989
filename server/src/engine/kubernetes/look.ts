/** What a command asks one host for, or of one pod. */
export interface Look {
  /**
   * `name`: an address from the DNS; `hosts`: one from `/etc/hosts` or else the DNS; `port`: an answer; `ready`: that the
   * pod is Ready.
   */
  readonly asks: "name" | "hosts" | "port" | "ready";
  /** As written, without quotes: `db-0.db`, `$(hostname).db`, `localhost`; for `ready` the pod's name. */
  readonly host: string;
  readonly port: number | undefined;
}

/** How programs get their host and port: the options for it, and the port where none is given. */
const clients: Readonly<Record<string, { readonly host: string; readonly port: string; readonly usual: number }>> = {
  pg_isready: { host: "-h|--host", port: "-p|--port", usual: 5432 },
  psql: { host: "-h|--host", port: "-p|--port", usual: 5432 },
  mysqladmin: { host: "-h|--host", port: "-P|--port", usual: 3306 },
  mysql: { host: "-h|--host", port: "-P|--port", usual: 3306 },
  "redis-cli": { host: "-h", port: "-p", usual: 6379 },
};

/**
 * What a single command asks for, such as `nc -z -w 2 db-0.db 5432`; `undefined` where it is none that is known, or it
 * names no host or several.
 */
export function lookIn(command: string): Look | undefined {
  const words = (command.match(word) ?? []).map((one) => one.replace(/["']/g, ""));
  const end = words.indexOf("|");
  const [program = "", ...operands] = (end === -1 ? words : words.slice(0, end)).filter(
    (word) => !/^[()]?$/.test(word),
  );
  const name = program.slice(program.lastIndexOf("/") + 1).replace(/\.sh$/, "");
  const client = clients[name];
  if (client !== undefined) {
    const host = optionIn(operands, client.host);
    return host === undefined ? undefined : look("port", host, optionIn(operands, client.port) ?? String(client.usual));
  }
  switch (name) {
    case "nslookup":
    case "host":
      return look("name", plain(operands)[0], undefined);
    case "dig":
      return look(
        "name",
        plain(operands).find((one) => !/^[@+]/.test(one)),
        undefined,
      );
    case "getent":
      return /^a?hosts/.test(operands[0] ?? "") ? look("hosts", plain(operands)[1], undefined) : undefined;
    case "ping":
      return look("hosts", plain(operands).at(-1), undefined);
    case "nc":
    case "ncat":
    case "telnet":
    case "echo": {
      // `echo > /dev/tcp/HOST/PORT` reads as `echo HOST PORT`.
      const [host, port] = plain(operands).slice(-2);
      return port !== undefined && /^\d+$/.test(port) ? look("port", host, port) : undefined;
    }
    case "wait-for-it":
    case "wait-for":
    case "dockerize":
    case "curl":
    case "wget": {
      const [, scheme, host, port] = targetOf(operands) ?? [];
      return look("port", host, port ?? (scheme === "https" ? "443" : "80"));
    }
    case "kubectl":
      return look("ready", awaitedPod(operands), undefined);
    default:
      return undefined;
  }
}

/** The only pod of `wait --for=condition=Ready pod/db-0` in its own namespace; the condition in any case. */
function awaitedPod([verb, ...operands]: readonly string[]): string | undefined {
  const isReady = /^condition=(?:containers)?ready(?:=true)?$/i.test(optionIn(operands, "--for") ?? "");
  if (verb !== "wait" || !isReady || operands.some((word) => otherObjects.test(word))) return undefined;
  const named = operands.filter(
    (word, index) => !word.startsWith("-") && !["--for", "--timeout"].includes(operands[index - 1] ?? ""),
  );
  const [type = "", name, ...others] = named.join("/").split("/");
  return /^(?:po|pods?)$/i.test(type) && others.length === 0 ? name : undefined;
}

/** Options by which kubectl looks elsewhere, or for more than what is named. */
const otherObjects = /^(?:-[nlfkAR]|--(?:namespace|selector|field-selector|filename|kustomize|all|context|kubeconfig))/;

/** With what is substituted in it: `$(hostname -f).db`. */
const word = /(?:\$\([^()]*\)|`[^`]*`|[^\s`])+/g;

/** The only operand that is an address: `http://db-0.db:80/x`, `tcp://db:1`, `db:5432`. */
function targetOf(operands: readonly string[]): readonly (string | undefined)[] | undefined {
  const found = operands
    .map((word) => /^(?:-wait=)?(?:(\w+):\/\/([^/:]+)(?::(\d+))?(?:\/.*)?|()([^/:]+):(\d+)(?:\/.*)?)$/.exec(word))
    .filter((match) => match !== null);
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) return undefined;
  return [only[0], only[1] ?? only[4], only[2] ?? only[5], only[3] ?? only[6]];
}

/** Operands that are no options, nor the numbers of such as `-w 2`. */
function plain(operands: readonly string[]): readonly string[] {
  return operands.filter(
    (word, index) => !word.startsWith("-") && !(/^\d+$/.test(word) && /^-\w*[wWcipt]$/.test(operands[index - 1] ?? "")),
  );
}

/** The value of `-h X`, `-hX` or `--host=X`. */
function optionIn(operands: readonly string[], names: string): string | undefined {
  for (const name of names.split("|")) {
    for (const [index, word] of operands.entries()) {
      if (word === name) return operands[index + 1];
      if (word.startsWith(name.startsWith("--") ? `${name}=` : name))
        return word.slice(name.startsWith("--") ? name.length + 1 : name.length);
    }
  }
  return undefined;
}

function look(asks: Look["asks"], host: string | undefined, port: string | undefined): Look | undefined {
  if (host === undefined || host === "" || host.includes(",")) return undefined;
  return { asks, host, port: port !== undefined && /^\d+$/.test(port) ? Number(port) : undefined };
}
