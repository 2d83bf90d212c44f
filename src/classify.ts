/** What a text is. Names help, content decides. Pure, and cheap: it sees every file of a repository. */

/** The kinds of files that tusklint tells apart; `other` is everything that it has nothing to say about. */
export type FileKind =
  | 'kubernetes'
  | 'compose'
  | 'postgresql.conf'
  | 'pg_hba.conf'
  | 'dockerfile'
  | 'kustomization'
  | 'chart-template'
  | 'helm-values'
  /** tusklint's own configuration. */
  | 'config'
  /** Generated or third-party bundles: not the user's code. */
  | 'vendored'
  | 'other';

/** A kind with its reason, for a person: `has Kubernetes apiVersion and kind`. */
export interface Classification {
  readonly kind: FileKind;
  readonly reason: string;
}

/** The kind of a file, by its path (with `/`) and its whole text. */
export function classify(path: string, text: string): Classification {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/^\.?tusklint\.ya?ml$/.test(name)) return is('config', 'is the configuration of tusklint');
  if (isDockerfile(name, text)) return templated(text) ?? is('dockerfile', 'starts with FROM, as a Dockerfile');
  const structured = /\.(?:ya?ml|json)$/i.test(name) || /\.(?:ya?ml|json)\./i.test(name);
  if (!structured) {
    const settings = settingsFile(name, text);
    if (settings !== undefined) return settings;
    if (!/apiVersion|services/.test(text)) return is('other', 'has nothing that tusklint reads');
  }
  return manifest(path, name, text);
}

const is = (kind: FileKind, reason: string): Classification => ({ kind, reason });

/** Manifests: YAML and JSON. */
function manifest(path: string, name: string, text: string): Classification {
  const template = templated(text) ?? (isNamedTemplate(name) ? namedTemplate : undefined);
  const chart = template ?? (/(?:^|\/)templates\/.*[^/]$/.test(path) && text.includes('{{') ? chartFile : undefined);
  if (chart !== undefined) return chart;
  const values = /(?:^|[.-])values(?:[.-].*)?\.ya?ml$/.test(name);
  const object = hasTopLevelKey(text, 'kind') && (hasTopLevelKey(text, 'apiVersion') || /metadata|spec/.test(text));
  if (object && !(values && !hasTopLevelKey(text, 'metadata'))) {
    if (/^kustomization\.ya?ml$|^Kustomization$/.test(name) || isKustomization(text))
      return is('kustomization', 'is a Kustomize file');
    return vendored(name, text) ?? is('kubernetes', 'has Kubernetes kinds');
  }
  if (/^kustomization\.ya?ml$|^Kustomization$/.test(name)) return is('kustomization', 'is named as a Kustomize file');
  if (isCompose(name, text)) return is('compose', 'has compose services');
  if (values) return is('helm-values', 'is named as the values of a Helm chart');
  return is('other', 'is YAML or JSON without Kubernetes kinds or compose services');
}

/** `StatefulSetTemplate.yaml`, `database.tmpl.yaml`, `values.yaml.j2`: a program fills it in before it is applied. */
const isNamedTemplate = (name: string): boolean =>
  /(?:[a-z0-9]Template|\.(?:template|tmpl|tpl|j2))\.(?:ya?ml|json)$|\.(?:ya?ml|json)\.(?:template|tmpl|tpl|j2|erb)$/.test(
    name,
  );

const namedTemplate = is('chart-template', 'is named as a template, which something fills in');

const chartFile = is('chart-template', 'holds template expressions in a folder of chart templates');

