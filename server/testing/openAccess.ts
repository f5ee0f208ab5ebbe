import type { PublisherAccess } from '../broadcast/publisher.js';

/** Everybody may do everything. */
export const openAccess: PublisherAccess = { can: () => true, hidesRooms: false };
