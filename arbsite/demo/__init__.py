"""An invented market, as real files sent through the real importers: a first run without a network.

`manage.py demo` calls `install.install_demo`; `up` runs that command when the database holds no products.
"""
