/** A GitHub that remembers, for tests: what the Action needs of its API, as strict as the real one where that hurts. */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openApiJudge } from './openapi.ts';

export interface FakeFile {
  readonly filename: string;
  readonly status: string;
  readonly sha: string | null;
  readonly patch?: string | undefined;
}
export interface FakeComment {
  readonly id: number;
  user: { readonly login: string } | null;
  body: string;
  readonly path: string;
  line: number | null;
  start_line: number | null;
  readonly in_reply_to_id?: number | undefined;
  /** The text of the line that it stands on. */
  readonly text?: string | undefined;
}
export interface FakeRemark {
  readonly id: number;
  user: { readonly login: string } | null;
  body: string;
}

/** An answer in place of the usual one, `times` times. */
export interface Fault {
  readonly method: string;
  readonly path: RegExp;
  readonly status: number;
  readonly message?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  times: number;
}

/** What the fake knows; tests read and change it. */
export interface FakeState {
  head: string;
  mergeBase: string;
  files: FakeFile[];
  comments: FakeComment[];
  reviews: FakeRemark[];
  remarks: FakeRemark[];
  /** Whom the token belongs to. */
  login: string;
  /** Whether the token can only read. */
  readOnly: boolean;
  faults: Fault[];
  /** Whether lines count as those of an older diff: the reviews' lines are refused although `files` shows them. */
  refusesLines: boolean;
}

/** A request that came in: `pulls/create-review`. */
export interface Seen {
  readonly operation: string;
  readonly body: unknown;
  readonly status: number;
}

export interface FakeApi {
  readonly url: string;
  readonly state: FakeState;
  readonly seen: Seen[];
  /** What GitHub's description says against the requests. */
  readonly complaints: string[];
  readonly close: () => Promise<void>;
}

/** Starts the fake on a free port of this machine. */
export async function startFakeApi(): Promise<FakeApi> {
  const state: FakeState = {
    head: '',
    mergeBase: '',
    files: [],
    comments: [],
    reviews: [],
    remarks: [],
    login: 'github-actions[bot]',
    readOnly: false,
    faults: [],
    refusesLines: false,
  };
  const seen: Seen[] = [];
  const complaints: string[] = [];
  const judge = openApiJudge();
  let lastId = 1000;
  const handle = async (request: IncomingMessage): Promise<Answer> => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    const method = request.method ?? 'GET';
    const body = await bodyOf(request);
    if (request.headers.authorization !== 'token a-secret-token') return answer(401, { message: 'Bad credentials' });
    const fault = state.faults.find(f => f.times > 0 && f.method === method && f.path.test(url.pathname));
    if (fault !== undefined) {
      fault.times -= 1;
      seen.push({ operation: `fault ${fault.status}`, body, status: fault.status });
      return answer(fault.status, { message: fault.message ?? 'the server is not well' }, fault.headers);
    }
    if (method === 'POST' && url.pathname === '/graphql')
      return state.login === ''
        ? answer(200, { errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }] })
        : answer(200, { data: { viewer: { login: state.login } } });
    const verdict = judge({ method, path: url.pathname, query: url.searchParams, body });
    complaints.push(...verdict.complaints.map(c => `${verdict.operation}: ${c}`));
    const given = (method === 'GET' ? read : write)(verdict.operation ?? '', verdict.parameters, body, url);
    seen.push({ operation: verdict.operation ?? '', body, status: given.status });
    return given;
  };

  const read = (operation: string, _parameters: Readonly<Record<string, string>>, _body: unknown, url: URL): Answer => {
    switch (operation) {
      case 'pulls/get':
        return answer(200, { number: 7, head: { sha: state.head } });
      case 'repos/compare-commits':
      case 'repos/compare-commits-with-basehead':
        return state.mergeBase === ''
          ? answer(404, { message: 'Not Found' })
          : answer(200, { merge_base_commit: { sha: state.mergeBase } });
      case 'pulls/list-files':
        return paged(state.files, url);
      case 'pulls/list-review-comments':
        return paged(state.comments, url);
      case 'pulls/list-reviews':
        return paged(state.reviews, url);
      case 'issues/list-comments':
        return paged(state.remarks, url);
      default:
        return answer(404, { message: 'Not Found' });
    }
  };

  const write = (operation: string, parameters: Readonly<Record<string, string>>, body: unknown): Answer => {
    if (state.readOnly) return answer(403, { message: 'Resource not accessible by integration' });
    const text = (body as { body?: string } | undefined)?.body ?? '';
    if (text.length > 65_536) return answer(422, { message: 'Validation Failed', errors: ['body is too long'] });
    const user = { login: state.login === '' ? 'github-actions[bot]' : state.login };
    const edit = (all: { id: number; body: string }[], id: string | undefined): Answer => {
      const found = all.find(c => c.id === Number(id));
      if (found === undefined) return answer(404, { message: 'Not Found' });
      found.body = text;
      return answer(200, found);
    };
    switch (operation) {
      case 'pulls/create-review': {
        const {
          comments = [],
          commit_id,
          event,
        } = body as {
          comments?: {
            path: string;
            body: string;
            line: number;
            side: string;
            start_line?: number;
            start_side?: string;
          }[];
          commit_id: string;
          event: string;
        };
        const wrong = comments.map(c => problemOf(c, state)).find(p => p !== undefined);
        if (commit_id !== state.head || event !== 'COMMENT')
          return answer(422, { message: 'Unprocessable Entity', errors: ['commit or event'] });
        if (wrong !== undefined) return answer(422, { message: 'Unprocessable Entity', errors: [wrong] });
        const review = { id: ++lastId, user, body: text };
        state.reviews.push(review);
        for (const c of comments)
          state.comments.push({
            id: ++lastId,
            user,
            body: c.body,
            path: c.path,
            line: c.line,
            start_line: c.start_line ?? null,
            text: shownLines(state.files.find(f => f.filename === c.path)?.patch ?? '').get(c.line)?.text,
          });
        return answer(200, review);
      }
      case 'pulls/update-review':
        return edit(state.reviews, parameters['review_id']);
      case 'pulls/update-review-comment':
        return edit(state.comments, parameters['comment_id']);
      case 'pulls/delete-review-comment': {
        const at = state.comments.findIndex(c => c.id === Number(parameters['comment_id']));
        if (at < 0) return answer(404, { message: 'Not Found' });
        state.comments.splice(at, 1);
        return { status: 204, body: undefined, headers: {} };
      }
      case 'issues/create-comment': {
        const remark = { id: ++lastId, user, body: text };
        state.remarks.push(remark);
        return answer(201, remark);
      }
      case 'issues/update-comment':
        return edit(state.remarks, parameters['comment_id']);
      default:
        return answer(404, { message: 'Not Found' });
    }
  };

  const server = createServer((request, response) => {
    handle(request).then(
      given => send(response, given),
      (error: unknown) => send(response, answer(500, { message: String(error) })),
    );
  });
  const url = await listening(server);
  return { url, state, seen, complaints, close: () => new Promise(resolve => server.close(() => resolve())) };
}

