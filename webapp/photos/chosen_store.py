"""The store that the settings name: whoever touches a photo's bytes asks here for it."""

import os
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from webapp.formats.buckets import Bucket
from webapp.formats.files import DigestStore
from webapp.photos.store import PhotoStore
from webapp.photos.two_stores import TwoStores


def store_of(config: Mapping) -> PhotoStore:
    """A bucket, ``PHOTO_BUCKET``, else a folder of files, ``PHOTO_DIRECTORY``.

    While that folder still bears the name of a store, what the bucket lacks is looked for there: photos are moving.
    """
    files = DigestStore(config["PHOTO_DIRECTORY"]) if "PHOTO_DIRECTORY" in config else None
    if bucket := config.get("PHOTO_BUCKET"):
        objects = objects_in(bucket)
        return TwoStores(objects, files) if files and files.is_store() else objects
    return files


def objects_in(bucket: Bucket) -> PhotoStore:
    """The store in that bucket."""
    return _objects(bucket, os.getpid())


@cache
def _objects(bucket: Bucket, _process: int) -> PhotoStore:
    """One client a process: it keeps its connections and knows whether the store is away, and outlives no fork.

    Its library takes 40 ms to load, which a server with files is spared.
    """
    return import_module("webapp.formats.objects").S3Store(bucket)
