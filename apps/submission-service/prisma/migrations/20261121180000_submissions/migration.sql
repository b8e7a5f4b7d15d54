-- CreateTable
CREATE TABLE "submissions" (
    "submission" UUID NOT NULL,
    "task" INTEGER NOT NULL,
    "trainer" TEXT NOT NULL,
    "version" BIGINT NOT NULL DEFAULT 1,
    "state" TEXT NOT NULL,
    "deadline" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),
    "accepted_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "known_since" TIMESTAMPTZ(3),
    "waiting_until" TIMESTAMPTZ(3),
    "supersedes" UUID,
    "superseded_by" UUID,
    "commitment" TEXT,
    "reasons" JSONB NOT NULL DEFAULT '[]',
    "report" JSONB,

    CONSTRAINT "submissions_pkey" PRIMARY KEY ("submission")
);

-- CreateTable
CREATE TABLE "submission_files" (
    "submission" UUID NOT NULL,
    "file" TEXT NOT NULL,
    "filename" TEXT NOT NULL,
    "size" BIGINT NOT NULL,
    "part_size" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "upload_id" TEXT,
    "claimed" TEXT,
    "sha256" TEXT,
    "unwanted_since" TIMESTAMPTZ(3),
    "cleared" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "submission_files_pkey" PRIMARY KEY ("submission","file")
);

-- CreateTable
CREATE TABLE "submission_changes" (
    "id" BIGSERIAL NOT NULL,
    "submission" UUID NOT NULL,
    "version" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "what" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "reasons" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "submission_changes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "intake" (
    "submission" UUID NOT NULL,
    "step" TEXT NOT NULL DEFAULT 'assembling',
    "run_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "taken_by" TEXT,
    "crashes" INTEGER NOT NULL DEFAULT 0,
    "deaths" INTEGER NOT NULL DEFAULT 0,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "found" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "intake_pkey" PRIMARY KEY ("submission")
);

-- CreateTable
CREATE TABLE "models" (
    "submission" UUID NOT NULL,
    "number" BIGSERIAL NOT NULL,
    "task" INTEGER NOT NULL,
    "trainer" TEXT NOT NULL,
    "canonical_sha256" TEXT NOT NULL,
    "canonical_size" BIGINT NOT NULL,
    "graph_hash" TEXT NOT NULL,
    "tensors" TEXT[],
    "sketch" BYTEA NOT NULL,
    "blind_key" TEXT NOT NULL,
    "blind_size" BIGINT NOT NULL,
    "blind_sha256" TEXT NOT NULL,
    "known_since" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3) NOT NULL,
    "original" UUID,
    "similarity_ppm" INTEGER,
    "epsilon_ppm" INTEGER,

    CONSTRAINT "models_pkey" PRIMARY KEY ("submission")
);

-- CreateTable
CREATE TABLE "quota_entries" (
    "submission" UUID NOT NULL,
    "task" INTEGER NOT NULL,
    "account" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,

    CONSTRAINT "quota_entries_pkey" PRIMARY KEY ("submission")
);

-- CreateTable
CREATE TABLE "commitments" (
    "task" INTEGER NOT NULL,
    "account" TEXT NOT NULL,
    "commitment" TEXT NOT NULL,
    "registered_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "submission" UUID,

    CONSTRAINT "commitments_pkey" PRIMARY KEY ("task","account","commitment")
);

-- CreateTable
CREATE TABLE "starters" (
    "sha256" TEXT NOT NULL,
    "sketch" BYTEA,
    "fault" TEXT,

    CONSTRAINT "starters_pkey" PRIMARY KEY ("sha256")
);

-- CreateIndex
CREATE INDEX "submissions_trainer_created_at_submission_idx" ON "submissions"("trainer", "created_at" DESC, "submission");

-- CreateIndex
CREATE INDEX "submissions_task_state_idx" ON "submissions"("task", "state");

-- CreateIndex
CREATE INDEX "submissions_deadline_idx" ON "submissions"("deadline");

-- CreateIndex
CREATE INDEX "submission_files_upload_id_idx" ON "submission_files"("upload_id");

-- CreateIndex
CREATE INDEX "submission_files_key_idx" ON "submission_files"("key");

-- CreateIndex
CREATE INDEX "submission_files_unwanted_since_idx" ON "submission_files"("unwanted_since");

-- CreateIndex
CREATE UNIQUE INDEX "submission_changes_submission_version_key" ON "submission_changes"("submission", "version");

-- CreateIndex
CREATE INDEX "intake_run_at_idx" ON "intake"("run_at");

-- CreateIndex
CREATE UNIQUE INDEX "models_number_key" ON "models"("number");

-- CreateIndex
CREATE INDEX "models_task_canonical_sha256_idx" ON "models"("task", "canonical_sha256");

-- CreateIndex
CREATE INDEX "models_task_number_idx" ON "models"("task", "number");

-- CreateIndex
CREATE INDEX "models_blind_key_idx" ON "models"("blind_key");

-- CreateIndex
CREATE INDEX "models_original_idx" ON "models"("original");

-- CreateIndex
CREATE INDEX "quota_entries_task_account_at_idx" ON "quota_entries"("task", "account", "at");

-- CreateIndex
CREATE INDEX "commitments_account_registered_at_idx" ON "commitments"("account", "registered_at" DESC);

-- AddForeignKey
ALTER TABLE "submission_files" ADD CONSTRAINT "submission_files_submission_fkey" FOREIGN KEY ("submission") REFERENCES "submissions"("submission") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "submission_changes" ADD CONSTRAINT "submission_changes_submission_fkey" FOREIGN KEY ("submission") REFERENCES "submissions"("submission") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "intake" ADD CONSTRAINT "intake_submission_fkey" FOREIGN KEY ("submission") REFERENCES "submissions"("submission") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "models" ADD CONSTRAINT "models_submission_fkey" FOREIGN KEY ("submission") REFERENCES "submissions"("submission") ON DELETE RESTRICT ON UPDATE CASCADE;



-- What Prisma cannot say.
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_state" CHECK ("state" IN
  ('uploading', 'inspecting', 'accepted', 'scoring', 'closed', 'ranked', 'rejected', 'disqualified', 'withdrawn', 'abandoned'));
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_deadline"
  CHECK (("state" = 'uploading') = ("deadline" IS NOT NULL));
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_completed"
  CHECK (("completed_at" IS NOT NULL) = ("known_since" IS NOT NULL));
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_accepted"
  CHECK ("accepted_at" IS NOT NULL OR "state" NOT IN ('accepted', 'scoring', 'closed', 'ranked', 'disqualified'));
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_ended"
  CHECK (("ended_at" IS NOT NULL) = ("state" IN ('ranked', 'rejected', 'disqualified', 'withdrawn', 'abandoned')));
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_waiting"
  CHECK ("waiting_until" IS NULL OR "state" = 'inspecting');
ALTER TABLE "submission_files" ADD CONSTRAINT "submission_files_file" CHECK ("file" IN ('model', 'data'));
ALTER TABLE "quota_entries" ADD CONSTRAINT "quota_entries_state"
  CHECK ("state" IN ('reserved', 'spent', 'released', 'refunded'));
ALTER TABLE "models" ADD CONSTRAINT "models_copy"
  CHECK (num_nonnulls("original", "similarity_ppm", "epsilon_ppm") IN (0, 3));
