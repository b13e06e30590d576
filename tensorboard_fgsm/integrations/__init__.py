"""Callbacks for the training loops people have; each module needs its framework."""
