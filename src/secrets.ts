/** What is a secret value, by the name that holds it and by what it looks like. No function repeats a value in a message. */
import { type Node, entry, getScalar, getText, keyText } from './yaml/node.ts';

/** Words of a name: `postgresPassword`, `POSTGRES_PASSWORD` and `postgres-password` are `postgres password`. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter(word => word !== '')
    .map(word => word.toLowerCase());
}

const passwordWord =
  /(?:password|passwd|passphrase|passcode)$|^(?:\w*(?:pg|db|bind|auth|root|admin|user|require|master|repl|sql))?(?:pass|pwd|passw|pw)$/;
/** Names that begin so hold a choice or a name, not a secret. */
const choiceWord =
  /^(?:enable|enabled|use|uses|allow|has|is|require|requires|show|generate|random|existing|disable|no|skip|with|min|max)$/;

/** Whether what is under a name is a password: an environment variable, a YAML key, an option. */
export function isPasswordName(name: string): boolean {
  if (!/p(?:ass|w)/i.test(name)) return false;
  const words = significantWords(name);
  const last = words.at(-1);
  if (last === undefined || !passwordWord.test(last) || choiceWord.test(words[0] ?? '')) return false;
  // The shell's working directory; a file of pgpool.
  return !/^(?:OLD)?PWD$|^pool_passwd$/.test(name);
}

/**
 * Whether what is under a name is a secret. Only the end of the name decides, so that `max_connections`, `password_encryption`,
 * `passwordSecretName`, `POSTGRES_PASSWORD_FILE` and `tokenTTL` are none.
 */
export function isSecretName(name: string): boolean {
  // Most names are none, and are asked about at every key.
  if (!/p(?:ass|w)|token|key|secret/i.test(name)) return false;
  if (isPasswordName(name)) return true;
  const words = significantWords(name);
  const [last, before] = [words.at(-1), words.at(-2)];
  if (last === undefined || choiceWord.test(words[0] ?? '')) return false;
  const shouted = /[A-Z]/.test(name) && !/[a-z]/.test(name);
  if (last === 'token' || last === 'apikey' || last === 'apitoken') return !words.includes('automount');
  // In manifests `secret: name` and `tlsSecret: name` are references; in variables the value itself is meant.
  if (last === 'secret')
    return shouted ? before !== 'tls' : /^(?:client|jwt|cookie|shared|auth|app|session|webhook)$/.test(before ?? '');
  if (last === 'key') {
    if (before === 'secret') return shouted;
    return (
      /^(?:api|private|encryption|signing|access)$/.test(before ?? '') &&
      (before !== 'access' || words.includes('secret'))
    );
  }
  return name === 'radiussecrets';
}

/** Numbers at the end only tell copies apart. */
function significantWords(name: string): readonly string[] {
  const words = wordsOf(name);
  return words.length > 1 && /^\d+$/.test(words.at(-1) ?? '')
    ? words.slice(0, -1)
    : words.map(w => w.replace(/(?<=[a-z])\d+$/, ''));
}

/** What something else replaces before it is used, or what names a secret that is kept elsewhere. */
const reference = new RegExp(
  [
    String.raw`^\$\([^()]*\)$`,
    String.raw`^\$[A-Za-z_]\w*$`,
    String.raw`^\$\{[^{}]*\}$`,
    String.raw`\{\{.*\}\}`,
    String.raw`^<[^<>]*>$`,
    String.raw`^%\w+%$`,
    String.raw`^<path:`,
    '^(?:vault|ref\\+\\w+|op|secretsmanager|secretKeyRef|env|awssm|gcpsm|azurekv|akeyless|doppler|file):',
    '^arn:aws',
    '^ENC\\[',
    '^AgA[A-Za-z0-9+/=]{100,}$',
    '^/(?:run|var|etc|mnt|vault|opt|secrets?|tmp|home|root|bitnami|config)/',
  ].join('|'),
);

/** The default of `${NAME:-default}` or `${NAME-default}`: what is used where nothing else is set. */
function fallbackOf(value: string): string | undefined {
  return /^\$\{[A-Za-z_]\w*:?[-=]([^{}]*)\}$/.exec(value)?.[1];
}

/** A reference to a value that is kept elsewhere: `$(VAR)`, `${VAR}`, `{{ … }}`, `<…>`, `vault:…`, `ENC[…]`, a path. */
export function isSecretReference(value: string): boolean {
  const text = value.trim();
  return fallbackOf(text) === undefined && reference.test(text);
}

/**
 * Whether the value under a secret's name is the secret itself, rather than nothing, a reference, a switch or a count.
 * `${NAME:-literal}` is the literal. Digits alone are one only under the name of a password.
 */
export function isLiteralSecret(value: string, name?: string): boolean {
  const text = value.trim();
  const fallback = fallbackOf(text);
  if (fallback !== undefined) return fallback !== '' && isLiteralSecret(fallback, name);
  if (text === '' || reference.test(text)) return false;
  if (/^(?:true|false|yes|no|on|off|null|nil|none|~)$/i.test(text)) return false;
  if (/^[+-]?\d+(?:\.\d+)?$/.test(text)) return name !== undefined && isPasswordName(name) && /^\d{4,}$/.test(text);
  return true;
}

