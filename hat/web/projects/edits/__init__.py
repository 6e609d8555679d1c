"""One change of many cases at once: what it would do, place by place, and doing it."""
