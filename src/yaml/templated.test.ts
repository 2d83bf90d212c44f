import { expect, test } from 'vitest';
import { isTemplated } from './templated.ts';

test.for([
  ['a value', 'name: {{ .Values.name }}\n'],
  ['a value behind a dash', '- {{ include "x" . }}\n'],
  ['a line', 'metadata:\n  labels:\n    a: b\n    {{- include "x.labels" . | nindent 4 }}\n'],
  ['a condition', '{{- if .Values.enabled }}\nkind: Service\n{{- end }}\n'],
  ['a comment of the template', '{{/* x */}}\nkind: Service\n'],
  ['a key', '{{ $key }}: {{ $value }}\n'],
  ['inside brackets', 'args: [{{ .Values.a }}, b]\n'],
  ['a chart’s name inside a plain text', 'name: app-{{ .Release.Name }}\n'],
  ['a chart’s function inside a plain text', 'name: x-{{ include "a.b" . }}-y\n'],
  ['a line that would go on with a text', 'replicas: 1\n  {{- if .Values.x }}\n'],
  ['a body that is not indented', 'data:\n  a: |\n{{ .Files.Get "x" | indent 4 }}\n'],
  ['behind quotes', 'a: "b"\nc: \'d\'\ne: {{ .x }}\n'],
  ['of Ansible', 'host: {{ inventory_hostname }}\n'],
  ['of Jinja', '{% if x %}\na: 1\n{% endif %}\n'],
] as const)('a template: %s', ([, text]) => expect(isTemplated(text)).toBe(true));

test.for([
  ['an alert', 'annotations:\n  summary: \'{{ $labels.instance }} is down\'\n  description: "{{ $value }}"\n'],
  [
    'a dashboard in a block',
    'data:\n  d.json: |\n    {"legend": "{{instance}}",\n    "a": {{ b }}\n    }\n  e: >-\n    {{ x }}\n',
  ],
  ['a dashboard as JSON', '{"panels": [{"legendFormat": "{{ instance }}"}]}'],
  [
    'an ApplicationSet',
    "metadata:\n  name: '{{name}}-guestbook'\n  namespace: app-{{name}}\n  path: apps/{{ .path.basename }}\n",
  ],
  ['comments', '# {{ .Values.x }}\na: 1 # {{ x }}\n'],
  ['a text of several lines', 'a: "x\n  {{ y }}"\nb: \'z\n  {{ y }}\'\n'],
  ['a text of several lines in a list', '- |\n  {{ x }}\n- >\n  {{ y }}\n'],
  ['maps in brackets', 'a: {b: {c: d}}\ne: [{f: g}]\n'],
  ['an external secret', 'template:\n  data:\n    url: "postgres://{{ .user }}:{{ .password }}@db"\n'],
  ['nothing of the kind', 'a: ${B}\nc: $(D)\n'],
  [
    'a literal block with a template that looks like the chart’s',
    'data:\n  values.yaml: |-\n    name: {{ .Values.name }}\n\n    {{- end }}\nb: 1\n',
  ],
] as const)('no template: %s', ([, text]) => expect(isTemplated(text)).toBe(false));
