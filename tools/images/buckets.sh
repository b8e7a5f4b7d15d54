#!/bin/sh
# Makes the buckets and each service's own key on the MinIO of docker-compose.yml. Safe to repeat. The rules are those of
# tools/stack/src/core/grants.ts, for the services that use S3 today.
set -eu
mc alias set arena http://minio:9000 arena-admin "$MINIO_ROOT_PASSWORD" >/dev/null
for bucket in datasets quarantine blind evidence audit; do
  mc mb --ignore-existing "arena/$bucket"
done

# key NAME SECRET BUCKET[:read]…: a key that may read these buckets, write those that do not say `:read`, and nothing else.
key() {
  name=$1 secret=$2
  shift 2
  buckets='' objects='' writable=''
  for bucket in "$@"; do
    arn="arn:aws:s3:::${bucket%:read}"
    buckets="$buckets${buckets:+,}\"$arn\""
    objects="$objects${objects:+,}\"$arn/*\""
    [ "$bucket" != "${bucket%:read}" ] || writable="$writable${writable:+,}\"$arn/*\""
  done
  cat >/tmp/policy.json <<POLICY
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
      "Resource": [$buckets]
    },
    { "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": [$objects] },
    {
      "Effect": "Allow",
      "Action": ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
      "Resource": [$writable]
    }
  ]
}
POLICY
  mc admin policy create arena "$name" /tmp/policy.json
  mc admin user add arena "$name" "$secret"
  # Attaching it twice is refused; what counts is that it is attached.
  mc admin policy attach arena "$name" --user "$name" || mc admin user info arena "$name" | grep -q "$name"
}

key task-service "$TASKS_S3_SECRET" datasets audit
key submission-service "$SUBMISSIONS_S3_SECRET" quarantine blind datasets:read
