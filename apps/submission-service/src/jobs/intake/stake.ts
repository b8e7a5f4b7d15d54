// A model may be handed in on a stake that is mined and not final; it is accepted only on one that is.
import { stakeStanding } from '@arena/stakes';
import { isNews, judgeStake } from '../../core/intake.js';
import { rejection } from '../../core/submission.js';
import { saveChange } from '../../store/submissions.js';
import type { IntakeParts, Work } from './parts.js';
import type { Refusal } from './prepare.js';
import { holdWork } from './settle.js';

export async function awaitStake(parts: IntakeParts, work: Work): Promise<'final' | 'waiting' | Refusal> {
  const { database, clock } = parts;
  const { submission, task } = work;
  const { state, trainer } = submission;
  if (state.state !== 'inspecting') throw new Error(`${submission.submission} is not inspected`);
  const minimum = BigInt(task.spec.stakes.trainerMinimum);
  const standing = await stakeStanding(database.read, task.task, 'trainer', trainer, minimum);
  const verdict = judgeStake(standing, state, clock());
  if (verdict === 'final') return 'final';
  if (verdict === 'never') {
    const reason = rejection(
      'submission/stake-not-final',
      'An hour after it was expected the stake is still not final',
    );
    return { reasons: [reason], report: work.job.found.report ?? null };
  }
  if (isNews(state.waitingUntil, verdict.wait))
    await database.transaction(async tx => {
      const held = await holdWork(tx, work);
      await saveChange(tx, held, { ...held.state, waitingUntil: verdict.wait }, { what: 'waiting', at: clock() });
    });
  return 'waiting';
}
