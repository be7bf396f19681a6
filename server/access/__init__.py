"""Who may come in: people, sign-in, devices, roles. What each may do is said by guards and by the kinds themselves."""
