from meadow import app as application
