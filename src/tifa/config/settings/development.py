"""A trial on one's own machine: a generated secret, the demo sign-ins, the page of components."""

from tifa.config import environment
from tifa.config.settings.base import *  # noqa: F403  # the settings of Django are a flat module by design
from tifa.config.settings.base import DATA_DIR, SECRET_KEY

MODE = "development"
SECRET_KEY = SECRET_KEY or environment.generated_secret(DATA_DIR)
