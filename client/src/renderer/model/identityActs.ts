import type { ShownIdentity } from '@rookery/client/host/identityDesk';

/** What is done to identities, and to which. */
export type IdentityAct =
  | { readonly kind: 'create' | 'import' }
  | {
      readonly kind: 'rename' | 'export' | 'passphrase' | 'remove';
      readonly identity: ShownIdentity;
    };
