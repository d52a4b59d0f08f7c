"""Every write of the registry: one function a verb, keyword-only, one transaction, one act."""
