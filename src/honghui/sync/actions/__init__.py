"""Every write, one function a verb."""
