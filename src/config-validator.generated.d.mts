/** What is wrong at one place of a configuration, as ajv reports it. */
export interface ValidationError {
  /** A JSON pointer. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}
/** Whether the value is a configuration; `errors` then says why not. */
declare const validate: {
  (value: unknown): boolean;
  errors?: readonly ValidationError[] | null;
};
export default validate;
