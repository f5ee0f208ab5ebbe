import type { SettingList } from '@rookery/schemas/adminApi';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { describeSettings, type Configuration } from '../../config/configuration.js';
import { ServerError } from '../../errors.js';
import { ApiFault, unavailable } from './apiFault.js';
import { permittedAsker, security, type OperatorSource } from './operatorRequest.js';

export interface SettingsRoutesOptions extends OperatorSource {
  /** null where nothing but the start says what holds. */
  readonly configuration: Configuration | null;
}

const value = z.union([z.string().max(4_096), z.number(), z.null()]);
const changes = z.record(z.string().max(64), value);

/** The configuration of the server: what holds, what waits for a restart, and changes. */
export function addSettingsRoutes(api: FastifyInstance, options: SettingsRoutesOptions): void {
  const present = (): Configuration => {
    if (options.configuration === null) throw unavailable;
    return options.configuration;
  };
  const schema = (summary: string): object => ({ tags: ['server'], security, summary });
  api.get(
    '/settings',
    { schema: schema('Every key, what it means, what holds, and what waits for a restart.') },
    async (request) => {
      await permittedAsker(request, options, 'administer', 'changeSettings');
      const configuration = present();
      const effective = new Map(configuration.effective().map((one) => [one.key, one]));
      const settings = describeSettings().map((one) => ({ ...one, ...effective.get(one.key)! }));
      return { file: configuration.file, settings } satisfies SettingList;
    },
  );
  api.patch<{ Body: z.output<typeof changes> }>(
    '/settings',
    {
      schema: {
        ...schema('Changes keys in the file, all or none; null takes one out of it.'),
        body: changes,
      },
    },
    async (request) => {
      const { operators, operator } = await permittedAsker(
        request,
        options,
        'administer',
        'changeSettings',
      );
      const applied = change(present(), request.body);
      operators.desk.note(operator, 'changeSettings', detailOf(request.body));
      return applied;
    },
  );
}

/** @throws ApiFault `invalidSetting`, and nothing is changed */
function change(configuration: Configuration, wanted: z.output<typeof changes>): object {
  const descriptions = describeSettings();
  try {
    for (const key of Object.keys(wanted)) {
      // A path leads anywhere on the machine: that is for who has a shell there.
      if (descriptions.find((one) => one.key === key)?.type === 'path') {
        throw new ApiFault(403, 'notOverHttp', `"${key}" is changed in the file alone.`);
      }
    }
    const { keys, ...report } = configuration.set(wanted);
    return { changes: keys.map((change) => ({ ...report, ...change })) };
  } catch (error) {
    if (!(error instanceof ServerError) || error.code !== 'invalidConfig') throw error;
    throw new ApiFault(400, 'invalidSetting', error.message);
  }
}

/** What was changed, without secrets. */
function detailOf(wanted: z.output<typeof changes>): string {
  const secrets = describeSettings().filter(({ secret }) => secret);
  return Object.entries(wanted)
    .map(([key, given]) => {
      const isSecret = secrets.some((one) => one.key === key);
      return `${key}: ${given === null ? 'taken out' : isSecret ? 'changed' : given}`;
    })
    .join(', ');
}
