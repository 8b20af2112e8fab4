"""The room in which months are signed."""
