"""Documents at the desk: what is to be written until when, writing, checking, issuing, and what was received."""
