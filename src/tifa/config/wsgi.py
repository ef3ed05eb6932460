"""The WSGI application, for waitress or any other server."""

from django.core.wsgi import get_wsgi_application

from tifa.config.modes import choose_settings

choose_settings()
application = get_wsgi_application()
