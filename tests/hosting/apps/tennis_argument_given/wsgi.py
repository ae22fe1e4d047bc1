from courts import application
