-- CreateTable
CREATE TABLE "accounts" (
    "account" TEXT NOT NULL,
    "display_name" TEXT,
    "payout_address" TEXT,
    "conflict_group" TEXT,
    "roles" TEXT[],
    "version" BIGINT NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("account")
);

-- CreateTable
CREATE TABLE "nonces" (
    "nonce" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "nonces_pkey" PRIMARY KEY ("nonce")
);

-- CreateTable
CREATE TABLE "keys" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "account" TEXT,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scopes" TEXT[],
    "receipt_address" TEXT,
    "receipt_expires_at" TIMESTAMPTZ(3),
    "receipt_signature" TEXT,
    "version" BIGINT NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tasks" (
    "task" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "phase" TEXT NOT NULL,
    "spec" JSONB NOT NULL,
    "spec_hash" TEXT NOT NULL,
    "opens_at" TIMESTAMPTZ(3),
    "closes_at" TIMESTAMPTZ(3),
    "final_ends_at" TIMESTAMPTZ(3),
    "paused_at" TIMESTAMPTZ(3),
    "ranking_root" TEXT,
    "cancelled_for" TEXT,
    "next_move_at" TIMESTAMPTZ(3),
    "version" BIGINT NOT NULL DEFAULT 1,
    "event_version" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tasks_pkey" PRIMARY KEY ("task")
);

-- CreateTable
CREATE TABLE "task_changes" (
    "id" BIGSERIAL NOT NULL,
    "task" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "what" TEXT NOT NULL,
    "phase" TEXT NOT NULL,
    "reason" TEXT,
    "opens_at" TIMESTAMPTZ(3),
    "closes_at" TIMESTAMPTZ(3),
    "final_ends_at" TIMESTAMPTZ(3),

    CONSTRAINT "task_changes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "datasets" (
    "dataset" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "latest" INTEGER,
    "last_version" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "datasets_pkey" PRIMARY KEY ("dataset")
);

-- CreateTable
CREATE TABLE "dataset_versions" (
    "dataset" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "failure" TEXT,
    "filename" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "size" BIGINT NOT NULL,
    "part_size" INTEGER NOT NULL,
    "upload_key" TEXT,
    "upload_id" TEXT,
    "claimed" TEXT,
    "sha256" TEXT,
    "key" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "deadline" TIMESTAMPTZ(3),
    "verify_at" TIMESTAMPTZ(3),
    "ready_at" TIMESTAMPTZ(3),

    CONSTRAINT "dataset_versions_pkey" PRIMARY KEY ("dataset","version")
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "reason" TEXT,
    "before" JSONB,
    "after" JSONB,
    "trace_id" TEXT,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_waiting" (
    "entry" UUID NOT NULL,

    CONSTRAINT "audit_waiting_pkey" PRIMARY KEY ("entry")
);

-- CreateTable
CREATE TABLE "audit_seals" (
    "sequence" BIGINT NOT NULL,
    "entry" UUID NOT NULL,
    "previous" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "sealed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_seals_pkey" PRIMARY KEY ("sequence")
);

-- CreateIndex
CREATE INDEX "accounts_created_at_account_idx" ON "accounts"("created_at", "account");

-- CreateIndex
CREATE INDEX "nonces_expires_at_idx" ON "nonces"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "keys_hash_key" ON "keys"("hash");

-- CreateIndex
CREATE INDEX "keys_account_kind_created_at_id_idx" ON "keys"("account", "kind", "created_at", "id");

-- CreateIndex
CREATE INDEX "keys_kind_created_at_id_idx" ON "keys"("kind", "created_at", "id");

-- CreateIndex
CREATE INDEX "tasks_phase_task_idx" ON "tasks"("phase", "task");

-- CreateIndex
CREATE INDEX "tasks_kind_task_idx" ON "tasks"("kind", "task");

-- CreateIndex
CREATE INDEX "tasks_closes_at_idx" ON "tasks"("closes_at");

-- CreateIndex
CREATE INDEX "tasks_next_move_at_idx" ON "tasks"("next_move_at");

-- CreateIndex
CREATE INDEX "task_changes_task_id_idx" ON "task_changes"("task", "id");

-- CreateIndex
CREATE INDEX "datasets_created_at_dataset_idx" ON "datasets"("created_at", "dataset");

-- CreateIndex
CREATE INDEX "datasets_purpose_created_at_dataset_idx" ON "datasets"("purpose", "created_at", "dataset");

-- CreateIndex
CREATE INDEX "dataset_versions_state_deadline_idx" ON "dataset_versions"("state", "deadline");

-- CreateIndex
CREATE INDEX "dataset_versions_state_verify_at_idx" ON "dataset_versions"("state", "verify_at");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_versions_upload_key_key" ON "dataset_versions"("upload_key");

