"""The one way in: facts and the journal."""
