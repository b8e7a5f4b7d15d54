-- What a service wants to happen on chain, once each: written in the transaction that decides it, sent afterwards.
create table chain_intents (
  -- UUID v7: sorts by time.
  id uuid primary key,
  -- What it is for, in the words of the service ("root:12"): there is one intent for it, ever.
  key text not null unique,
  chain_id bigint not null,
  sender text not null,
  recipient text not null,
  data bytea not null,
  value numeric(78) not null,
  -- waiting → reserved → sent ⇄ mined → done | failed. A nonce that a foreign transaction took for good leads from sent
  -- back to waiting; a call that would revert for too long leads from waiting to failed.
  status text not null default 'waiting'
    check (status in ('waiting', 'reserved', 'sent', 'mined', 'done', 'failed')),
  nonce bigint check ((nonce is null) = (status = 'waiting') or status = 'failed'),
  gas_limit bigint,
  -- The head when the nonce was reserved: the search for a foreign transaction begins there.
  reserved_block bigint,
  -- Where it was mined, by which of its hashes.
  block_number bigint,
  block_hash text,
  hash text,
  -- Why it failed, or why it cannot go on right now.
  reason text,
  try_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now()
);

-- One nonce, one intent, for ever.
create unique index chain_intents_nonce on chain_intents (chain_id, sender, nonce);
create index chain_intents_open on chain_intents (chain_id, sender, id) where status not in ('done', 'failed');

-- Every transaction ever signed, byte for byte, before any node saw it. Rows are never deleted: only who knows all
-- hashes can prove that none was mined.
create table chain_attempts (
  hash text primary key,
  intent_id uuid not null references chain_intents,
  nonce bigint not null,
  raw bytea not null,
  max_fee numeric(78) not null,
  tip numeric(78) not null,
  signed_at timestamptz not null default now(),
  -- When it was last given to a node.
  broadcast_at timestamptz
);

create index chain_attempts_intent on chain_attempts (intent_id);
