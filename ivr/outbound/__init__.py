"""Whatever leaves this machine: whom it may reach, how long it waits, and how much it takes in."""
