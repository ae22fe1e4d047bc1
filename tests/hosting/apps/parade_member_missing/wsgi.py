from parade import app as application
