// What became of a request: there is no third way besides an answer, a refusal with its reason, and silence.
// `tag` names what was seen; a command that carries it back is refused if something happened since.
import type { Problem } from './types';

export type Outcome<T> =
  | { kind: 'done'; value: T; tag?: string }
  | { kind: 'refused'; problem: Problem }
  | { kind: 'unreachable' };

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;

/** A refusal that came without a problem document, from a proxy for instance. */
const bareProblem = (status: number): Problem => ({
  type: 'about:blank',
  title: 'no reason given',
  status,
  code: status === 401 ? 'session_missing' : 'no_reason_given',
  detail: `The server answered ${status} without a reason. Wait a moment and try again.`,
});

type Answer<T> = { data?: T | undefined; error?: unknown; response: Response };

export async function outcome<T>(request: Promise<Answer<T>>): Promise<Outcome<T>> {
  let answer: Answer<T>;
  try {
    answer = await request;
  } catch {
    return { kind: 'unreachable' };
  }
  if (answer.response.ok) {
    const tag = answer.response.headers.get('ETag');
    return { kind: 'done', value: answer.data as T, ...(tag ? { tag } : {}) };
  }
  const problem = isProblem(answer.error) ? answer.error : bareProblem(answer.response.status);
  return { kind: 'refused', problem };
}
