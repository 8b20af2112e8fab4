"""The demo county: its people and a believable past."""
