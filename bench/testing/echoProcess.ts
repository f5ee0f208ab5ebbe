import { answerRequests } from '../requestChannel.js';

/** A child for tests: answers with what it was asked, fails, or ends. */
answerRequests((request: { readonly what: 'echo' | 'fail' | 'end' }): Promise<string> => {
  if (request.what === 'end') process.exit(3);
  if (request.what === 'fail') return Promise.reject(new Error('it cannot be done'));
  return Promise.resolve(request.what);
});
