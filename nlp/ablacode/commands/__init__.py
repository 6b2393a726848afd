"""What each command does; a command imports what it needs when it runs."""