/** A new head: comments follow their line as GitHub has them do, or lose it. */
export function pushTo(state: FakeState, head: string, files: readonly FakeFile[]): void {
  state.head = head;
  state.files = [...files];
  for (const comment of state.comments) {
    const lines = [...shownLines(files.find(f => f.filename === comment.path)?.patch ?? '')];
    const found = lines.find(([, { text }]) => text === comment.text);
    const shift = found === undefined || comment.line === null ? 0 : found[0] - comment.line;
    comment.line = found?.[0] ?? null;
    comment.start_line = comment.line === null || comment.start_line === null ? null : comment.start_line + shift;
  }
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

const answer = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  body,
  headers,
});

/** GitHub gives at most a hundred at a time, and says where the next ones are. */
function paged(all: readonly unknown[], url: URL): Answer {
  const size = Math.min(100, Number(url.searchParams.get('per_page') ?? 30));
  const page = Number(url.searchParams.get('page') ?? 1);
  const next = new URL(url);
  next.searchParams.set('page', String(page + 1));
  const more = all.length > page * size;
  const headers = more ? { link: `<${next.href}>; rel="next"` } : {};
  return answer(200, all.slice((page - 1) * size, page * size), headers);
}

/** Lines on the right side of a patch, by number, with the hunk that each is in. */
function shownLines(patch: string): ReadonlyMap<number, { readonly hunk: number; readonly text: string }> {
  const lines = new Map<number, { hunk: number; text: string }>();
  let [hunk, at] = [0, 0];
  for (const line of patch.split('\n')) {
    const head = /^@@ -\S+ \+(\d+)/.exec(line);
    if (head !== null) [hunk, at] = [hunk + 1, Number(head[1])];
    else if (/^[+ ]/.test(line)) lines.set(at++, { hunk, text: line.slice(1) });
  }
  return lines;
}

function problemOf(
  {
    path,
    body,
    line,
    side,
    start_line: start,
    start_side: startSide,
  }: {
    path: string;
    body: string;
    line: number;
    side: string;
    start_line?: number;
    start_side?: string;
  },
  { files, refusesLines }: FakeState,
): string | undefined {
  const file = files.find(f => f.filename === path);
  if (file === undefined) return 'Path could not be resolved';
  if (body.length > 65_536 || body === '') return 'Body is too long (maximum is 65536 characters)';
  const lines = shownLines(file.patch ?? '');
  const shown = lines.get(line);
  if (refusesLines || side !== 'RIGHT' || shown === undefined) return 'Line could not be resolved';
  if (start === undefined) return undefined;
  if (start >= line) return 'start line must precede the end line';
  return lines.get(start)?.hunk === shown.hunk && startSide === 'RIGHT'
    ? undefined
    : 'Start line could not be resolved';
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function listening(server: Server): Promise<string> {
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}
