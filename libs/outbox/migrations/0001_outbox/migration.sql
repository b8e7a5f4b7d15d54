-- Messages that a transaction of this service sends, committed together with what they tell of. A row stays until
-- everybody who must has acknowledged it, and then goes: the table is small, and all of it is open.
create table outbox (
  -- UUID v7: sorts by time.
  id uuid primary key,
  -- The whole envelope, as it travels; nobody asks it questions here.
  message json not null,
  -- The services whose queues get a job.
  recipients text[] not null,
  -- Those of them whose acknowledgement is still missing.
  awaited text[] not null,
  created_at timestamptz not null default now()
);

-- Those of which Redis was not told yet. A table of its own, so that telling it does not write the message once more.
create table outbox_new (
  id uuid primary key
);

-- While a relay looks by itself every few milliseconds, nobody need notify it: notifying makes commits wait for each other.
create table outbox_relay (
  only_row boolean primary key default true check (only_row),
  awake_until timestamptz not null
);

insert into outbox_relay (awake_until) values ('-infinity');

-- Messages whose effect is in this schema, so that none has it twice.
create table inbox (
  message_id uuid primary key,
  at timestamptz not null default now()
);

create index inbox_at on inbox using brin (at);
