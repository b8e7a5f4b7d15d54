import { signIn } from '@arena/sdk';
import { cast } from '../cast.js';
import type { Step } from '../context.js';

export const signInAll: Step = {
  name: 'sign-in',
  title: 'Everybody signs in with a wallet',
  async run({ client, say, signal, know }) {
    const everybody = cast();
    let done = 0;
    const players = await Promise.all(
      everybody.map(async player => {
        const signedIn = await signIn(client, player.wallet, { signal });
        say.progress('signed in', ++done, everybody.length);
        return { ...player, ...signedIn };
      }),
    );
    if (!players[0]?.session.roles.includes('admin'))
      throw new Error(`${players[0]?.wallet.address} is no admin here: the stack must name it in ADMIN_WALLETS`);
    know('players', players);
  },
};