/** Whether a document, an item of a top-level list, or a JSON object of the text has this key. */
function hasTopLevelKey(text: string, key: string): boolean {
  if (!text.includes(key)) return false;
  const at = (before: string) => new RegExp(`${before}["']?${key}["']? *:(?=\\s|$)`, 'm').test(text);
  if (at('^(?:\\uFEFF|--- +|- )?')) return true;
  // A file may be indented as a whole, or be a list of objects: then the key stands further right.
  if (at('^ +') && /^(?: |- )/.test(firstLine(text))) return true;
  if (/^\uFEFF?\s*[{[]/.test(text)) return hasOuterKey(text, key);
  // A later document in flow style.
  return /^(?:--- *)?\{/m.test(text) && new RegExp(`[{,\\s"']${key}["']?\\s*:`).test(text);
}

/** Whether an outermost object of a JSON text, or an object of its outermost list, has this key; what is deeper is not asked. */
function hasOuterKey(text: string, key: string): boolean {
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]]|[A-Za-z]\w*/g;
  let depth = 0;
  let lists = 0;
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
    const [found] = token;
    if (found === '{' || found === '[') {
      if (found === '[' && depth === 0) lists = 1;
      depth += 1;
    } else if (found === '}' || found === ']') {
      depth -= 1;
      if (depth <= 0) lists = 0;
    } else if (depth === 1 + lists && (found === `"${key}"` || found === key)) {
      if (/^\s*:/.test(text.slice(tokens.lastIndex, tokens.lastIndex + 20))) return true;
    }
  }
  return false;
}

