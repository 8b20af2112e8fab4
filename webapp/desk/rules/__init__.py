"""The rules in force: duties and overrides, editions, calendars."""
