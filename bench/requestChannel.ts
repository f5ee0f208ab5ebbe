import { RequestChild as AskedChild } from '@rookery/client/bots/requestChannel';
import { BenchError } from './benchError.js';

export { answerRequests } from '@rookery/client/bots/requestChannel';

/** A Node process of ours that is asked one thing at a time; fails as BenchError `childFailed`. */
export class RequestChild<Request extends object, Reply> extends AskedChild<Request, Reply> {
  /** @param entry module that calls `answerRequests` */
  constructor(name: string, entry: URL) {
    super(name, entry, (message) => new BenchError('childFailed', message));
  }
}
