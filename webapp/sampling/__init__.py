"""Daily volumes, manifests, seals and draws."""
