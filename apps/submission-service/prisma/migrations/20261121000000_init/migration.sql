-- CreateTable
CREATE TABLE "known_tasks" (
    "task" INTEGER NOT NULL,
    "version" BIGINT NOT NULL,
    "phase" TEXT NOT NULL,
    "paused" BOOLEAN NOT NULL,
    "spec" JSONB NOT NULL,
    "spec_hash" TEXT NOT NULL,
    "opens_at" TIMESTAMPTZ(3),
    "closes_at" TIMESTAMPTZ(3),
    "final_ends_at" TIMESTAMPTZ(3),

    CONSTRAINT "known_tasks_pkey" PRIMARY KEY ("task")
);

-- CreateTable
CREATE TABLE "released_datasets" (
    "task" INTEGER NOT NULL,
    "purpose" TEXT NOT NULL,
    "dataset" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "size" BIGINT NOT NULL,
    "format" TEXT NOT NULL,
    "bucket" TEXT NOT NULL,
    "key" TEXT NOT NULL,

    CONSTRAINT "released_datasets_pkey" PRIMARY KEY ("task","purpose")
);

-- CreateIndex
CREATE INDEX "known_tasks_phase_idx" ON "known_tasks"("phase");


