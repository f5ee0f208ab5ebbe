/** A column of a table (DataTable.vue). */
export interface TableColumn<Row> {
  readonly id: string;
  readonly label: string;
  /** Of CSS grid: "1fr", "120px". */
  readonly width: string;
  /** What rows are sorted by; without it the column cannot be sorted by. */
  readonly sortBy?: (row: Row) => string | number;
  /** What is shown where no slot of the column shows more. */
  readonly text: (row: Row) => string;
}

/** By which column, and which way. */
export interface TableSort {
  readonly columnId: string;
  readonly direction: 'ascending' | 'descending';
}

/** The same column again turns the order round. */
export function nextSort(sort: TableSort | null, columnId: string): TableSort {
  const isSame = sort?.columnId === columnId;
  const isAscending = isSame && sort.direction === 'ascending';
  return { columnId, direction: isAscending ? 'descending' : 'ascending' };
}

/**
 * The rows that hold a text in any column, whatever its case, in the order of a column; in their
 * own, where there is none or rows are equal.
 */
export function shownRows<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  filter: string,
  sort: TableSort | null,
): readonly Row[] {
  const wanted = filter.trim().toLowerCase();
  const found = rows.filter(
    (row) => wanted === '' || columns.some(({ text }) => text(row).toLowerCase().includes(wanted)),
  );
  const sortBy = columns.find(({ id }) => id === sort?.columnId)?.sortBy;
  if (sortBy === undefined) return found;
  const sign = sort?.direction === 'descending' ? -1 : 1;
  return found.toSorted((a, b) => sign * compare(sortBy(a), sortBy(b)));
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b));
}
