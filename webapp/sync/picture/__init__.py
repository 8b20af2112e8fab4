"""The field app's first picture: Today as the page brings it, before the app's script has come."""
