-- What the faucet gave to whom. The transactions are the intents `faucet:<id>:gas` and `faucet:<id>:tokens`.
create table faucet_grants (
  -- UUID v7: sorts by time.
  id uuid primary key,
  account text not null,
  -- Of UTC, and which one of that day: the bound on a day's grants cannot be overstepped by asking twice at once.
  day date not null,
  nth smallint not null check (nth > 0),
  tokens numeric(78) not null,
  gas numeric(78) not null,
  asked_at timestamptz not null,
  unique (account, day, nth)
);
