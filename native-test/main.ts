import { runProof, type Report } from './proof.js';
import { proofs } from './proofs.js';
import { proofSummary, proofTable } from './proofTable.js';

// One after the other, so that the figures are those of a part alone.
const reports: Report[] = [];
for (const proof of proofs) reports.push(await runProof(proof));
const machine = `Node ${process.versions.node}, ${process.platform} ${process.arch}`;
process.stdout.write(`${[machine, '', ...proofTable(reports), ''].join('\n')}\n`);
process.stdout.write(`${proofSummary(reports)}\n`);
process.exitCode = reports.some(({ result }) => result === 'failed') ? 1 : 0;
