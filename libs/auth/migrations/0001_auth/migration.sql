-- What a service knows of credentials and accounts: its own projection, fed by key.changed and account.changed.
-- A key is found by the SHA-256 of its text; the text itself is stored nowhere.

CREATE TABLE auth_keys (
  id uuid PRIMARY KEY,
  version bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('session', 'api')),
  hash text NOT NULL UNIQUE,
  account text,
  scopes text[] NOT NULL,
  receipt_address text,
  receipt_expires_at timestamptz(3),
  expires_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3)
);

CREATE TABLE auth_accounts (
  account text PRIMARY KEY,
  version bigint NOT NULL,
  display_name text,
  payout_address text,
  conflict_group text,
  roles text[] NOT NULL
);
