-- Whose stakes were told of while they could still be undone, and how often: the version of the next such event. It
-- counts on over reorganisations, which is why it can't follow from the facts.
create table seen_stakes (
  program smallint not null,
  task bigint not null,
  role smallint not null,
  account text not null,
  version bigint not null,
  primary key (program, task, role, account)
);
