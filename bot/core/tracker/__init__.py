"""The hypothesis tracker: what may be wrong and where, what it predicts, how it is tested, and what people overlook meanwhile."""
