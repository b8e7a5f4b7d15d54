// Tells the other services what is final, in the order of the chain: messages and the mark move in one transaction, so
// each fact leaves once, however often this is interrupted.
import { crashPoint, type Database } from '@arena/db';
import { publish } from '@arena/outbox';
import { announcementOf } from '../core/announcement.js';
import { blockWithin, factsBetween, holdMark, moveMark } from '../store/announced.js';
import type { Passage } from '../store/steps.js';

const MOST_AT_ONCE = 500;

/** Announces the next blocks, about so many facts; says how many messages left, or that nothing is outstanding. */
export function announceSome(database: Database, passage: Passage = crashPoint): Promise<number | 'nothing'> {
  return database.transaction(async tx => {
    const outstanding = await holdMark(tx);
    if (!outstanding) return 'nothing';
    const to = await blockWithin(tx, outstanding, MOST_AT_ONCE);
    const facts = await factsBetween(tx, outstanding.announced, to);
    const announcements = facts.map(announcementOf).filter(announcement => announcement !== undefined);
    await publish(tx, announcements);
    await moveMark(tx, to);
    await passage('announce.in');
    return announcements.length;
  });
}
