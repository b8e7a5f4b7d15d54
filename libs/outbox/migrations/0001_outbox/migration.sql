-- Messages that a transaction of this service sends, committed together with what they tell of.
create table outbox (
  seq bigint generated always as identity primary key,
  id uuid not null unique,
  -- The whole envelope, as it travels.
  message jsonb not null,
  -- The services whose queues get a job.
  recipients text[] not null,
  -- Those of them whose acknowledgement is still missing.
  awaited text[] not null,
  created_at timestamptz not null default now(),
  -- When Redis was last told of it; null until the first time.
  relayed_at timestamptz,
  -- When nothing was awaited any more.
  closed_at timestamptz
);

create index outbox_new on outbox (seq) where relayed_at is null;
create index outbox_open on outbox (relayed_at) where closed_at is null and relayed_at is not null;
create index outbox_closed on outbox (closed_at) where closed_at is not null;

-- Messages whose effect is in this schema, so that none has it twice.
create table inbox (
  message_id uuid primary key,
  at timestamptz not null default now()
);

create index inbox_at on inbox using brin (at);
