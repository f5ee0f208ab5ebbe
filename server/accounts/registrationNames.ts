import { Registration } from '@rookery/schemas/generated/rookery/registration';

/** How each kind of registration is called in the configuration and on disk, by its number. */
export const registrationNames = ['open', 'password', 'invitation', 'approval'] as const satisfies {
  readonly [Kind in Registration]: string;
};

export type RegistrationName = (typeof registrationNames)[number];

/** The kind of registration that is called so. */
export function registrationCalled(name: RegistrationName): Registration {
  return kinds[name];
}

const kinds: Readonly<Record<RegistrationName, Registration>> = {
  open: Registration.Open,
  password: Registration.Password,
  invitation: Registration.Invitation,
  approval: Registration.Approval,
};
