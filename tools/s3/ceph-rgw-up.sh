#!/usr/bin/env bash
# A real S3 server to hold the conformance suite against: Ceph's RADOS gateway, one node, in memory,
# everything under one folder that is emptied first. Debian or Ubuntu:
#
#   sudo apt-get install -y --no-install-recommends ceph-mon ceph-osd radosgw ceph-common
#   tools/s3/ceph-rgw-up.sh up DIR [PORT]      prints the URL and the keys
#   tools/s3/ceph-rgw-up.sh down DIR
#
# The monitor takes the ports 3300 and 6789 of 127.0.0.1, so one of these runs at a time.
set -euo pipefail

usage() {
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

key=conformance
secret=conformance-secret

write_conf() {
  cat >"$dir/ceph.conf" <<CONF
[global]
fsid = $fsid
mon host = v2:127.0.0.1:3300/0,v1:127.0.0.1:6789/0
mon initial members = a
keyring = $dir/keyring
run dir = $dir/run
admin socket = $dir/run/\$name.asok
pid file = $dir/run/\$name.pid
log file = $dir/log/\$name.log
crash dir = $dir/crash
# One copy in few pools' placement groups: there is one node, and it is thrown away.
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 1000

[mon]
mon data = $dir/mon
auth allow insecure global id reclaim = true
mon warn on insecure global id reclaim allowed = false

[osd]
osd data = $dir/osd
osd objectstore = memstore
memstore device bytes = 4294967296
osd class load list = *
osd class default list = *

[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:$port
rgw dns name = localhost
CONF
}

write_keys() {
  ceph-authtool --create-keyring "$dir/keyring" --gen-key -n mon. --cap mon 'allow *'
  ceph-authtool "$dir/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
  ceph-authtool "$dir/keyring" --gen-key -n client.rgw --cap mon 'allow *' --cap osd 'allow *'
  ceph-authtool "$dir/keyring" --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *' --cap mgr 'allow profile osd'
}

start() {
  monmaptool --create --addv a '[v2:127.0.0.1:3300,v1:127.0.0.1:6789]' --fsid "$fsid" "$dir/monmap"
  ceph-mon --mkfs -i a --monmap "$dir/monmap" --keyring "$dir/keyring"
  ceph-mon -i a
  local osd
  osd=$(cat /proc/sys/kernel/random/uuid)
  ceph osd new "$osd"
  ceph-osd -i 0 --mkfs --osd-uuid "$osd"
  ceph-osd -i 0
  radosgw -n client.rgw
  radosgw-admin user create --uid=conformance --display-name=conformance --access-key="$key" --secret-key="$secret"
}

answers() {
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null
}

up() {
  for tool in ceph-mon ceph-osd radosgw ceph monmaptool; do
    command -v "$tool" >/dev/null || { echo "$tool is missing: see the apt-get line at the top of $0" >&2; exit 1; }
  done
  if [ -n "$(ls -A "$dir" 2>/dev/null)" ] && [ ! -f "$dir/ceph.conf" ]; then
    echo "$dir is not empty and not one of ours: choose another folder" >&2
    exit 1
  fi
  rm -rf "$dir"
  mkdir -p "$dir"/{mon,osd,run,log,crash}
  fsid=$(cat /proc/sys/kernel/random/uuid)
  export CEPH_CONF="$dir/ceph.conf"
  write_conf
  { write_keys && start; } >"$dir/log/up.log" 2>&1 || { tail -5 "$dir/log/up.log" >&2; exit 1; }
  for _ in $(seq 60); do
    if answers; then
      echo "http://127.0.0.1:$port $key $secret"
      return
    fi
    sleep 0.5
  done
  echo "the gateway does not answer: see $dir/log" >&2
  exit 1
}

down() {
  local file pid
  for file in "$dir"/run/client.rgw.pid "$dir"/run/osd.0.pid "$dir"/run/mon.a.pid; do
    [ -f "$file" ] || continue
    pid=$(cat "$file")
    kill "$pid" 2>/dev/null || continue
    for _ in $(seq 40); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.25
    done
    # Its data is in memory and ends with it: nothing is lost that anyone keeps.
    kill -9 "$pid" 2>/dev/null || true
  done
}

[ $# -ge 2 ] || usage
dir=$(realpath -m "$2")
port=${3:-9100}
case $1 in
  up) up ;;
  down) down ;;
  *) usage ;;
esac
