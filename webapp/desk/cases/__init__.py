"""Cases at the desk: lists, a board, a case's page with what may be done there, work orders, the figures of a month."""
