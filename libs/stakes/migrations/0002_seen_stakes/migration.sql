-- What was seen of stakes before it was final; a hint, newest version wins. What stays after its time says nothing any
-- more (see standing.ts), and a row is at most one per stake, so nothing sweeps them.

CREATE TABLE seen_stakes (
  program smallint NOT NULL,
  task bigint NOT NULL,
  role text NOT NULL CHECK (role IN ('trainer', 'validator')),
  account text NOT NULL,
  version bigint NOT NULL,
  total numeric(78) NOT NULL,
  block bigint NOT NULL,
  expected_final_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (program, task, role, account)
);
