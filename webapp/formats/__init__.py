"""Bytes in, bytes out: xlsx, csv, images, qr. Knows no domain word."""
