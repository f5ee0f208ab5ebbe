import { open } from 'lmdb';

// Child process of the LMDB proof. Writes numbered values without end and prints each number once
// its value is said to be durable; the parent kills it in the middle.
const folder = process.argv[2]!;
const db = open<string, number>({ path: folder });
for (let number = 0; ; number++) {
  void db.put(number, `value ${number}`);
  // Several writes stand in one transaction, and one is always under way.
  if (number % 8 === 7) {
    await db.flushed;
    process.stdout.write(`${number}\n`);
  }
}
