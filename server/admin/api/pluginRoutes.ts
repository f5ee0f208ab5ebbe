import { pluginPermissions } from '@rookery/plugins/abi';
import { PluginError, type PluginErrorCode } from '@rookery/plugins/errors';
import { pluginLimits } from '@rookery/plugins/limits';
import type { ShownPlugin } from '@rookery/plugins/shownPlugin';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AuditAction } from '../../moderation/auditAction.js';
import type { PluginDesk } from '../../plugins/pluginDesk.js';
import { ApiFault } from './apiFault.js';
import { permittedAsker, security, type OperatorSource } from './operatorRequest.js';

const { moduleBytesMax, manifestBytesMax } = pluginLimits;
const base64CharsMax = Math.ceil(moduleBytesMax / 3) * 4;

const approval = z.strictObject({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  permissions: z.array(z.enum(pluginPermissions)),
});
const installBody = z.strictObject({
  /** The text of plugin.toml. */
  manifest: z.string().max(manifestBytesMax),
  /** plugin.wasm. */
  module: z.base64().max(base64CharsMax),
  /** What whoever asks has agreed to; null to be asked later. */
  approval: approval.nullable(),
});
const enabledBody = z.strictObject({ isEnabled: z.boolean() });
const named = z.strictObject({ name: z.string() });
type Named = z.output<typeof named>;

/** What a request may hold beside the module. */
const bodyBytesMax = base64CharsMax + 8 * manifestBytesMax;

const tags = ['plugins'];

/** Plugins of the server: each route needs the permission to administer it. */
export function addPluginRoutes(api: FastifyInstance, options: OperatorSource): void {
  const of = (summary: string, parts: object = {}): object => {
    return { schema: { tags, security, summary, ...parts } };
  };
  const changes = (action: AuditAction, change: Change) => {
    return async (request: FastifyRequest): Promise<ShownPlugin> => {
      const { note, desk } = await begin(options, request, action);
      const { name = '' } = request.params as Partial<Named>;
      const shown = await faulty(() => change(desk, name, request.body as never));
      note(wordsOf(shown));
      return shown;
    };
  };
  api.get('/plugins', of('Plugins that are installed.'), async (request) => {
    const { desk } = await begin(options, request, 'readPlugins');
    return faulty(() => desk.list());
  });
  api.post(
    '/plugins',
    {
      ...of('Installs a plugin, or another version.', { body: installBody }),
      bodyLimit: bodyBytesMax,
    },
    changes('installPlugin', (desk, _name, body: z.output<typeof installBody>) =>
      desk.install(body.manifest, Buffer.from(body.module, 'base64'), body.approval),
    ),
  );
  api.post(
    '/plugins/:name/approval',
    of('Agrees to what a plugin asks for.', { params: named, body: approval }),
    changes('approvePlugin', (desk, name, body: z.output<typeof approval>) =>
      desk.approve(name, body),
    ),
  );
  api.put(
    '/plugins/:name/enabled',
    of('Switches a plugin on or off.', { params: named, body: enabledBody }),
    changes('switchPlugin', (desk, name, { isEnabled }: z.output<typeof enabledBody>) =>
      desk.setEnabled(name, isEnabled),
    ),
  );
  api.delete<{ Params: Named }>(
    '/plugins/:name',
    of('Removes a plugin, with what it kept.', { params: named }),
    async (request) => {
      const { name } = request.params;
      const { note, desk } = await begin(options, request, 'removePlugin');
      await faulty(() => desk.remove(name));
      note(name);
      return {};
    },
  );
  api.get<{ Params: Named }>(
    '/plugins/:name/log',
    of('The newest lines that a plugin logged.', { params: named }),
    async (request) => {
      const { desk } = await begin(options, request, 'readPlugins');
      return faulty(() => desk.logOf(request.params.name));
    },
  );
}

/** @param body as the schema of its route lets it through */
type Change = (desk: PluginDesk, name: string, body: never) => Promise<ShownPlugin>;

interface Begun {
  readonly desk: PluginDesk;
  /** Tells the audit log what was done. */
  readonly note: (detail: string) => void;
}

async function begin(
  options: OperatorSource,
  request: FastifyRequest,
  action: AuditAction,
): Promise<Begun> {
  const { operators, operator } = await permittedAsker(request, options, 'administer', action);
  return {
    desk: operators.plugins,
    note: (detail) => operators.desk.note(operator, action, detail),
  };
}

/** What was done, for the audit log. */
function wordsOf({ name, version, isEnabled, permissions, sha256 }: ShownPlugin): string {
  const may = permissions.length === 0 ? 'nothing' : permissions.join(', ');
  return `${name} ${version} is ${isEnabled ? 'on' : 'off'}; may ${may}; ${sha256.slice(0, 16)}`;
}

/** Others are conflicts with how things stand. */
const statuses: Partial<Record<PluginErrorCode, number>> = {
  badManifest: 400,
  badModule: 400,
  wrongHash: 400,
  noSuchPlugin: 404,
  storageFault: 500,
};

async function faulty<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PluginError)) throw error;
    throw new ApiFault(statuses[error.code] ?? 409, error.code, error.message);
  }
}
