"""The register of relay points."""
