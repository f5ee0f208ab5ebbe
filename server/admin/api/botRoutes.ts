import type { AuditAction } from '../../moderation/auditAction.js';
import { isIP } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { stressTestLimits, type StressResult } from '@rookery/schemas/stressTest';
import { z } from 'zod';
import { botLimits } from '../../botLimits.js';
import type { StressRefusal, StressTest } from '../../bots/stressTest.js';
import { ApiFault, unavailable } from './apiFault.js';
import { permittedAsker, security, type Asker, type OperatorSource } from './operatorRequest.js';

export interface BotRoutesOptions extends OperatorSource {
  readonly stressTest: StressTest;
}

type Range = (typeof stressTestLimits)[keyof typeof stressTestLimits];
const within = ({ min, max }: Range) => z.number().int().min(min).max(max);

const { count, speakers, rooms, seconds, ramp } = stressTestLimits;
const testBody = z.strictObject({
  count: within(count).default(100),
  speakers: within(speakers).default(10),
  rooms: within(rooms).default(10),
  seconds: within(seconds).default(30),
  ramp: within(ramp).default(100),
});

const passBody = z.strictObject({
  /** From which the bots come; without one its limits hold. */
  address: z
    .string()
    .refine((text) => isIP(text) !== 0, 'a numeric address')
    .nullable()
    .default(null),
  validSeconds: z
    .number()
    .int()
    .min(1)
    .max(botLimits.passMsMax / 1_000)
    .default(botLimits.passMs / 1_000),
});

const tags = ['bots'];

/**
 * A test of the server with bots, and passes for those that come from elsewhere. Who administers
 * may begin one; each start and stop is in the audit log.
 */
export function addBotRoutes(api: FastifyInstance, options: BotRoutesOptions): void {
  const { stressTest } = options;
  const administrator = (request: FastifyRequest, action: AuditAction): Promise<Asker> =>
    permittedAsker(request, options, 'administer', action);
  api.get(
    '/stress-test',
    { schema: { tags, security, summary: 'How the test with bots stands.' } },
    async (request): Promise<StressResult> => {
      await administrator(request, 'readStressTest');
      return stressTest.result;
    },
  );
  api.post<{ Body: z.output<typeof testBody> }>(
    '/stress-test',
    { schema: { tags, security, summary: 'Begins a test with bots.', body: testBody } },
    async (request, reply) => {
      const by = await administrator(request, 'startStressTest');
      const { body } = request;
      const refusal = stressTest.start(body);
      if (refusal !== null) throw refusals[refusal];
      const words = `${body.count} bots, ${body.speakers} speak, ${body.rooms} rooms`;
      by.operators.desk.note(by.operator, 'startStressTest', `${words}, ${body.seconds} s`);
      return reply.code(202).send(stressTest.result);
    },
  );
  api.delete(
    '/stress-test',
    { schema: { tags, security, summary: 'Ends it: all bots leave.' } },
    async (request): Promise<StressResult> => {
      const by = await administrator(request, 'stopStressTest');
      if (stressTest.result.state === 'running') {
        by.operators.desk.note(by.operator, 'stopStressTest', '');
        await stressTest.stop();
      }
      return stressTest.result;
    },
  );
  api.post<{ Body: z.output<typeof passBody> }>(
    '/bot-passes',
    { schema: { tags, security, summary: 'A pass for bots from elsewhere.', body: passBody } },
    async (request, reply) => {
      const { operators, operator } = await administrator(request, 'makeBotPass');
      const { address, validSeconds } = request.body;
      if (operators.bots.rule === 'refuse') throw refusals.botsRefused;
      const given = operators.bots.givePass(address, validSeconds * 1_000);
      if (given === null) throw refusals.tooManyPasses;
      const words = address === null ? '' : `lifts the limits of ${address}`;
      operators.desk.note(operator, 'makeBotPass', words);
      return reply.code(201).send({ pass: given.pass, validSeconds: given.validMs / 1_000 });
    },
  );
}

const refusals: Readonly<Record<StressRefusal, ApiFault>> = {
  unavailable,
  running: new ApiFault(409, 'stressTestRuns', 'A test is running. Stop it first, or wait.'),
  botsRefused: new ApiFault(409, 'botsRefused', 'The server runs with --bots refuse.'),
  tooManyPasses: new ApiFault(409, 'limitReached', 'Too many passes are good. Try again later.'),
};
