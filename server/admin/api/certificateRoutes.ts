import type { FastifyInstance } from 'fastify';
import type { CertificateCare } from '../../certificate/certificates.js';
import { ApiFault } from './apiFault.js';
import { permittedAsker, security, type OperatorSource } from './operatorRequest.js';

export interface CertificateRoutesOptions extends OperatorSource {
  readonly certificates: CertificateCare;
}

/** The certificate of the server, for those who administer it. */
export function addCertificateRoutes(
  api: FastifyInstance,
  { certificates, ...source }: CertificateRoutesOptions,
): void {
  const schema = (summary: string): object => ({ tags: ['server'], security, summary });
  api.get(
    '/certificate',
    { schema: schema('The certificate that is shown, and what ACME does for it.') },
    async (request) => {
      await permittedAsker(request, source, 'administer', 'renewCertificate');
      return certificates.stats();
    },
  );
  api.post(
    '/certificate/renew',
    { schema: schema('Begins to get another one by ACME; GET /certificate tells how it goes.') },
    async (request, reply) => {
      const asker = await permittedAsker(request, source, 'administer', 'renewCertificate');
      if (!certificates.renew()) throw noAcme;
      asker.operators.desk.note(asker.operator, 'renewCertificate', '');
      return reply.code(202).send(certificates.stats());
    },
  );
}

const noAcme = new ApiFault(
  409,
  'noAcme',
  'This server gets no certificates by ACME: set acme-domains and acme-terms, and start it anew. ' +
    'Files of --certificate are read again by themselves.',
);
