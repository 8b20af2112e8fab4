"""Bytes in, bytes out: xlsx, csv, PDF, images, qr. Knows no domain word."""
