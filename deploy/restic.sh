#!/bin/sh
# Photos, secret key and logs, encrypted, to another machine; after the database (pgbackrest), so that every photo that it knows is there.
#   RESTIC_REPOSITORY=sftp:backup@elsewhere:/srv/toucha RESTIC_PASSWORD_FILE=/etc/toucha-restic deploy/restic.sh /var/lib/toucha
# Where photos lie in S3, copy the bucket by its own means; the rest is small.
set -eu
data=${1:?the data folder}
restic backup --tag toucha --exclude 'rescue/*' --exclude 'forms/*' --exclude 'toucha.sqlite*' "$data"
# A copy forgets nothing by itself: what is personal may be kept for 180 days.
restic forget --tag toucha --keep-within 150d --prune
restic check --read-data-subset=1%
