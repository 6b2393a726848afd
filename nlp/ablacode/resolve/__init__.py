"""Resolve: from candidates to mentions with a status, and from mentions to what was done to the liver in this note."""
