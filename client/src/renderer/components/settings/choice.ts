/** One of the values that a setting can have. */
export interface Choice<Value extends string = string> {
  readonly value: Value;
  /** In the user's language, or a name. */
  readonly label: string;
  readonly hint?: string | undefined;
  readonly disabled?: boolean;
  /** Of the label, where it is not the page's. */
  readonly language?: string;
}
