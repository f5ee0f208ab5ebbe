import { expect, test } from 'vitest';
import { nextSort, shownRows, type TableColumn } from './tableRows.js';

interface Row {
  readonly name: string;
  readonly age: number;
}

const columns: readonly TableColumn<Row>[] = [
  { id: 'name', label: 'Name', width: '1fr', text: (row) => row.name, sortBy: (row) => row.name },
  { id: 'age', label: 'Age', width: '1fr', text: (row) => `${row.age}`, sortBy: (row) => row.age },
];
const rows: readonly Row[] = [
  { name: 'Bob', age: 9 },
  { name: 'ada', age: 36 },
  { name: 'Åke', age: 9 },
];

function namesOf(filter: string, columnId: string | null): string[] {
  const sort = columnId === null ? null : nextSort(null, columnId);
  return shownRows(rows, columns, filter, sort).map(({ name }) => name);
}

test('finds rows by any column, whatever the case', () => {
  expect(namesOf(' ADA ', null)).toEqual(['ada']);
  expect(namesOf('9', null)).toEqual(['Bob', 'Åke']);
  expect(namesOf('', null)).toEqual(['Bob', 'ada', 'Åke']);
});

test('sorts numbers as numbers, and equal rows stay as they were', () => {
  expect(namesOf('', 'age')).toEqual(['Bob', 'Åke', 'ada']);
});

test('the same column again turns the order round', () => {
  const once = nextSort(null, 'age');
  const twice = nextSort(once, 'age');
  expect([once.direction, twice.direction]).toEqual(['ascending', 'descending']);
  expect(nextSort(twice, 'name').direction).toBe('ascending');
  expect(shownRows(rows, columns, '', twice)[0]?.name).toBe('ada');
});
