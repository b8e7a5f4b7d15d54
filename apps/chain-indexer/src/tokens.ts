/** Where the arena's contracts are: what the follower follows and the status tells. */
export const DEPLOYMENT = Symbol('Deployment');
