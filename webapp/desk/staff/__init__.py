"""Units and people as a superior keeps them."""
