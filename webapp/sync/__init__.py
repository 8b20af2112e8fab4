"""The phones’ door: push, pull, photos."""
