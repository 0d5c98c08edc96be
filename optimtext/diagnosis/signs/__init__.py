"""What a curve shows, one sign a test; `examine` asks them in order."""
