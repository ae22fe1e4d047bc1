"""What uWSGI loads."""

from shop.reports import site

application = site
