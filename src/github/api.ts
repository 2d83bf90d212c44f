/** What the Action asks of GitHub's API: the only network that it has. */

/** A file of a pull request. */
export interface PullFile {
  readonly path: string;
  readonly status: string;
  /** The name of its text at the head, as git names objects; undefined where there is none. */
  readonly blob: string | undefined;
  /** Undefined for binary files, and for changes that are too large. */
  readonly patch: string | undefined;
}

/** A comment on a line of a pull request. */
export interface ReviewComment {
  readonly id: number;
  /** Undefined where the account is gone. */
  readonly author: string | undefined;
  readonly body: string;
  /** Where it stands now; undefined where its lines have changed since. */
  readonly line: number | undefined;
  readonly startLine: number | undefined;
  /** The comment that it answers. */
  readonly replyTo: number | undefined;
}

/** A comment on the conversation of a pull request, or the text of a review. */
export interface Remark {
  readonly id: number;
  readonly author: string | undefined;
  readonly body: string;
}

/** A comment to be made; its lines are on the right side of the diff. */
export interface NewComment {
  readonly path: string;
  readonly line: number;
  /** Before `line`; undefined where it is about one line. */
  readonly startLine: number | undefined;
  readonly body: string;
}

/** The operations. Each throws an ApiError. */
export interface Api {
  /** The login that the token belongs to: `github-actions[bot]`. */
  login(): Promise<string>;
  /** The commit at the head of a pull request as it is now. */
  headOf(pull: number): Promise<string>;
  files(pull: number): Promise<readonly PullFile[]>;
  mergeBase(base: string, head: string): Promise<string>;
  comments(pull: number): Promise<readonly ReviewComment[]>;
  editComment(id: number, body: string): Promise<void>;
  deleteComment(id: number): Promise<void>;
  reviews(pull: number): Promise<readonly Remark[]>;
  review(pull: number, commit: string, body: string, comments: readonly NewComment[]): Promise<void>;
  editReview(pull: number, id: number, body: string): Promise<void>;
  remarks(pull: number): Promise<readonly Remark[]>;
  addRemark(pull: number, body: string): Promise<void>;
  editRemark(id: number, body: string): Promise<void>;
}

/** The API said no, or nothing. The message holds no secret. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** The status of the answer; 0 where there was none. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** Where the API is, and who asks. */
export interface ApiOptions {
  /** `https://api.github.com`. */
  readonly url: string;
  readonly token: string;
  readonly owner: string;
  readonly repo: string;
  readonly userAgent: string;
  /** Makes the error of a request that fails: what opens the API is bundled alone, and has no class in common with us. */
  readonly error: (message: string, status: number) => Error;
}
