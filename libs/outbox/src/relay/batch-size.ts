/** Messages of one step: enough to share the cost of a transaction, few enough to hold it briefly. */
export const batchSize = 500;
