from floats import application
