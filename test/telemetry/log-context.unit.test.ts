import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../activities/runtime/log.ts';
import { inItsContext } from '../../activities/runtime/tracing.ts';
import { inLogContext, logContext, noteInLog, outsideLogContext } from '../../net/log-context.ts';

const lines: unknown[] = [];
const log = createLogger('info', { write: (line) => void lines.push(JSON.parse(line)) });
const written = async (work: () => unknown): Promise<unknown> => {
  lines.length = 0;
  await work();
  return lines[0];
};

describe('a log line', () => {
  it('has what the work is about, also after a wait', async () => {
    const line = await written(() =>
      inLogContext({ requestId: 'one' }, async () => {
        noteInLog({ order: 7 });
        await setImmediate();
        log.info('done');
      }),
    );
    expect(line).toMatchObject({ requestId: 'one', order: 7, msg: 'done' });
  });

  it('keeps its own fields', async () => {
    expect(await written(() => inLogContext({ order: 7 }, () => log.info({ order: 8 }, 'done')))).toMatchObject({
      order: 8,
    });
  });

  it('of a part of the work says nothing about the rest', async () => {
    await inLogContext({ requestId: 'one' }, async () => {
      await inLogContext({}, async () => noteInLog({ order: 7 }));
      expect(logContext()).toEqual({ requestId: 'one' });
    });
  });

  it('of work that serves all is about none', async () => {
    expect(inLogContext({ order: 7 }, () => outsideLogContext(logContext))).toEqual({});
  });

  it.each([
    ['order-42', 42],
    ['watch-3', undefined],
  ])('of an activity of %s has the order %s', async (workflowId, order) => {
    const info = { activityType: 'dispatch', attempt: 1, workflowExecution: { workflowId, runId: 'run' } };
    // The interceptor reads nothing else of the context.
    const { inbound } = inItsContext()({ info } as unknown as Parameters<ReturnType<typeof inItsContext>>[0]);
    const line = await written(() => inbound?.execute?.({ args: [], headers: {} }, async () => log.info('done')));
    expect(line).toMatchObject({ msg: 'done', ...(order === undefined ? {} : { order }) });
    expect(Object.keys(line as object).includes('order')).toBe(order !== undefined);
  });
});
