"""How a logged step is stored: its record, its pictures, the event file they lie in; no torch."""
