"""What a person can do on the screens, in their words; the tests say what must come of it."""
