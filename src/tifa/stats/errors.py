"""The error of judging, apart from the arrays, so that catching it loads none of them."""


class JudgingError(ValueError):
    """The ratings or options cannot be judged; the message says what was found and how to mend it."""
