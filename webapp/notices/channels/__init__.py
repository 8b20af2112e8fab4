"""The ways out of the inbox, one folder each; ``registry.py`` lists them. None knows the queue."""
