import assert from "node:assert/strict";
import { test } from "node:test";
import {
  declarationOf,
  readDeclarations,
  readIntegerFormats,
  typeText,
} from "../../server/src/tools/schema/read-declarations.js";

function fieldsIn(text: string) {
  const { fieldsOf, statements } = readDeclarations(text);
  return statements.map(declarationOf).flatMap((declared) => {
    if (declared.type !== "TSInterfaceDeclaration") return [];
    return fieldsOf(declared, (name) => name.replace("inputs.", "io.")).map((field) => ({
      ...field,
      type: typeText(field.type),
    }));
  });
}

test("a field has its name, its comment, and whether it is required", () => {
  const text = `
/** About the box. */
export interface Box extends Thing {
    /**
     * How many
     *   there are.
     *
     * @default 1
     * @schema io.k8s.Box#count
     */
    readonly count?: number;
    "$ref": string;
    method(): void;
}
/** About no field. */
interface Empty {}
`;
  assert.deepEqual(fieldsIn(text), [
    {
      name: "count",
      type: "number",
      required: false,
      description: "How many\n  there are.",
      schema: "io.k8s.Box#count",
    },
    { name: "$ref", type: "string", required: true, description: "", schema: undefined },
  ]);
});

const types: readonly (readonly [written: string, read: string])[] = [
  ["Array<Box>", "Array<Box>"],
  ["pulumi.Input<pulumi.Input<inputs.core.v1.Box>[] | undefined>", "Array<io.core.v1.Box>"],
  ["{ [key: string]: pulumi.Input<string> }", "{ [key: string]: string }"],
  ['"TCP" | "UDP"', '"TCP" | "UDP"'],
  ['"v1"', '"v1"'],
  // Whoever reads the fields knows none of these, and says so.
  ["string | number", "string | number"],
  ["{ a: string }", "{ a: string }"],
  ["Map<string, Box>", "Map<string, Box>"],
];
for (const [written, read] of types) {
  test(`${written} is ${read}`, () => {
    assert.deepEqual(
      fieldsIn(`interface Box { field: ${written} }`).map(({ type }) => type),
      [read],
    );
  });
}

test("integer formats of fields, and of the items of lists", () => {
  const validator = `
function validate1(data,{instancePath=""}={}){if(!f.validate(data)){let e={params:{format:"int32"}}}}
function validate2(data,{instancePath=""}={}){if(Array.isArray(data)){validate1(data[i],{instancePath:instancePath+"/"+i})}}
function validate3(data,{instancePath=""}={}){if(!f.validate(data)){let e={params:{format:"int64"}}}}
function validate0(data,{instancePath=""}={}){
  validate1(data0,{instancePath:instancePath+"/port",parentData:data});
  validate2(data1,{instancePath:instancePath+"/ports",parentData:data});
  validate3(data2,{instancePath:instancePath+"/seconds",parentData:data});
  validate4(data3,{instancePath:instancePath+"/name",parentData:data});
}`;
  assert.deepEqual(
    [...readIntegerFormats(validator)],
    [
      ["port", "int32"],
      ["ports", "int32"],
      ["seconds", "int64"],
    ],
  );
});
