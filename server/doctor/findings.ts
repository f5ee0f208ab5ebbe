/** What one look found out. */
export interface DoctorFinding {
  readonly subject: string;
  readonly verdict: 'good' | 'attention' | 'bad';
  /** What was found, and what to do where it is not good. */
  readonly text: string;
}

export type Verdict = DoctorFinding['verdict'];

const marks: Readonly<Record<Verdict, string>> = { good: 'good', attention: 'note', bad: 'BAD ' };

/** A line each. */
export function findingsText(findings: readonly DoctorFinding[]): string {
  const lines = findings.map(({ subject, verdict, text }) => {
    return `${marks[verdict]}  ${subject.padEnd(14)} ${text}\n`;
  });
  return lines.join('');
}
