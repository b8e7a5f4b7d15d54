-- CreateTable
CREATE TABLE "task_chain" (
    "task" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "status" TEXT NOT NULL,
    "creator" TEXT NOT NULL,
    "bounty" TEXT NOT NULL,
    "spec_hash" TEXT,
    "opens_at" TIMESTAMPTZ(3),
    "closes_at" TIMESTAMPTZ(3),
    "final_ends_at" TIMESTAMPTZ(3),
    "ranking_root" TEXT,
    "transaction" TEXT NOT NULL,
    "block" BIGINT NOT NULL,
    "conflict" TEXT,
    "followed" BIGINT NOT NULL,

    CONSTRAINT "task_chain_pkey" PRIMARY KEY ("task")
);

-- CreateTable
CREATE TABLE "task_chain_facts" (
    "task" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "said" JSONB NOT NULL,

    CONSTRAINT "task_chain_facts_pkey" PRIMARY KEY ("task","version")
);

-- What Prisma's schema cannot say.

ALTER TABLE "task_chain" ADD CONSTRAINT "task_chain_status"
  CHECK ("status" IN ('created', 'verified', 'opened', 'finalised', 'cancelled'));
ALTER TABLE "task_chain" ADD CONSTRAINT "task_chain_opening"
  CHECK (num_nonnulls("spec_hash", "opens_at", "closes_at", "final_ends_at") IN (0, 4));
ALTER TABLE "task_chain" ADD CONSTRAINT "task_chain_root"
  CHECK (("status" = 'finalised') = ("ranking_root" IS NOT NULL));

-- Those that are looked at again: never followed so far, or in conflict.
CREATE INDEX "task_chain_unfollowed" ON "task_chain" ("task") WHERE "followed" < "version" OR "conflict" IS NOT NULL;
