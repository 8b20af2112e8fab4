"""The Measures as executable data, and the pure rules that read them."""
