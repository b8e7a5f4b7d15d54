-- What was answered to a request that had an effect, written in the transaction of that effect.
-- `answer` is null where the answer held a secret.

CREATE TABLE idempotency (
  caller text NOT NULL,
  route text NOT NULL,
  key text NOT NULL,
  fingerprint text NOT NULL,
  answer jsonb,
  etag text,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (caller, route, key)
);
CREATE INDEX idempotency_created_at ON idempotency (created_at);

-- Lock or fail at once: a request that finds its key locked must not wait for the one that holds it.
CREATE FUNCTION arena_lock_or_refuse(id bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT pg_try_advisory_xact_lock(id) THEN
    RAISE EXCEPTION 'a request with this key is still running' USING ERRCODE = 'AR409';
  END IF;
END $$;
