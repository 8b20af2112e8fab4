"""The signature of a month (审签): who may sign it, when, and what became of it [DOMAIN2 D]."""
