"""``FGSMLogger``: attacks a batch or a data set, in one process or many, and writes a step."""
