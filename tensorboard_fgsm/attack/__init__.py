"""FGSM and other attacks on a batch, and what is counted of their results."""