/** A value that asks to be replaced: `CHANGEME`, `<password>`, `REPLACE_ME`, `your-password-here`, `xxxx`. */
export function isPlaceholderSecret(value: string): boolean {
  const text = value.trim();
  if (/^<[^<>]*>$|^\[[^\]]*\]$|^(.)\1{2,}$|^\.{3}$/.test(text)) return true;
  const words = wordsOf(text).join(' ');
  return (
    /^(?:please )?(?:change ?me|change ?it|change(?: this| the)?(?: \w+){0,3}|replace(?: ?me| this| with)?(?: \w+){0,4})\b/.test(
      words,
    ) ||
    /^(?:todo|fixme|tbd|redacted|placeholder|dummy|insert|enter|put|fill(?: in)?|set me|secret here)\b/.test(words) ||
    /^(?:your|my) (?:\w+ ){0,3}(?:password|passwd|secret|token|key|here)\b/.test(words) ||
    /\b(?:change ?me|replace ?me)(?:\d+)?\b|\bgoes here\b/.test(words)
  );
}

const weak: ReadonlySet<string> = new Set(
  [
    'postgres postgresql postgre pgsql pg psql database db admin administrator root user test testing example demo sample',
    'password passwd pass password1 password123 p@ssw0rd passw0rd secret secure_password changeme changeit default guest',
    '123456 1234567 12345678 123456789 1234567890 12345 1234 qwerty letmein welcome abc123 111111 000000 iloveyou',
    'replica replication replica_password replication_password repl replicator postgres_password secretpassword mysecretpassword',
    'supersecret super_secret secret123 postgres123 admin123 strongpassword strong_password verysecret topsecret pgpassword',
  ].flatMap(line => line.split(' ')),
);

/** Fewer characters than this can be searched through. */
export const shortestPassword = 12;

/** A password that is among the usual ones, shorter than 12 characters, or the name of its user. */
export function isWeakPassword(value: string, user?: string): boolean {
  const text = value.trim();
  if (text.length < shortestPassword) return true;
  const lower = text.toLowerCase();
  return weak.has(lower) || (user !== undefined && lower === user.toLowerCase());
}

export type Base64 =
  | { readonly ok: true /** As UTF-8. */; readonly text: string; readonly bytes: Uint8Array }
  | { readonly ok: false /** Says where, never what. */; readonly error: string };

/** Decodes the `data` of a Secret as the API server does: standard alphabet, padding required, line ends ignored. */
export function decodeBase64(value: string): Base64 {
  const offset = illegalByte(value);
  if (offset !== undefined) return { ok: false, error: `illegal base64 data at input byte ${offset}` };
  const bytes = Buffer.from(value.replace(/[\r\n]/g, ''), 'base64');
  return { ok: true, text: bytes.toString('utf8'), bytes };
}

/** The byte that Go's decoder names; bits that padding leaves over may have any value. */
function illegalByte(value: string): number | undefined {
  const body = /^(?:[A-Za-z0-9+/]|[\r\n])*/.exec(value)?.[0] ?? '';
  const over = body.replace(/[\r\n]/g, '').length % 4;
  if (body.length === value.length) return over === 0 ? undefined : value.length - over;
  const at = Buffer.byteLength(body);
  if (value[body.length] !== '=' || over < 2) return at;
  const rest = value.slice(body.length + 1);
  const gap = /^[\r\n]*/.exec(rest)?.[0].length ?? 0;
  if (over === 2 && gap === rest.length) return Buffer.byteLength(value);
  if (over === 2 && rest[gap] !== '=') return at + gap;
  const tail = over === 2 ? rest.slice(gap + 1) : rest;
  const garbage = tail.search(/[^\r\n]/);
  return garbage < 0 ? undefined : Buffer.byteLength(value) - Buffer.byteLength(tail.slice(garbage));
}

/** A single value that another program encrypted or will fetch: `ENC[AES256_GCM,…]`, `vault:…`, `ref+…`, `<path:…>`. */
export function isManagedValue(value: string): boolean {
  return /^(?:ENC\[|vault:|ref\+|op:\/\/|secretsmanager:|<path:|AgA[A-Za-z0-9+/=]{100,}$)/.test(value.trim());
}

const managedKinds: ReadonlySet<string> = new Set([
  'SealedSecret',
  'ExternalSecret',
  'ClusterExternalSecret',
  'PushSecret',
  'SopsSecret',
  'VaultSecret',
  'VaultAuth',
  'VaultStaticSecret',
  'VaultDynamicSecret',
  'VaultPKISecret',
  'OnePasswordItem',
  'InfisicalSecret',
  'DopplerSecret',
  'BitwardenSecret',
  'AWSSecret',
  'AzureKeyVaultSecret',
  'SecretProviderClass',
  'SecretsManagerSecret',
]);
const managedAnnotation =
  /^(?:avp\.kubernetes\.io\/|vault\.security\.banzaicloud\.io\/|vault\.hashicorp\.com\/|sealedsecrets\.bitnami\.com\/|kustomize\.toolkit\.fluxcd\.io\/sops|reflector\.v1\.k8s\.emberstack\.com\/reflects|replicator\.v1\.mittwald\.de\/replicate-from)/;

/** Whether the values of a manifest are kept or encrypted elsewhere: SOPS, a sealed or external Secret, a Vault annotation. */
export function isManagedSecret(root: Node | undefined): boolean {
  if (entry(root, 'sops') !== undefined || managedKinds.has(getText(root, 'kind') ?? '')) return true;
  const metadata = entry(root, 'metadata')?.value;
  const annotations = entry(metadata, 'annotations')?.value;
  if (annotations?.kind === 'map' && annotations.entries.some(e => managedAnnotation.test(keyText(e.key)))) return true;
  return ['data', 'stringData'].some(field => {
    const values = entry(root, field)?.value;
    return values?.kind === 'map' && values.entries.some(e => isManagedValue(getScalar(e.value)?.text ?? ''));
  });
}
