import { answerRequests } from '../requestChannel.js';
import { attack } from './attacks.js';
import type { AttackReply, AttackRequest } from './hostileMessages.js';

/** Process entry of hostile peers: they attack when they are asked to. */
answerRequests((request: AttackRequest): Promise<AttackReply> => attack(request));
