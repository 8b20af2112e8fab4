"""placeholder, the tooling helper replaces it"""