-- CreateIndex
CREATE INDEX "dataset_versions_sha256_idx" ON "dataset_versions"("sha256");

-- CreateIndex
CREATE INDEX "audit_entries_at_id_idx" ON "audit_entries"("at", "id");

-- CreateIndex
CREATE INDEX "audit_entries_actor_at_id_idx" ON "audit_entries"("actor", "at", "id");

-- CreateIndex
CREATE INDEX "audit_entries_action_at_id_idx" ON "audit_entries"("action", "at", "id");

-- CreateIndex
CREATE INDEX "audit_entries_subject_at_id_idx" ON "audit_entries"("subject", "at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "audit_seals_entry_key" ON "audit_seals"("entry");

-- CreateIndex
CREATE UNIQUE INDEX "audit_seals_previous_key" ON "audit_seals"("previous");

-- AddForeignKey
ALTER TABLE "keys" ADD CONSTRAINT "keys_account_fkey" FOREIGN KEY ("account") REFERENCES "accounts"("account") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task_changes" ADD CONSTRAINT "task_changes_task_fkey" FOREIGN KEY ("task") REFERENCES "tasks"("task") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_versions" ADD CONSTRAINT "dataset_versions_dataset_fkey" FOREIGN KEY ("dataset") REFERENCES "datasets"("dataset") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "audit_waiting" ADD CONSTRAINT "audit_waiting_entry_fkey" FOREIGN KEY ("entry") REFERENCES "audit_entries"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "audit_seals" ADD CONSTRAINT "audit_seals_entry_fkey" FOREIGN KEY ("entry") REFERENCES "audit_entries"("id") ON DELETE RESTRICT ON UPDATE CASCADE;



-- What Prisma's schema cannot say.

ALTER TABLE "keys" ADD CONSTRAINT "keys_kind" CHECK ("kind" IN ('session', 'api'));
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_phase"
  CHECK ("phase" IN ('draft', 'verified', 'submission', 'final', 'finalised', 'cancelled'));
ALTER TABLE "datasets" ADD CONSTRAINT "datasets_purpose"
  CHECK ("purpose" IN ('training', 'starter', 'hidden-a', 'hidden-b'));
ALTER TABLE "dataset_versions" ADD CONSTRAINT "dataset_versions_state"
  CHECK ("state" IN ('uploading', 'verifying', 'ready', 'failed', 'abandoned'));
ALTER TABLE "dataset_versions" ADD CONSTRAINT "dataset_versions_uploading"
  CHECK (("state" = 'uploading') = ("deadline" IS NOT NULL));
ALTER TABLE "dataset_versions" ADD CONSTRAINT "dataset_versions_verifying"
  CHECK (("state" = 'verifying') = ("verify_at" IS NOT NULL));
ALTER TABLE "dataset_versions" ADD CONSTRAINT "dataset_versions_claimed"
  CHECK (("state" IN ('verifying', 'ready', 'failed')) = ("claimed" IS NOT NULL));
ALTER TABLE "dataset_versions" ADD CONSTRAINT "dataset_versions_failed"
  CHECK (("state" = 'failed') = ("failure" IS NOT NULL));
ALTER TABLE "dataset_versions" ADD CONSTRAINT "dataset_versions_ready"
  CHECK (num_nonnulls("sha256", "key", "ready_at") = CASE "state" WHEN 'ready' THEN 3 ELSE 0 END);

ALTER TABLE "dataset_versions" ADD CONSTRAINT "dataset_versions_upload"
  CHECK ("upload_key" IS NOT NULL OR "state" NOT IN ('uploading', 'verifying'));

-- A finished version never changes again: only where its upload lay is forgotten once it is cleared away.
CREATE FUNCTION keep_finished_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(NEW) - '{upload_key,upload_id}'::text[] <> to_jsonb(OLD) - '{upload_key,upload_id}'::text[] THEN
    RAISE EXCEPTION 'version % of dataset % is finished and never changes', OLD."version", OLD."dataset"
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER dataset_versions_finished BEFORE UPDATE OR DELETE ON "dataset_versions"
  FOR EACH ROW WHEN (OLD."state" IN ('ready', 'failed', 'abandoned')) EXECUTE FUNCTION keep_finished_version();

-- The audit log only grows. The service's role owns neither table, so it cannot take these triggers away.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_entries"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_seals_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_seals"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Whoever adds an entry, the sealer hears of it.
CREATE FUNCTION await_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "audit_waiting" ("entry") SELECT "id" FROM "added";
  RETURN NULL;
END $$;

CREATE TRIGGER audit_entries_await_seal AFTER INSERT ON "audit_entries"
  REFERENCING NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION await_seal();
