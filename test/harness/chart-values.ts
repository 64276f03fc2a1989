/** A chart of which templates are read with its default values: its files, without the template. */
export const chartFiles: Readonly<Record<string, string>> = {
  "Chart.yaml": 'apiVersion: v2\nname: db\nversion: 1.2.3\nappVersion: "17.0"\n',
  "values.yaml": `
size: 8Gi
count: 3
empty: {}
list: [a, b]
map: { one: 1, two: "2" }
nested: { deeper: { text: x } }
text: "a b"
tagged: { x: "{{ .Release.Name }}" }
`,
  "templates/_helpers.tpl": `
{{- define "name" -}}
{{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- define "labels" }}
app: {{ include "name" . }}
version: {{ .Chart.AppVersion | quote }}
{{- end }}
{{- define "branches" -}}
{{- $name := .Values.size -}}
{{- if .Values.empty }}none{{ else if contains "Gi" $name }}{{ $name | lower }}{{ end -}}
{{- end }}
{{- define "with" -}}{{ with .Values.nested }}{{ .deeper.text }}{{ end }}{{- end }}
{{- define "range" -}}{{ range .Values.list }}{{ . }}{{ end }}{{- end }}
{{- define "itself" -}}{{ include "itself" . }}{{- end }}
{{- define "twice" -}}{{ include "itself" . }}{{ include "name" . }}{{- end }}
`,
};

/** The template of a Service with something in its `spec`. */
export function templateWith(spec: string): string {
  return `apiVersion: v1\nkind: Service\nmetadata: { name: x }\nspec:\n${spec}`;
}

/** What the default values make of `spec.x`: its value, or `opaque` or `open` where nothing is said of it. */
export const chartCases: readonly (readonly [title: string, spec: string, value: unknown])[] = [
  ["a value", "  x: {{ .Values.size }}\n", "8Gi"],
  ["a quoted number", "  x: {{ .Values.count | quote }}\n", "3"],
  ["a text with a value", '  x: "{{ .Values.size }}-{{ .Values.count }}"\n', "8Gi-3"],
  ["a map", "  x:\n    {{- toYaml .Values.map | nindent 4 }}\n", { one: 1, two: "2" }],
  ["a map behind its key", "  x: {{- toYaml .Values.map | nindent 4 }}\n", { one: 1, two: "2" }],
  ["a list", "  x:\n    {{- .Values.list | toYaml | nindent 4 }}\n", ["a", "b"]],
  ["an empty map", "  x:\n    {{- toYaml .Values.empty | nindent 4 }}\n", {}],
  ["a map by tpl", "  x:\n    {{- tpl (toYaml .Values.map) . | nindent 4 }}\n", { one: 1, two: "2" }],
  ["a map with tags", "  x:\n    {{- tpl (toYaml .Values.tagged) $ | nindent 4 }}\n", "opaque"],
  ["an entry and a map", "  x:\n    own: 1\n    {{- toYaml .Values.map | nindent 4 }}\n", { own: 1, one: 1, two: "2" }],
  [
    "two maps",
    '  x:\n    {{- include "labels" . | nindent 4 }}\n    {{- toYaml .Values.map | nindent 4 }}\n',
    { app: "db", version: "17.0", one: 1, two: "2" },
  ],
  [
    "a map in a branch that is taken",
    "  x:\n    own: 1\n    {{- with .Values.map }}\n    {{- toYaml . | nindent 4 }}\n    {{- end }}\n",
    { own: 1, one: 1, two: "2" },
  ],
  [
    "a map in a branch that is not",
    "  x:\n    own: 1\n    {{- with .Values.empty }}\n    {{- toYaml . | nindent 4 }}\n    {{- end }}\n",
    { own: 1 },
  ],
  [
    "a map in a branch of which nothing is known",
    "  x:\n    own: 1\n    {{- if gt 1 2 }}\n    {{- toYaml .Values.map | nindent 4 }}\n    {{- end }}\n",
    "open",
  ],
  ["a value below the dot", "  {{- with .Values.nested }}\n  x: {{ .deeper.text }}\n  {{- end }}\n", "x"],
  ["a value of the root below a dot", "  {{- with .Values.nested }}\n  x: {{ $.Values.size }}\n  {{- end }}\n", "8Gi"],
  ["a value in a range", "  {{- range .Values.list }}\n  x: {{ . }}\n  {{- end }}\n", "opaque"],
  ["named labels", '  x:\n    {{- include "labels" . | nindent 4 }}\n', { app: "db", version: "17.0" }],
  ["branches and a variable of a named template", '  x: {{ include "branches" . }}\n', "8gi"],
  ["with in a named template", '  x: {{ include "with" . }}\n', "x"],
  ["range in a named template", '  x: {{ include "range" . }}\n', "opaque"],
  ["a named template that includes itself", '  x: {{ include "itself" . }}\n', "opaque"],
  ["one that includes that", '  x: {{ include "twice" . }}\n', "opaque"],
  ["one that is nowhere", '  x: {{ include "library.x" . }}\n', "opaque"],
];
