import { cpus, release, type } from 'node:os';

/** Where figures come from: they mean little without it. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly kernel: string;
  readonly node: string;
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim().replace(/\s+/g, ' ') ?? 'unknown',
    cores: processors.length,
    kernel: `${type()} ${release()}`,
    node: process.versions.node,
  };
}

export function formatMachine({ cpu, cores, kernel, node }: Machine): string {
  return `${cpu}, ${cores} cores, ${kernel}, Node ${node}`;
}
