"""Every write on payments: orders, refunds, what the platform told, what does not fit."""
