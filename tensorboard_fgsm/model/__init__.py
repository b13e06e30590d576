"""A user's model, borrowed: called, differentiated towards its inputs, and left as it was."""
