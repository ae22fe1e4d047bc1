"""The hosting test: small apps under real hosts, and what wsgi-ls says about them."""
