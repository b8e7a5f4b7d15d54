-- What the indexer knows of the chain. Every fact is one log of the canonical chain, keyed by (block, log_index): a
-- rewind deletes above the ancestor, and whatever is derived from the facts is derived from them alone.

-- How far it is. One row, changed in the transaction that writes the facts.
create table progress (
  single boolean primary key default true check (single),
  chain_id bigint not null,
  -- Digest of the addresses and the start block: another deployment needs a schema of its own.
  deployment text not null,
  head bigint not null,
  head_hash text not null,
  finalised bigint not null check (finalised <= head),
  -- Facts up to this block have left as events.
  announced bigint not null check (announced <= finalised)
);

-- The canonical chain as it was applied: all blocks above finality, and below it those that hold facts.
create table blocks (
  number bigint primary key,
  hash text not null,
  parent_hash text not null,
  at timestamptz(0) not null,
  facts int not null
);

-- `ordinal` counts the changes of one entity from 1; `weight` is the integral of its total over time (wei × seconds)
-- from its first change up to this one.
create table stake_changes (
  block bigint not null,
  log_index int not null,
  transaction text not null,
  at timestamptz(0) not null,
  program smallint not null,
  task bigint not null,
  role smallint not null,
  account text not null,
  delta numeric(78) not null,
  total numeric(78) not null,
  ordinal bigint not null,
  weight numeric(98) not null,
  primary key (block, log_index)
);
create unique index stake_changes_entity on stake_changes (program, task, role, account, ordinal desc);
create index stake_changes_account on stake_changes (account, block desc, log_index desc);

create table delegation_changes (
  block bigint not null,
  log_index int not null,
  transaction text not null,
  at timestamptz(0) not null,
  program smallint not null,
  task bigint not null,
  role smallint not null,
  operator text not null,
  account text not null,
  delta numeric(78) not null,
  total numeric(78) not null,
  ordinal bigint not null,
  weight numeric(98) not null,
  primary key (block, log_index)
);
create unique index delegation_changes_entity on delegation_changes (program, task, role, operator, account, ordinal desc);
create index delegation_changes_account on delegation_changes (account, block desc, log_index desc);
create index delegation_changes_operator on delegation_changes (operator, block desc, log_index desc);

create table undelegation_changes (
  block bigint not null,
  log_index int not null,
  transaction text not null,
  at timestamptz(0) not null,
  program smallint not null,
  task bigint not null,
  role smallint not null,
  operator text not null,
  account text not null,
  delta numeric(78) not null,
  total numeric(78) not null,
  ready_at timestamptz(0) not null,
  ordinal bigint not null,
  primary key (block, log_index)
);
create unique index undelegation_changes_entity
  on undelegation_changes (program, task, role, operator, account, ordinal desc);
create index undelegation_changes_account on undelegation_changes (account, block desc, log_index desc);

create table cut_changes (
  block bigint not null,
  log_index int not null,
  transaction text not null,
  at timestamptz(0) not null,
  program smallint not null,
  task bigint not null,
  role smallint not null,
  operator text not null,
  cut_ppm int not null,
  effective_at timestamptz(0) not null,
  ordinal bigint not null,
  primary key (block, log_index)
);
create unique index cut_changes_entity on cut_changes (program, task, role, operator, ordinal desc);

-- Totals are over all locks of the account; the ordinal counts per account.
create table lock_changes (
  block bigint not null,
  log_index int not null,
  transaction text not null,
  at timestamptz(0) not null,
  account text not null,
  lock bigint not null,
  locked_delta numeric(78) not null,
  locked_total numeric(78) not null,
  gm_delta numeric(78) not null,
  gm_total numeric(78) not null,
  ends_at timestamptz(0) not null,
  ordinal bigint not null,
  primary key (block, log_index)
);
create unique index lock_changes_entity on lock_changes (account, ordinal desc);

-- What happened to a task in the registry; columns that a change does not speak of are null. `other` is the creator,
-- the giver of a raised bounty, or who was paid.
create table task_changes (
  block bigint not null,
  log_index int not null,
  transaction text not null,
  at timestamptz(0) not null,
  task bigint not null,
  change text not null check (change in (
    'created', 'bounty-raised', 'verified', 'opened', 'extended', 'finalised', 'cancelled', 'bounty-paid', 'bounty-refunded'
  )),
  other text,
  amount numeric(78),
  bounty numeric(78),
  spec_hash text,
  ranking_root text,
  opens_at timestamptz(0),
  closes_at timestamptz(0),
  final_ends_at timestamptz(0),
  ordinal bigint not null,
  primary key (block, log_index)
);
create unique index task_changes_entity on task_changes (task, ordinal desc);

create table root_changes (
  block bigint not null,
  log_index int not null,
  transaction text not null,
  at timestamptz(0) not null,
  epoch bigint not null,
  change text not null check (change in ('submitted', 'activated', 'disabled')),
  root text not null,
  total numeric(78),
  minted numeric(78),
  evidence_hash text,
  uri text,
  active_at timestamptz(0),
  ordinal bigint not null,
  primary key (block, log_index)
);
create unique index root_changes_entity on root_changes (epoch, ordinal desc);

-- The ordinal counts per account.
create table claims (
  block bigint not null,
  log_index int not null,
  transaction text not null,
  at timestamptz(0) not null,
  account text not null,
  epoch bigint not null,
  root text not null,
  amount numeric(78) not null,
  cumulative numeric(78) not null,
  ordinal bigint not null,
  primary key (block, log_index)
);
create unique index claims_entity on claims (account, ordinal desc);

-- The ordinal counts per task (0: the arena itself).
create table fundings (
  block bigint not null,
  log_index int not null,
  transaction text not null,
  at timestamptz(0) not null,
  -- Anybody may name any 64-bit number here.
  task numeric(20) not null,
  giver text not null,
  amount numeric(78) not null,
  ordinal bigint not null,
  primary key (block, log_index)
);
create unique index fundings_entity on fundings (task, ordinal desc);

create table case_changes (
  block bigint not null,
  log_index int not null,
  transaction text not null,
  at timestamptz(0) not null,
  case_id text not null,
  task bigint not null,
  account text not null,
  change text not null check (change in ('opened', 'dismissed', 'slashed', 'closed')),
  program smallint,
  role smallint,
  ppm int,
  delegation_ppm int,
  evidence_hash text,
  reporter text,
  executable_at timestamptz(0),
  gm numeric(78),
  released numeric(78),
  reporter_share numeric(78),
  ordinal bigint not null,
  primary key (block, log_index)
);
create unique index case_changes_entity on case_changes (case_id, ordinal desc);
create index case_changes_account on case_changes (account, block desc, log_index desc);