/** The first line that is neither empty, comment, directive nor document marker. */
const firstLine = (text: string): string => /^(?![ \t]*(?:#|\r?$)|---|%).*/m.exec(text)?.[0] ?? '';

const isKustomization = (text: string): boolean =>
  text.includes('kustomize.config.k8s.io') && /^ *["']?kind["']? *: *["']?(?:Kustomization|Component)\b/m.test(text);

/** Bundles of others, by their markers. A resource that runs PostgreSQL takes precedence: it is judged. */
function vendored(name: string, text: string): Classification | undefined {
  if (/^gotk-components\.ya?ml$/.test(name)) return is('vendored', 'is the bundle of Flux itself');
  const head = /^(?:\uFEFF|---\n)?(?:[ \t]*#.*\n|[ \t]*\n){1,12}/.exec(text)?.[0] ?? '';
  if (/\bgenerated (?:by|from|via)\b|@generated\b|\bcode generated\b/i.test(head))
    return is('vendored', 'says in its head that it is generated');
  if (!text.includes('CustomResourceDefinition')) return undefined;
  const kinds = text.match(/^["']?kind["']? *: *["']?\w+/gm)?.map(line => line.replace(/^.*[:"' ]/, '')) ?? [];
  if (!kinds.includes('CustomResourceDefinition')) return undefined;
  return kinds.every(kind => installKinds.has(kind))
    ? is('vendored', 'is an install bundle of custom resource definitions')
    : undefined;
}

/** What operators install beside their definitions; other kinds make a file the user's own. */
const installKinds: ReadonlySet<string> = new Set([
  'CustomResourceDefinition',
  'Namespace',
  'ServiceAccount',
  'Role',
  'RoleBinding',
  'ClusterRole',
  'ClusterRoleBinding',
  'Service',
  'Deployment',
  'ConfigMap',
  'Secret',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'APIService',
  'PriorityClass',
  'NetworkPolicy',
  'PodDisruptionBudget',
  'Certificate',
  'Issuer',
]);

/** A compose file: `services` at the top, whose members say what they run. */
function isCompose(name: string, text: string): boolean {
  const named = /^(?:docker-)?compose(?:[.-].*)?\.(?:ya?ml|json)$/i.test(name);
  if (name.endsWith('.json')) return named && /"services"\s*:/.test(text);
  const services = /^(["']?)services\1 *:[ \t]*(?:#.*)?\r?\n/m.exec(text);
  if (services === null) return named && /^["']?services["']? *:/m.test(text);
  const body = text.slice(services.index + services[0].length);
  const first = /^(?:[ \t]*(?:#.*)?\r?\n)*( +)["']?[\w.-]+["']? *:/.exec(body);
  if (first === null) return false;
  if (named) return true;
  const end = body.search(/^[^\s#]/m);
  const members = end < 0 ? body : body.slice(0, end);
  return /^ {2,}["']?(?:image|build|container_name)["']? *:/m.test(members);
}

/** A template of Helm, Go or Jinja: expressions where YAML has structure. */
function templated(text: string): Classification | undefined {
  const percent = text.includes('{%');
  if (!text.includes('{{') && !percent) return undefined;
  let number = 0;
  let blockIndent = -1;
  for (const line of text.split('\n')) {
    number += 1;
    const indent = line.search(/\S/);
    if (indent < 0) continue;
    if (blockIndent >= 0 && indent > blockIndent) continue;
    blockIndent = opensBlock(line) ? indent : -1;
    if (isTemplateLine(line)) return is('chart-template', `line ${number} is a template expression`);
  }
  return undefined;
}

/** A line that begins a block scalar (`key: |`, `- >-`): what is indented below it is text. */
const opensBlock = (line: string): boolean => /(?::|^\s*-)\s+(?:[!&]\S+\s+)*[|>][-+0-9]*\s*(?:#.*)?$/.test(line);

function isTemplateLine(line: string): boolean {
  if (/^\s*#/.test(line)) return false;
  if (!line.includes('{{')) return /^\s*\{%/.test(line);
  // What is quoted is an ordinary value that some other program expands.
  const bare = line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'/g, '').replace(/\s#.*$/, '');
  if (/\{\{-?\s*(?:\.Values|\.Release|\.Chart|\.Capabilities|include\s|template\s|tpl\s)/.test(bare)) return true;
  // Inside a plain scalar it is text as well: `summary: instance {{ $labels.pod }} is down`.
  return /(?:^\s*(?:- +)*|:\s+|-\s+)(?:[&!]\S+ +)?\{\{/.test(bare);
}

/** A Dockerfile by its name, or by FROM as the first instruction. */
function isDockerfile(name: string, text: string): boolean {
  const named = /^(?:Dockerfile|Containerfile)(?:[.-].*)?$|\.(?:dockerfile|containerfile)$/i.test(name);
  if (named && /\.(?:ya?ml|json|md|sh|py|ts|js|go|dockerignore)$/i.test(name)) return false;
  if (named) return /^[ \t]*(?:FROM|ARG|RUN)[ \t]/im.test(text);
  if (/\.\w+$/.test(name) && !/\.(?:docker|txt|sample|example)$/i.test(name)) return false;
  return (
    /^(?:\uFEFF)?(?:[ \t]*(?:#.*)?\r?\n|ARG .*\r?\n)*FROM[ \t]+\S+/.test(text) &&
    /^(?:RUN|COPY|ENV|CMD|ENTRYPOINT|USER|WORKDIR|ADD)[ \t[]/m.test(text)
  );
}

/** postgresql.conf or pg_hba.conf, or what looks like one and is another program's. */
function settingsFile(name: string, text: string): Classification | undefined {
  // A cheap look first: most files that come here are none.
  const mentions = /shared_buffers|work_mem|listen_addresses|wal_|autovacuum|max_connections|checkpoint_|log_|ssl/.test(
    text,
  );
  const hbaLike = /^[ \t]*(?:local|host(?:no)?(?:ssl|gssenc)?)[ \t]/m.test(text);
  const named = /postgres|pg_hba/i.test(name);
  if (!mentions && !hbaLike && !named) return undefined;
  // A manifest under another name holds the settings in a block.
  if (hasTopLevelKey(text, 'apiVersion') && hasTopLevelKey(text, 'kind')) return undefined;
  const lines = significantLines(text);
  return hba(name, lines, text) ?? (confExtension(name) || named ? conf(name, lines, text) : undefined);
}

const significantLines = (text: string): readonly string[] =>
  text
    .split(/\r?\n/)
    .map(line => line.replace(/^\uFEFF/, '').trim())
    .filter(line => line !== '' && !line.startsWith('#'));

const hbaTypes: ReadonlySet<string> = new Set('local host hostssl hostnossl hostgssenc hostnogssenc'.split(' '));
const hbaMethods: ReadonlySet<string> = new Set(
  'trust reject scram-sha-256 md5 password peer ident cert gss sspi ldap radius pam bsd oauth'.split(' '),
);

/** A record of client authentication: type, database, user, perhaps an address, method. */
function isRecord(line: string): boolean {
  const [type = '', ...fields] = line.split(/\s+/, 8);
  return hbaTypes.has(type) && fields.slice(2).some(field => hbaMethods.has(field.replace(/#.*$/, '')));
}

function hba(name: string, lines: readonly string[], text: string): Classification | undefined {
  if (/pool_hba/i.test(name)) return is('other', 'is the pool_hba.conf of Pgpool-II');
  const records = lines.filter(line => isRecord(line)).length;
  if (records > 0 && records * 2 >= lines.length) return is('pg_hba.conf', 'has client authentication records');
  if (!/pg_hba/i.test(name) || /\.(?:sh|py|sql|md|rb|go|j2|erb|epp|tmpl|tpl)$/i.test(name)) return undefined;
  return records > 0 || lines.length === 0 || /^# *TYPE +DATABASE +USER/m.test(text)
    ? is('pg_hba.conf', 'is named as one')
    : undefined;
}

/** Names of files whose content may be settings: `.conf` with what people append to it, or no extension at all. */
const confExtension = (name: string): boolean =>
  /\.(?:conf|cnf|cfg|config)(?:[.-][\w.-]*)?$|\.(?:sample|example|template|tmpl|tpl|j2|erb|txt)$|^[^.]+$/i.test(name);

/** Parameters that no other program has. */
const distinctive =
  /^(?:shared_buffers|effective_cache_size|maintenance_work_mem|work_mem|temp_buffers|wal_level|wal_buffers|max_wal_senders|max_wal_size|min_wal_size|wal_keep_segments|wal_keep_size|max_replication_slots|hot_standby|checkpoint_completion_target|checkpoint_timeout|checkpoint_segments|autovacuum\w*|shared_preload_libraries|session_preload_libraries|password_encryption|log_min_duration_statement|log_line_prefix|log_autovacuum_min_duration|synchronous_commit|synchronous_standby_names|random_page_cost|effective_io_concurrency|default_statistics_target|max_worker_processes|max_parallel_\w+|bgwriter_\w+|archive_command|archive_mode|primary_conninfo|hba_file|ident_file|superuser_reserved_connections|dynamic_shared_memory_type|default_text_search_config|lc_messages|unix_socket_directories|huge_pages|idle_in_transaction_session_timeout|track_\w+|full_page_writes|fsync|listen_addresses|pg_stat_statements\.\w+|pgaudit\.\w+|auto_explain\.\w+)$/i;

function conf(name: string, lines: readonly string[], text: string): Classification | undefined {
  const other = otherProgram(name, lines, text);
  if (other !== undefined) return is('other', other);
  const names = lines.map(line => /^([A-Za-z_][\w.]*)\s*(?:=|\s)\s*\S/.exec(line)?.[1]);
  const settings = names.filter(found => found !== undefined && distinctive.test(found)).length;
  const assignments = lines.filter((line, i) => names[i] !== undefined && !/[{;]$/.test(line)).length;
  const shaped = assignments * 2 >= lines.length;
  if (/^(?:.*[._-])?postgres(?:ql)?(?:[._-].*)?\.conf(?:[._-].*)?$/i.test(name)) {
    const commented = /^# *(?:shared_buffers|work_mem|max_connections|listen_addresses|port|wal_level)\b/m.test(text);
    if ((shaped && (settings > 0 || assignments > 0)) || (lines.length === 0 && commented))
      return is('postgresql.conf', 'is named as one and has settings');
  }
  const needed = /\.conf(?:[.-][\w.-]*)?$|\.sample$/i.test(name) ? 1 : 2;
  return shaped && settings >= needed ? is('postgresql.conf', 'sets parameters that only PostgreSQL has') : undefined;
}

/** Poolers and others whose files resemble settings. */
function otherProgram(name: string, lines: readonly string[], text: string): string | undefined {
  if (/^#? *(?:backend_hostname\d|num_init_children|pcp_port|sr_check_period|pool_passwd)\b/m.test(text))
    return 'is the configuration of Pgpool-II';
  if (lines.some(line => /^(?:standby_mode|trigger_file)\b/.test(line)) || name === 'recovery.conf')
    return 'is a recovery.conf';
  if (lines.some(line => /^(?:node_id|node_name|repmgrd_\w+|promote_command|follow_command)\s*=/.test(line)))
    return 'is the configuration of repmgr';
  if (lines.some(line => /^\[[^\]]+\]$/.test(line))) return 'is an INI file';
  if (lines.some(line => /\{$|^\}/.test(line) && !/^\{\{|\{\{|^\{%/.test(line))) return 'has blocks in braces';
  return undefined;
}
