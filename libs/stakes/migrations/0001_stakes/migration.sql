-- What a service knows of stakes on chain, from finalised events. A row's version counts the changes of its entity; an
-- older event changes nothing. Zero totals stay, because their version does.

CREATE TABLE known_stakes (
  program smallint NOT NULL,
  task bigint NOT NULL,
  role text NOT NULL CHECK (role IN ('trainer', 'validator')),
  account text NOT NULL,
  version bigint NOT NULL,
  total numeric(78) NOT NULL,
  block bigint NOT NULL,
  PRIMARY KEY (program, task, role, account)
);
CREATE INDEX known_stakes_account ON known_stakes (account);

CREATE TABLE known_delegations (
  program smallint NOT NULL,
  task bigint NOT NULL,
  role text NOT NULL CHECK (role IN ('trainer', 'validator')),
  operator text NOT NULL,
  account text NOT NULL,
  version bigint NOT NULL,
  total numeric(78) NOT NULL,
  block bigint NOT NULL,
  PRIMARY KEY (program, task, role, operator, account)
);
